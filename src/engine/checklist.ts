import type { CheckState, RunState } from './state.ts';

/** Flows that walk the runbook from its first step to its last; the others walk one part of it. */
const WHOLE: ReadonlySet<string> = new Set(['setup', 'redeploy']);

/**
 * The checklist items that belong to what was walked: those bound to a step of the path, or to one that was run or
 * settled off it, and those that a person attested. Items that are bound to no step belong to a whole walk, because only
 * that is what the runbook's checklist is of. Pure.
 */
export function itemsOfRun(state: RunState): CheckState[] {
  const { begin } = state;
  const whole = begin !== undefined && WHOLE.has(begin.flow) && begin.section === undefined;
  const walked = (id: string) =>
    begin?.path.includes(id) || (state.steps[id] !== undefined && state.steps[id].status !== 'waiting');
  return state.checklist.filter(
    (item) => item.by !== undefined || (item.steps.length === 0 ? whole : item.steps.some(walked)),
  );
}

/** Ids of those that are neither done nor not applicable: what a seal names as open. Pure. */
export function openItems(state: RunState): string[] {
  return itemsOfRun(state)
    .filter((item) => item.state === 'open' || item.state === 'not-done')
    .map(({ id }) => id);
}
