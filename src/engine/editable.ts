import type { Plan, PlannedStep } from './plan.ts';
import type { RunState } from './state.ts';
import { guardIsOpen } from './walk.ts';

/**
 * Why a step's command may not be changed before it runs. `computed`: a task makes it, from fields that the plan has checked;
 * `person`: it has none; `approved`: a second person signed it as it is written; `unconfirmed`: it only reads, and changed it
 * might not, which asks for a confirmation of the environment that has not been given yet.
 */
export type Uneditable = 'computed' | 'person' | 'approved' | 'unconfirmed';

/** What stands against changing the command of a step before it runs; undefined when nothing does. Pure. */
export function uneditable(step: PlannedStep, plan: Plan, state: RunState): Uneditable | undefined {
  if (step.language === 'manual') return 'person';
  if (step.language === 'yaml') return 'computed';
  if (plan.environment.guard === 'approve') return 'approved';
  return step.effect === 'read' && !guardIsOpen(plan, state) ? 'unconfirmed' : undefined;
}
