import { EXIT, Problem } from '../../src/problem.ts';
import type { TaskContext } from '../task.ts';
import { type Branch, branchPage } from './answers.ts';
import { send } from './api.ts';
import { branches } from './requests.ts';

/** The branch of exactly this name or id, or undefined. Reads every page: `search` finds parts of names too. */
export async function branchIfAny(context: TaskContext, project: string, name: string): Promise<Branch | undefined> {
  let cursor: string | undefined;
  do {
    const page = await send(context, branches(project, name, cursor), branchPage);
    const found = page.branches.find((branch) => branch.name === name || branch.id === name);
    if (found) return found;
    cursor = page.pagination?.next ?? undefined;
  } while (cursor !== undefined);
  return undefined;
}

/** @throws Problem `neon-no-branch` */
export async function branchNamed(context: TaskContext, project: string, name: string): Promise<Branch> {
  const found = await branchIfAny(context, project, name);
  if (found) return found;
  throw new Problem(
    {
      code: 'neon-no-branch',
      what: `The Neon project ${project} has no branch "${name}".`,
      means: 'Nothing was changed.',
      next: [`neon branches list --project-id ${project}`],
    },
    EXIT.failed,
  );
}
