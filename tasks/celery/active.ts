import * as z from 'zod';
import { asTyped } from '../as-typed.ts';
import { count } from '../input.ts';
import type { Task } from '../task.ts';
import { inspectWorkers } from './commands.ts';
import { applicationPath, inspect, type Replies } from './inspect.ts';

const input = z.strictObject({ app: applicationPath, timeout: count.default(5), stuck_after: count.optional() });

/** A task that a worker is at. Its arguments are left out: they may be personal data. */
export interface ActiveTask {
  worker: string;
  id: string;
  name: string;
  /** For how long; null where the worker does not say when it began. */
  seconds: number | null;
}

const activeTask = z.looseObject({ id: z.string(), name: z.string(), time_start: z.number().nullish() });

/** What the workers are at, and whether something is stuck. */
export const celeryActive: Task<z.infer<typeof input>> = {
  name: 'celery/active',
  input,
  effect: 'read',
  describe: ({ app, timeout }) => [asTyped(inspectWorkers(app, 'active', timeout))],
  async run({ app, timeout, stuck_after }, context) {
    const replies = await inspect(context, inspectWorkers(app, 'active', timeout));
    const tasks = activeTasks(replies, new Date());
    for (const task of tasks) context.say(`${task.worker}  ${task.name}  ${inSeconds(task)}  ${task.id}`);
    const stuck = tasks.filter(({ seconds }) => stuck_after !== undefined && (seconds ?? 0) > stuck_after);
    const found = {
      summary: `${Object.keys(replies).length} workers · ${tasks.length} active task${tasks.length === 1 ? '' : 's'}`,
      evidence: { workers: Object.keys(replies).sort(), tasks: tasks.map((task) => ({ ...task })) },
    };
    if (stuck.length === 0) return { outcome: 'passed', ...found };
    return {
      outcome: 'failed',
      ...found,
      problem: {
        code: 'celery-stuck',
        what: `${stuck.map((task) => `${task.name} on ${task.worker} has run for ${inSeconds(task)}`).join('; ')}.`,
        means: `A task is expected to end within ${stuck_after} s. While it does not, its worker has one place less for others.`,
        next: [
          'docker compose logs --tail 50 worker',
          'restart the worker: the task is lost unless it acknowledges late',
        ],
      },
    };
  },
};

/** Pure. `time_start` is seconds of the epoch since Celery 4; before, of a clock that says nothing here. */
export function activeTasks(replies: Replies, now: Date): ActiveTask[] {
  return Object.entries(replies).flatMap(([worker, tasks]) =>
    (activeTask.array().safeParse(tasks).data ?? []).map(({ id, name, time_start }) => {
      const seconds = time_start ? Math.round(now.getTime() / 1000 - time_start) : null;
      return { worker, id, name, seconds: seconds !== null && seconds >= 0 && seconds < 1e8 ? seconds : null };
    }),
  );
}

function inSeconds({ seconds }: ActiveTask): string {
  return seconds === null ? 'an unknown time' : `${seconds} s`;
}
