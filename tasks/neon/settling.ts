import { setTimeout as sleep } from 'node:timers/promises';
import { EXIT, Problem } from '../../src/problem.ts';
import type { TaskContext } from '../task.ts';
import { type Operation, operationAnswer } from './answers.ts';
import { send } from './api.ts';
import { operation } from './requests.ts';

const POLL_MS = 500;
const OVER: ReadonlySet<Operation['status']> = new Set(['finished', 'skipped', 'failed', 'error', 'cancelled']);
const GOOD: ReadonlySet<Operation['status']> = new Set(['finished', 'skipped']);

/** Whether an operation will not change any more. Pure. */
export const isOver = ({ status }: Pick<Operation, 'status'>): boolean => OVER.has(status);

/**
 * Waits until all of these operations are over: an answer of 200 or 201 only says that they began.
 *
 * @throws Problem `neon-operation-failed` for one that failed, was cancelled or ended with an error
 */
export async function settle(context: TaskContext, project: string, begun: readonly Operation[]): Promise<Operation[]> {
  let current = [...begun];
  for (;;) {
    context.progress({ operations: current.map(({ action, status }) => ({ action, status })) });
    const failed = current.find((one) => isOver(one) && !GOOD.has(one.status));
    if (failed) throw failedOperation(project, failed);
    if (current.every(isOver)) return current;
    await sleep(POLL_MS, undefined, { signal: context.signal });
    current = await Promise.all(current.map((one) => (isOver(one) ? one : again(context, project, one))));
  }
}

async function again(context: TaskContext, project: string, { id, status }: Operation): Promise<Operation> {
  const { operation: now } = await send(context, operation(project, id), operationAnswer);
  if (now.status !== status) context.say(`${now.action}: ${now.status}`);
  return now;
}

function failedOperation(project: string, { action, status, error, id }: Operation): Problem {
  return new Problem(
    {
      code: 'neon-operation-failed',
      what: `Neon's operation ${action} ended as ${status}${error ? `: ${error}` : ''}.`,
      means: `Operation ${id} of project ${project}. What it was to change may be changed in part.`,
      next: [`neon operations list --project-id ${project}`, 'https://console.neon.tech'],
    },
    EXIT.failed,
  );
}
