import * as z from 'zod';
import { EXIT, Problem, type ProblemDetail } from '../../src/problem.ts';
import type { Task } from '../task.ts';
import { type Deploy, deployAnswer } from './answers.ts';
import { switchAutoDeploy } from './auto-deploy.ts';
import { type RenderClient, renderClient } from './client.ts';
import { codeInWords, inWords, liveOf, rollbackTargets } from './deploy-states.ts';
import { deploys, rollback, setAutoDeploy, written } from './requests.ts';
import { followDeploy, queuedDeploy, recentDeploys } from './rollout.ts';
import { finding, findService, idOf, serviceName } from './service.ts';

const input = z.strictObject({
  service: serviceName,
  deploy: z
    .string()
    .regex(/^dep-[A-Za-z0-9]+$/, 'a deploy’s id (dep-…)')
    .optional(),
});
type Input = z.infer<typeof input>;

/**
 * Goes back to an earlier deploy. Auto-deploy is turned off first: the API's rollback leaves it on (the dashboard's does not),
 * and the next commit would bring back what was just taken away.
 */
export const renderRollback: Task<Input> = {
  name: 'render/rollback',
  input,
  effect: 'write',
  describe: ({ service, deploy }) => [
    written(finding(service)),
    written(deploys(idOf(service))),
    written(setAutoDeploy(idOf(service), 'no')),
    written(rollback(idOf(service), deploy ?? '{DEPLOY_ID}')),
  ],
  async choose({ service: name }, context) {
    const client = renderClient(context);
    const service = await findService(client, name);
    const { targets, live } = await find(client, service.id);
    if (targets.length === 0) throw new Problem(nothingToGoBackTo(name), EXIT.failed);
    return {
      field: 'deploy',
      options: targets.map((target) => ({ value: target.id, label: codeInWords(target), at: target.createdAt })),
      suggested: 0,
      warning: { kind: 'render-rollback', ...(live ? { now: codeInWords(live) } : {}) },
    };
  },
  async run({ service: name, deploy }, context) {
    const client = renderClient(context);
    const service = await findService(client, name);
    const { targets, all } = await find(client, service.id);
    const target = deploy === undefined ? targets[0] : all.find(({ id }) => id === deploy);
    if (target === undefined) {
      return { outcome: 'failed', summary: 'no deploy to go back to', problem: nothingToGoBackTo(name) };
    }
    await switchAutoDeploy(client, service, 'no');
    context.say('auto-deploy is off');
    context.say(`going back to ${inWords(target)}`);
    const answered = await client.change(rollback(service.id, target.id), deployAnswer);
    const begun = answered ?? (await queuedDeploy(client, service, all, context));
    const result = await followDeploy(client, service, begun, all, context);
    const evidence = { ...(result.evidence as object), to: target.id, autoDeploy: 'no' };
    return result.outcome === 'passed'
      ? { ...result, summary: `${result.summary} · auto-deploy is off · the database is as it was`, evidence }
      : { ...result, evidence };
  },
};

async function find(
  client: RenderClient,
  serviceId: string,
): Promise<{ all: Deploy[]; targets: Deploy[]; live: Deploy | undefined }> {
  const all = await recentDeploys(client, serviceId);
  return { all, targets: rollbackTargets(all), live: liveOf(all) };
}

function nothingToGoBackTo(name: string): ProblemDetail {
  return {
    code: 'no-rollback-target',
    what: `${name} has no earlier deploy that was live, with other code than serves now.`,
    means: 'Render keeps the builds of recent deploys only. Nothing was changed; auto-deploy is as it was.',
    next: ['deploy an older commit: render/deploy with commit:', 'look at the service’s Events page'],
  };
}
