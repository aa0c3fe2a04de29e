import * as z from 'zod';
import { asTyped } from '../as-typed.ts';
import { appName, flag } from '../input.ts';
import type { Task } from '../task.ts';
import { status } from './commands.ts';
import { ailments, appStatus, inWords, machineRows } from './machines.ts';
import { read } from './reading.ts';

const input = z.strictObject({ app: appName, allow_stopped: flag.default(false) });

/** Every machine is started, every check passes, and all run the current release. */
export const flyStatus: Task<z.infer<typeof input>> = {
  name: 'fly/status',
  input,
  effect: 'read',
  describe: ({ app }) => [asTyped(status(app))],
  async run({ app, allow_stopped }, context) {
    const found = await read(context, status(app), appStatus);
    const wrong = ailments(found, { allowStopped: allow_stopped });
    const evidence = { app, version: found.version, healthy: wrong.length === 0, machines: machineRows(found) };
    if (wrong.length === 0) return { outcome: 'passed', summary: inWords(found), evidence };
    return {
      outcome: 'failed',
      summary: inWords(found),
      evidence,
      problem: {
        code: 'fly-unhealthy',
        what: `${app} is not healthy: ${wrong.join('; ')}.`,
        next: [`flyctl logs -a ${app}`, `flyctl status -a ${app}`],
      },
    };
  },
};
