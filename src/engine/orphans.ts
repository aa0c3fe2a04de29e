import { GRACE_MS } from '../exec/command.ts';
import { markOfStep } from '../exec/marks.ts';
import { endMarked } from '../exec/process-tree.ts';
import type { ProcessName } from '../journal/records.ts';
import type { RunState } from './state.ts';

/**
 * Ends what the steps of an engine that is gone left running: nobody reads their output any more or would record how they
 * ended. TERM, ten seconds, KILL. What a step that ended had left behind on purpose is not touched.
 *
 * @param state of the run when its engine ended
 * @returns those that were found, by number and name
 */
export async function endOrphans(run: string, state: RunState): Promise<readonly ProcessName[]> {
  const ended = await Promise.all(
    state.running.map((step) => endMarked(markOfStep(run, step, state.steps[step]?.attempts ?? 1), GRACE_MS)),
  );
  return ended.flat().map(({ pid, name }) => ({ pid, name }));
}
