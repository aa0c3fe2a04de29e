import * as z from 'zod';
import type { Task } from '../task.ts';
import { project as projectAnswer } from './answers.ts';
import { KEY, send } from './api.ts';
import { branchNamed } from './branches.ts';
import { branchName, projectId } from './input.ts';
import { inHours, span, spanMs } from './moment.ts';
import { asRequest, branches, project as projectRequest } from './requests.ts';

const input = z.strictObject({
  project: projectId,
  branch: branchName.default('main'),
  /** The history that must be kept at least; what is older cannot be restored. */
  history: span.optional(),
});

/** The key does, the project and its branch are there and ready, and enough history is kept to go back to. */
export const neonReady: Task<z.infer<typeof input>> = {
  name: 'neon/ready',
  input,
  effect: 'read',
  describe: ({ project, branch }) => [projectRequest(project), branches(project, branch)].map(asRequest),
  secrets: () => [KEY],
  async run({ project, branch, history }, context) {
    const { project: found } = await send(context, projectRequest(project), projectAnswer);
    const retention = found.history_retention_seconds;
    const { id, current_state: state } = await branchNamed(context, project, branch);
    const oldest = new Date(Date.now() - retention * 1000).toISOString();
    const evidence = {
      project,
      region: found.region_id,
      branch,
      branchId: id,
      state,
      historySeconds: retention,
      oldest,
    };
    if (state !== 'ready') {
      return {
        outcome: 'failed',
        summary: `${branch} is ${state}`,
        evidence,
        problem: {
          code: 'neon-not-ready',
          what: `The branch ${branch} is ${state}, not ready.`,
          next: ['wait for its operation to end', `neon operations list --project-id ${project}`],
        },
      };
    }
    const wanted = history === undefined ? 0 : (spanMs(history) ?? 0) / 1000;
    if (retention < wanted) {
      return {
        outcome: 'failed',
        summary: `only ${inHours(retention)} of history`,
        evidence,
        problem: {
          code: 'neon-short-history',
          what: `Neon keeps ${inHours(retention)} of history; this runbook needs ${inHours(wanted)}.`,
          means: `Nothing before ${oldest} can be restored.`,
          next: ['raise the history window: Neon console, Settings, Storage'],
        },
      };
    }
    return { outcome: 'passed', summary: `${found.name} · ${branch} · ${inHours(retention)} of history`, evidence };
  },
};
