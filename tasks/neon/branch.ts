import * as z from 'zod';
import type { Json } from '../../src/journal/records.ts';
import type { Task, TaskResult } from '../task.ts';
import { type Branch, changed, project as projectAnswer } from './answers.ts';
import { KEY, send } from './api.ts';
import { branchIfAny, branchNamed } from './branches.ts';
import { branchName, projectId } from './input.ts';
import { moment, momentAt, outsideHistory, spanMs } from './moment.ts';
import { asRequest, branches, createBranch, project as projectRequest } from './requests.ts';
import { settle } from './settling.ts';

const input = z.strictObject({
  project: projectId,
  parent: branchName.default('main'),
  name: branchName,
  /** The point in time; the parent's present state when absent. */
  at: moment.optional(),
});

/** A new branch of another as it was at a point in time. The parent, and what is connected to it, stay as they are. */
export const neonBranch: Task<z.infer<typeof input>> = {
  name: 'neon/branch',
  input,
  effect: 'write',
  describe: ({ project, parent, name, at }) => [
    ...[projectRequest(project), branches(project, parent), branches(project, name)].map(asRequest),
    asRequest(createBranch(project, { name, parent, at })),
  ],
  secrets: () => [KEY],
  async run({ project, parent, name, at }, context) {
    const now = new Date();
    const moment = at === undefined ? undefined : momentAt(at, now);
    const { project: found } = await send(context, projectRequest(project), projectAnswer);
    const problem = moment && outsideHistory(moment, { now, retention: found.history_retention_seconds });
    if (problem) return { outcome: 'failed', summary: problem.what, problem };
    const source = await branchNamed(context, project, parent);
    const existing = await branchIfAny(context, project, name);
    // A time that is said as "so long ago" is another one when the step is repeated.
    if (existing) return existed(existing, source, at === undefined || spanMs(at) !== undefined ? undefined : moment);

    const stamp = moment?.toISOString();
    context.say(`branching ${name} from ${parent}${stamp ? ` as of ${stamp}` : ''}`);
    const answer = await send(context, createBranch(project, { name, parent: source.id, at: stamp }), changed);
    const operations = await settle(context, project, answer.operations);
    return {
      outcome: 'passed',
      summary: `${name} branched from ${parent}${stamp ? ` as of ${stamp}` : ''}`,
      evidence: {
        ...told(answer.branch),
        parent,
        ...(stamp ? { at: stamp } : {}),
        host: answer.endpoints?.[0]?.host ?? null,
        operations: operations.map(({ action, status }) => ({ action, status })),
      },
    };
  },
};

function told({ id, name }: Branch): { [key: string]: Json } {
  return { branchId: id, branch: name };
}

/** After a crash the branch may be there already; one of another time or parent is somebody else's. */
function existed(existing: Branch, source: Branch, moment: Date | undefined): TaskResult {
  const stamp = existing.parent_timestamp ? new Date(existing.parent_timestamp) : undefined;
  const same = existing.parent_id === source.id && (moment === undefined || stamp?.getTime() === moment.getTime());
  if (same) {
    const evidence = { ...told(existing), parent: source.name, at: stamp?.toISOString() ?? null };
    return { outcome: 'passed', summary: `${existing.name} is there already`, evidence };
  }
  return {
    outcome: 'failed',
    summary: `${existing.name} is another branch`,
    evidence: told(existing),
    problem: {
      code: 'neon-branch-exists',
      what: `A branch "${existing.name}" is there already, from another point in time or another parent.`,
      means: 'Nothing was changed.',
      next: ['choose another name'],
    },
  };
}
