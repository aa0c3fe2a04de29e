import { setTimeout as sleep } from 'node:timers/promises';
import type { TaskContext } from '../task.ts';
import { serviceRows } from './ailments.ts';
import { readContainers } from './containers.ts';
import type { Project } from './project.ts';

/**
 * Reports a project's containers through `progress` every `everyMs` until it is stopped, one reading at a time. A reading
 * that fails is no news: the command that is waited for tells what matters.
 *
 * @returns ends the watch, a reading in flight included, and resolves when nothing of it is left
 */
export function watchContainers(
  context: TaskContext,
  project: Project,
  services: readonly string[],
  everyMs = 2000,
): () => Promise<void> {
  const end = new AbortController();
  const signal = AbortSignal.any([end.signal, context.signal]);
  const watching = (async () => {
    while (!signal.aborted) {
      await sleep(everyMs, undefined, { signal }).catch(() => {});
      if (signal.aborted) return;
      try {
        const found = await readContainers(context, project, { signal, timeoutMs: 10_000 });
        if (!signal.aborted) context.progress({ services: serviceRows(found, services) });
      } catch {
        // The next reading may succeed.
      }
    }
  })();
  return async () => {
    end.abort();
    await watching;
  };
}
