import type { SiteRequest } from '../../src/engine/site.ts';
import { atPlace } from '../../src/exec/place.ts';
import { createExec } from '../../src/exec/run.ts';
import { openRehearsal, type RehearsalSite } from '../../src/rehearsal/site.ts';
import type { Step } from '../../src/runbook/types.ts';
import { createRedactor } from '../../src/secrets/redactor.ts';
import { taskFor } from '../../tasks/registry.ts';
import type { TaskResult } from '../../tasks/task.ts';
import { contextFor } from '../tasks/context.ts';
import { requestOf } from './open.ts';

export const VALUES = {
  base_url: 'https://salon-gbp.ai-beauty.tokyo',
  compose_file: 'deploy/docker-compose.prod.yml',
  compose_env_file: '.env',
};

/** The project, as a runbook's steps name it. */
export const PROJECT = { file: VALUES.compose_file, env_file: VALUES.compose_env_file };

/** A rehearsal of a server with docker compose. */
export function openServer(request: Partial<SiteRequest> = {}): Promise<RehearsalSite> {
  const whole = requestOf({ values: VALUES, ...request });
  const step: Step = {
    id: 'status',
    title: 'Status',
    language: 'yaml',
    stage: 'verify',
    uses: 'compose/status',
    body: '',
    on: { kind: 'local' },
  } as unknown as Step;
  return openRehearsal({ ...whole, runbook: { ...whole.runbook, steps: [step] } });
}

/** Runs a task as a step of a run would: its input read first, its commands where `service` says. */
export async function runTask(
  site: RehearsalSite,
  uses: string,
  input: Record<string, unknown>,
  service?: string,
): Promise<TaskResult & { said: readonly string[] }> {
  const task = taskFor(uses);
  if (!task) throw new Error(`no task ${uses}`);
  const real = createExec({ redactor: createRedactor(), env: site.env, cwd: site.cwd, graceMs: 2000 });
  const context = contextFor({
    env: site.env,
    cwd: site.cwd,
    values: VALUES,
    timeoutMs: 60_000,
    exec: (command, options) =>
      real(atPlace(service === undefined ? { kind: 'local' } : { kind: 'compose', service }, command, VALUES), options),
  });
  try {
    return { ...(await task.run(task.input.parse(input), context)), said: context.said };
  } catch (error) {
    const { detail } = error as { detail?: TaskResult['problem'] };
    if (!detail) throw error;
    return { outcome: 'failed', summary: detail.what, problem: detail, said: context.said };
  }
}
