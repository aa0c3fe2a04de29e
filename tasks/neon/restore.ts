import * as z from 'zod';
import type { Task } from '../task.ts';
import { changed, project as projectAnswer } from './answers.ts';
import { KEY, send } from './api.ts';
import { branchIfAny, branchNamed } from './branches.ts';
import { branchName, projectId } from './input.ts';
import { moment, momentAt, outsideHistory } from './moment.ts';
import { asRequest, branches, project as projectRequest, restoreBranch } from './requests.ts';
import { settle } from './settling.ts';

const input = z.strictObject({
  project: projectId,
  branch: branchName.default('main'),
  at: moment,
  /** The branch that keeps the state before the restore. Neon asks for it, and without it there is no way back. */
  preserve_as: branchName,
});

/**
 * Puts a branch back in place: it keeps its id, its endpoint and its connection string, and every connection to it is
 * dropped. What was written after the point in time is only in the branch `preserve_as` afterwards.
 */
export const neonRestore: Task<z.infer<typeof input>> = {
  name: 'neon/restore',
  input,
  effect: 'destroy',
  describe: ({ project, branch, at, preserve_as }) => [
    ...[projectRequest(project), branches(project, branch), branches(project, preserve_as)].map(asRequest),
    asRequest(restoreBranch(project, branch, { at, preserveAs: preserve_as })),
  ],
  secrets: () => [KEY],
  async run({ project, branch, at, preserve_as }, context) {
    const now = new Date();
    const moment = momentAt(at, now);
    const { project: found } = await send(context, projectRequest(project), projectAnswer);
    const problem = outsideHistory(moment, { now, retention: found.history_retention_seconds });
    if (problem) return { outcome: 'failed', summary: problem.what, problem };
    const { id } = await branchNamed(context, project, branch);
    if (await branchIfAny(context, project, preserve_as)) {
      return {
        outcome: 'failed',
        summary: `${preserve_as} is there already`,
        problem: {
          code: 'neon-branch-exists',
          what: `A branch "${preserve_as}" is there already, so the present state could not be kept under this name.`,
          means: 'Nothing was changed.',
          next: ['choose another name', 'if this step was cut short: see whether it was done before'],
        },
      };
    }
    const stamp = moment.toISOString();
    context.say(`restoring ${branch} to ${stamp}; its present state stays as ${preserve_as}`);
    const answer = await send(context, restoreBranch(project, id, { at: stamp, preserveAs: preserve_as }), changed);
    const operations = await settle(context, project, answer.operations);
    return {
      outcome: 'passed',
      summary: `${branch} is as of ${stamp} · before: ${preserve_as}`,
      evidence: {
        branch,
        branchId: id,
        at: stamp,
        preservedAs: preserve_as,
        operations: operations.map(({ action, status }) => ({ action, status })),
      },
    };
  },
};
