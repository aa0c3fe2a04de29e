import * as z from 'zod';
import { argument, flag } from '../input.ts';
import type { Task } from '../task.ts';
import { deployAnswer } from './answers.ts';
import { renderClient } from './client.ts';
import { createDeploy, deploy, written } from './requests.ts';
import { followDeploy, queuedDeploy, recentDeploys } from './rollout.ts';
import { finding, findService, idOf, serviceName } from './service.ts';

const input = z
  .strictObject({
    service: serviceName,
    /** Builds without the cache. */
    clear_cache: flag.default(false),
    commit: argument.optional(),
    /** Starts the build that is there again, with today's variables. */
    build: flag.default(true),
  })
  .refine(({ build, commit, clear_cache }) => build || (commit === undefined && !clear_cache), {
    error: 'without a build there is no commit and no cache to choose',
  });
type Input = z.infer<typeof input>;

/** Deploys, and waits until the new version serves or has failed. */
export const renderDeploy: Task<Input> = {
  name: 'render/deploy',
  input,
  effect: 'write',
  describe: (given) => [
    written(finding(given.service)),
    written(createDeploy(idOf(given.service), bodyOf(given))),
    written(deploy(idOf(given.service), '{DEPLOY_ID}')),
  ],
  async run(given, context) {
    const client = renderClient(context);
    const service = await findService(client, given.service);
    const before = await recentDeploys(client, service.id);
    const answered = await client.change(createDeploy(service.id, bodyOf(given)), deployAnswer);
    if (!answered) context.say('Render queued the deploy (202)');
    const begun = answered ?? (await queuedDeploy(client, service, before, context));
    return followDeploy(client, service, begun, before, context);
  },
};

/** Pure. `deploy_only` goes with nothing else: Render refuses it beside a commit or a cache. */
export function bodyOf({ build, commit, clear_cache }: Input): Record<string, string> {
  if (!build) return { deployMode: 'deploy_only' };
  return { clearCache: clear_cache ? 'clear' : 'do_not_clear', ...(commit === undefined ? {} : { commitId: commit }) };
}
