import type { Guard } from '../runbook/types.ts';
import { openItems } from './checklist.ts';
import type { Plan, PlannedStep } from './plan.ts';
import { openIncident, type RunState, type StepState } from './state.ts';
import { guardIsOpen, missingSecrets, nextStep, restOfStage } from './walk.ts';

/** A status after which nothing goes on by itself: somebody decides. */
export type HeldStatus = Extract<StepState['status'], 'failed' | 'refused' | 'unknown'>;

/** What a run asks for next, of whoever drives it without screens: flags, or the rehearsal that walks itself. */
export type Question =
  /** Checks that only wait to be run. */
  | { kind: 'checks'; steps: readonly PlannedStep[] }
  | { kind: 'secret'; name: string }
  | { kind: 'guard'; guard: Guard; environment: string }
  /** A step that a person does and attests. */
  | { kind: 'person'; step: PlannedStep }
  /** A step that waits to be run. */
  | { kind: 'step'; step: PlannedStep }
  | { kind: 'held'; step: PlannedStep; status: HeldStatus }
  /** Something is wrong, and somebody looks for it: the path rests. */
  | { kind: 'incident' }
  /** The path is walked; `open` are the checklist items that a seal would leave open. */
  | { kind: 'seal'; open: readonly string[] };

/** The question that stands now; undefined while something runs, and when the run is sealed. Pure. */
export function nextQuestion(plan: Plan, state: RunState): Question | undefined {
  if (state.seal || state.running.length > 0) return undefined;
  if (openIncident(state)) return { kind: 'incident' };
  const step = nextStep(plan, state);
  if (!step) return { kind: 'seal', open: openItems(state) };
  const status = state.steps[step.id]?.status ?? 'waiting';
  // A check that failed does not keep the others from being run: they only read.
  const checks = step.stage === 'preflight' ? waitingChecks(plan, state) : [];
  if (checks.length === 0 && isHeld(status)) return { kind: 'held', step, status };
  const due = checks.length > 0 ? checks : [step];
  // After the pre-flight all secrets are asked for at once; before it only what a check itself uses.
  const used = (name: string) => step.stage !== 'preflight' || due.some(({ secrets }) => secrets.includes(name));
  const secret = missingSecrets(plan, state).find(used);
  if (secret !== undefined) return { kind: 'secret', name: secret };
  if (due.some(({ effect }) => effect !== 'read') && !guardIsOpen(plan, state)) return guardQuestion(plan);
  if (checks.length > 0) return { kind: 'checks', steps: checks };
  return { kind: step.language === 'manual' ? 'person' : 'step', step };
}

export function guardQuestion({ environment: { guard, name } }: Plan): Extract<Question, { kind: 'guard' }> {
  return { kind: 'guard', guard, environment: name };
}

/** The checks of the stage that is up which tejun can run and has not. */
function waitingChecks(plan: Plan, state: RunState): PlannedStep[] {
  return restOfStage(plan, state).filter(
    ({ id, language }) => language !== 'manual' && (state.steps[id]?.status ?? 'waiting') === 'waiting',
  );
}

function isHeld(status: StepState['status']): status is HeldStatus {
  return status === 'failed' || status === 'refused' || status === 'unknown';
}
