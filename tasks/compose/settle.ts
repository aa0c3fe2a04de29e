import { setTimeout as sleep } from 'node:timers/promises';
import type { TaskContext } from '../task.ts';
import { isPending } from './ailments.ts';
import { type Container, readContainers } from './containers.ts';
import type { Project } from './project.ts';

/** Between two looks. */
const EVERY_MS = 1000;
/** A container without a health check is "running" in the moment before it crashes: it is looked at again after this. */
const STAYS_UP_MS = 1500;

/**
 * Waits until the services are well or ill for good, or `seconds` have passed, and gives what there is then. It is all of the
 * waiting for 1.29, which has no `--wait`; and after `--wait` the second look, because that calls a container without a
 * health check ready as soon as it runs.
 */
export async function settle(
  context: TaskContext,
  project: Project,
  expected: { services: readonly string[]; mayExit: readonly string[] },
  seconds: number,
): Promise<Container[]> {
  const until = performance.now() + seconds * 1000;
  for (;;) {
    const containers = await readContainers(context, project);
    const waiting = isPending(containers, expected);
    if (!waiting || context.signal.aborted || performance.now() > until) {
      const unchecked = containers.some(
        ({ service, health, state }) =>
          expected.services.includes(service) && health === 'none' && (state === 'running' || state === 'restarting'),
      );
      if (!unchecked || context.signal.aborted) return containers;
      await pause(STAYS_UP_MS, context.signal);
      return readContainers(context, project);
    }
    await pause(EVERY_MS, context.signal);
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return sleep(ms, undefined, { signal }).catch(() => {});
}
