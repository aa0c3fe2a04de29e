import * as z from 'zod';
import { asTyped } from '../as-typed.ts';
import { count } from '../input.ts';
import type { Task } from '../task.ts';
import { inspectWorkers } from './commands.ts';
import { applicationPath, inspect } from './inspect.ts';

const input = z.strictObject({ app: applicationPath, timeout: count.default(5), workers: count.default(1) });

/** Workers answer a ping through the broker. A worker that is busy with tasks answers as well. */
export const celeryReady: Task<z.infer<typeof input>> = {
  name: 'celery/ready',
  input,
  effect: 'read',
  describe: ({ app, timeout }) => [asTyped(inspectWorkers(app, 'ping', timeout))],
  async run({ app, timeout, workers: needed }, context) {
    const workers = Object.keys(await inspect(context, inspectWorkers(app, 'ping', timeout))).sort();
    for (const worker of workers) context.say(`${worker}: pong`);
    const found = {
      summary: `${workers.length} worker${workers.length === 1 ? '' : 's'}: ${workers.join(', ')}`,
      evidence: { workers },
    };
    if (workers.length >= needed) return { outcome: 'passed', ...found };
    return {
      outcome: 'failed',
      ...found,
      problem: {
        code: 'celery-no-worker',
        what: `${workers.length} of at least ${needed} workers answered: ${workers.join(', ') || 'none'}.`,
        means: 'Those that are silent are stopped, or cannot reach the broker.',
        next: ['docker compose ps -a', 'docker compose logs --tail 50 worker'],
      },
    };
  },
};
