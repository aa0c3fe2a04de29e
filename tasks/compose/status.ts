import * as z from 'zod';
import { asTyped } from '../as-typed.ts';
import type { Task } from '../task.ts';
import { ailments, inWords, serviceRows } from './ailments.ts';
import { inspect, listContainers, listServices } from './commands.ts';
import { readContainers, readServices } from './containers.ts';
import { projectInput, serviceName } from './project.ts';

const input = z.strictObject({
  ...projectInput,
  services: z.array(serviceName).min(1).optional(),
  may_exit: z.array(serviceName).default([]),
});

/** Every service that the file declares has a container that runs and is healthy; those that have exited are seen. */
export const composeStatus: Task<z.infer<typeof input>> = {
  name: 'compose/status',
  input,
  effect: 'read',
  describe: (project) => [listServices(project), listContainers(project), inspect(['CONTAINER…'])].map(asTyped),
  async run({ services, may_exit, ...project }, context) {
    const declared = services ?? (await readServices(context, project));
    const containers = await readContainers(context, project);
    const wrong = ailments(containers, { services: declared, mayExit: may_exit });
    const rows = serviceRows(containers, declared);
    for (const row of rows) context.say(line(row));
    const found = {
      summary: inWords(containers, declared),
      evidence: { healthy: wrong.length === 0, services: rows },
    };
    if (wrong.length === 0) return { outcome: 'passed', ...found };
    const [first = ''] = wrong[0]?.split(' ', 1) ?? [];
    return {
      outcome: 'failed',
      ...found,
      problem: {
        code: 'compose-unhealthy',
        what: `Not all services are well: ${wrong.join('; ')}.`,
        next: [`docker compose logs --tail 50 ${first}`, 'docker compose ps -a'],
      },
    };
  },
};

function line({ service, container, state, health, exit, restarts }: ReturnType<typeof serviceRows>[number]): string {
  const said = [state, ...(health && health !== 'none' ? [health] : []), ...(state === 'exited' ? [`(${exit})`] : [])];
  return `${String(service).padEnd(12)} ${String(container ?? '-').padEnd(24)} ${said.join(' ')}${restarts ? `, ${restarts} restarts` : ''}`;
}
