import * as z from 'zod';
import { asTyped } from '../as-typed.ts';
import { appName } from '../input.ts';
import type { Task } from '../task.ts';
import { listChecks } from './commands.ts';
import { read } from './reading.ts';

const input = z.strictObject({ app: appName });

/** `flyctl checks list --json`: the checks of each machine by its id; null for a machine without any. */
export const checkList = z.record(
  z.string(),
  z.array(z.looseObject({ name: z.string(), status: z.string(), output: z.string().nullish() })).nullable(),
);

/** Every health check of an app passes; for a database app these are the server, its role and its disk. */
export const flyChecks: Task<z.infer<typeof input>> = {
  name: 'fly/checks',
  input,
  effect: 'read',
  describe: ({ app }) => [asTyped(listChecks(app))],
  async run({ app }, context) {
    const found = await read(context, listChecks(app), checkList);
    const checks = Object.entries(found).flatMap(([machine, list]) =>
      (list ?? []).map(({ name, status, output }) => ({ machine, name, status, output: output ?? '' })),
    );
    for (const { machine, name, status, output } of checks) {
      context.say(`${machine}  ${name}  ${status}${output === '' ? '' : `  ${output.split('\n')[0]}`}`);
    }
    const wrong = checks.filter(({ status }) => status !== 'passing');
    const evidence = { app, checks: checks.map(({ machine, name, status }) => ({ machine, name, status })) };
    const summary = `${checks.length - wrong.length}/${checks.length} checks passing`;
    if (wrong.length === 0 && checks.length > 0) return { outcome: 'passed', summary, evidence };
    return {
      outcome: 'failed',
      summary: checks.length === 0 ? `${app} has no checks` : summary,
      evidence,
      problem: {
        code: 'fly-checks-failing',
        what:
          checks.length === 0
            ? `${app} has no machine with a check.`
            : `${wrong.map(({ name, machine, status }) => `${name} of machine ${machine} is ${status}`).join('; ')}.`,
        next: [`flyctl checks list -a ${app}`, `flyctl logs -a ${app} --no-tail`],
      },
    };
  },
};
