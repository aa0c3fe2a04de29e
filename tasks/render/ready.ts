import * as z from 'zod';
import type { Task } from '../task.ts';
import { ownerItem, userAnswer } from './answers.ts';
import { renderClient } from './client.ts';
import { owners, PAGE, whoAmI, written } from './requests.ts';
import { finding, findService, serviceName } from './service.ts';

const input = z.strictObject({ service: serviceName, branch: z.string().min(1).optional() });

/** The key is good, and the service is there, in a workspace of this account, running, and from the right branch. */
export const renderReady: Task<z.infer<typeof input>> = {
  name: 'render/ready',
  input,
  effect: 'read',
  describe: ({ service }) => [whoAmI(), owners(), finding(service)].map(written),
  async run({ service: name, branch }, context) {
    const client = renderClient(context);
    const { email } = await client.read(whoAmI(), userAnswer);
    const workspaces = (await client.list(owners(), ownerItem, PAGE)).map(({ owner }) => owner);
    const service = await findService(client, name);
    const workspace = workspaces.find(({ id }) => id === service.ownerId);
    const evidence = {
      account: email,
      workspace: workspace?.name ?? service.ownerId,
      service: service.id,
      type: service.type,
      branch: service.branch ?? null,
      autoDeploy: service.autoDeploy ?? null,
      suspended: service.suspended === 'suspended',
    };
    const summary = `${email} · ${workspace?.name ?? service.ownerId} · ${name} (${service.id}) · auto-deploy ${service.autoDeploy ?? 'unknown'}`;
    context.say(summary);
    if (service.suspended === 'suspended') {
      return {
        outcome: 'failed',
        summary: `${name} is suspended`,
        evidence,
        problem: {
          code: 'render-suspended',
          what: `${name} is suspended: it serves nothing, and a deploy would not start it.`,
          means: 'Somebody suspended it, or its billing did. Nothing was changed.',
          next: [`resume it in the dashboard${service.dashboardUrl ? `: ${service.dashboardUrl}` : ''}`],
        },
      };
    }
    if (branch !== undefined && service.branch !== branch) {
      return {
        outcome: 'failed',
        summary: `${name} is built from ${service.branch ?? 'no branch'}, not from ${branch}`,
        evidence,
        problem: {
          code: 'render-branch',
          what: `${name} is built from ${service.branch ?? 'no branch'}; the runbook says ${branch}.`,
          means: 'A deploy would bring other code than is meant. Nothing was changed.',
          next: ['check the service’s branch in its settings'],
        },
      };
    }
    return { outcome: 'passed', summary, evidence };
  },
};
