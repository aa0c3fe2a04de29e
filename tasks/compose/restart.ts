import * as z from 'zod';
import { asTyped } from '../as-typed.ts';
import { count } from '../input.ts';
import type { Task } from '../task.ts';
import { ailments, inWords, serviceRows } from './ailments.ts';
import { inspect, listContainers, restart } from './commands.ts';
import { readServices } from './containers.ts';
import { projectInput, serviceName } from './project.ts';
import { refusal } from './refusal.ts';
import { settle } from './settle.ts';

const input = z.strictObject({
  ...projectInput,
  services: z.array(serviceName).default([]),
  may_exit: z.array(serviceName).default([]),
  wait_timeout: count.default(60),
});

/** Restarts services and waits until they are healthy. It does not read a changed file: that is `compose/recreate`. */
export const composeRestart: Task<z.infer<typeof input>> = {
  name: 'compose/restart',
  input,
  effect: 'write',
  describe: (given) => [restart(given, given.services), listContainers(given), inspect(['CONTAINER…'])].map(asTyped),
  async run({ services: named, may_exit: mayExit, wait_timeout, ...project }, context) {
    const services = named.length > 0 ? named : await readServices(context, project);
    const command = restart(project, named);
    const exit = await context.exec(command);
    const ended = { text: exit.stdout, ...(exit.code === null ? {} : { exit: exit.code }) };
    if (exit.code !== 0) {
      const problem = refusal(command, exit, context.signal);
      return { outcome: 'failed', summary: 'not restarted', ...ended, problem };
    }
    const containers = await settle(context, project, { services, mayExit }, wait_timeout);
    const wrong = ailments(containers, { services, mayExit });
    const found = {
      summary: `restarted · ${inWords(containers, services)}`,
      evidence: { healthy: wrong.length === 0, services: serviceRows(containers, services) },
      ...ended,
    };
    if (wrong.length === 0) return { outcome: 'passed', ...found };
    return {
      outcome: 'failed',
      ...found,
      problem: {
        code: 'compose-unhealthy',
        what: `Restarted, but not all is well: ${wrong.join('; ')}.`,
        next: [`docker compose logs --tail 50 ${services.join(' ')}`, 'docker compose ps -a'],
      },
    };
  },
};
