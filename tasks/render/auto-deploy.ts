import * as z from 'zod';
import { EXIT, Problem } from '../../src/problem.ts';
import type { Task } from '../task.ts';
import { type Service, serviceAnswer } from './answers.ts';
import { type RenderClient, renderClient } from './client.ts';
import { setAutoDeploy, written } from './requests.ts';
import { finding, findService, idOf, serviceName } from './service.ts';

const onOff = z.union([
  z.boolean().transform((on) => (on ? ('yes' as const) : ('no' as const))),
  z.enum(['yes', 'no']),
]);

const input = z.strictObject({ service: serviceName, auto_deploy: onOff });

/** Turns on or off that a commit deploys by itself. */
export const renderAutoDeploy: Task<z.infer<typeof input>> = {
  name: 'render/auto-deploy',
  input,
  effect: 'write',
  describe: ({ service, auto_deploy }) => [
    written(finding(service)),
    written(setAutoDeploy(idOf(service), auto_deploy)),
  ],
  async run({ service: name, auto_deploy }, context) {
    const client = renderClient(context);
    const service = await findService(client, name);
    await switchAutoDeploy(client, service, auto_deploy);
    return {
      outcome: 'passed',
      summary: `auto-deploy of ${name}: ${service.autoDeploy ?? 'unknown'} → ${auto_deploy}`,
      evidence: { service: service.id, before: service.autoDeploy ?? null, now: auto_deploy },
    };
  },
};

/** Switches it, and looks at what Render says it is now. Throws render-auto-deploy when it is not so. */
export async function switchAutoDeploy(client: RenderClient, service: Service, to: 'yes' | 'no'): Promise<void> {
  const answered = await client.change(setAutoDeploy(service.id, to), serviceAnswer);
  const now = answered?.autoDeploy ?? (await findService(client, service.id)).autoDeploy;
  if (now === to) return;
  throw new Problem(
    {
      code: 'render-auto-deploy',
      what: `Auto-deploy of ${service.name} is ${now ?? 'unknown'}, and should be ${to}.`,
      means: 'Render took the change and does not show it. Nothing was deployed.',
      next: ['set it in the dashboard: Settings, Build & Deploy, Auto-Deploy'],
    },
    EXIT.failed,
  );
}
