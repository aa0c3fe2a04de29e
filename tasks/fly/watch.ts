import { setTimeout as sleep } from 'node:timers/promises';
import type { TaskContext } from '../task.ts';
import { status } from './commands.ts';
import { appStatus, machineRows } from './machines.ts';
import { read } from './reading.ts';

/**
 * Reports an app's machines through `progress` every `everyMs` until it is stopped, one reading at a time. A reading that
 * fails is no news: the deploy itself tells what matters.
 *
 * @returns ends the watch, a reading in flight included, and resolves when nothing of it is left
 */
export function watchMachines(context: TaskContext, app: string, everyMs = 2000): () => Promise<void> {
  const end = new AbortController();
  const signal = AbortSignal.any([end.signal, context.signal]);
  const watching = (async () => {
    while (!signal.aborted) {
      try {
        const found = await read(context, status(app), appStatus, { signal, timeoutMs: 10_000 });
        if (!signal.aborted) context.progress({ machines: machineRows(found) });
      } catch {
        // The next reading may succeed.
      }
      await sleep(everyMs, undefined, { signal }).catch(() => {});
    }
  })();
  return async () => {
    end.abort();
    await watching;
  };
}
