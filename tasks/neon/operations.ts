import * as z from 'zod';
import type { Task, TaskContext } from '../task.ts';
import { type Operation, operationPage } from './answers.ts';
import { KEY, send } from './api.ts';
import { projectId } from './input.ts';
import { asRequest, operations } from './requests.ts';
import { isOver, settle } from './settling.ts';

const input = z.strictObject({ project: projectId });

/** Pages that are read: a project's operations are kept for months, and those that run are the newest. */
const PAGES = 3;

/** Nothing is running in the project; what is, is waited for. */
export const neonOperations: Task<z.infer<typeof input>> = {
  name: 'neon/operations',
  input,
  effect: 'read',
  describe: ({ project }) => [asRequest(operations(project))],
  secrets: () => [KEY],
  async run({ project }, context) {
    const running = (await newest(context, project)).filter((one) => !isOver(one));
    const settled = await settle(context, project, running);
    return {
      outcome: 'passed',
      summary: settled.length === 0 ? 'no operation is running' : `${settled.length} operations have ended`,
      evidence: { waitedFor: settled.map(({ id, action, status }) => ({ id, action, status })) },
    };
  },
};

async function newest(context: TaskContext, project: string): Promise<Operation[]> {
  const found: Operation[] = [];
  let cursor: string | undefined;
  for (let page = 0; page < PAGES; page += 1) {
    const answer = await send(context, operations(project, cursor), operationPage);
    found.push(...answer.operations);
    cursor = answer.pagination?.cursor ?? undefined;
    if (cursor === undefined || answer.operations.length === 0) break;
  }
  return found;
}
