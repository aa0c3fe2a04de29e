import type { Session } from './session.ts';

export const BELL = '\x07';

/**
 * Whether what has happened is worth a bell: a step that took long has ended, or one has failed, so that the run waits for its
 * operator. Pure. The past of a run is silent.
 */
export function rings(before: Session | undefined, after: Session | undefined, longMs: number): boolean {
  if (!before?.caughtUp || !after || before.run !== after.run) return false;
  return before.state.running.some((id) => {
    const step = after.state.steps[id];
    if (!step || step.status === 'running') return false;
    return step.status !== 'passed' || (step.ms ?? 0) >= longMs;
  });
}

/** Draws as `draw` does, and rings for what is worth it; without `afterMs` it never rings. */
export function ringing<M extends { session: Session | undefined }>(
  draw: (model: M) => void,
  ring: () => void,
  afterMs: number | undefined,
): (model: M) => void {
  let before: Session | undefined;
  return (model) => {
    if (afterMs !== undefined && rings(before, model.session, afterMs)) ring();
    before = model.session;
    draw(model);
  };
}
