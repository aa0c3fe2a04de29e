import type { Plan, PlannedStep } from '../src/engine/plan.ts';
import type { RunState, StepState } from '../src/engine/state.ts';
import { guardIsOpen, isSettled, pathSteps } from '../src/engine/walk.ts';
import type { SecretSpec, Stage } from '../src/runbook/types.ts';

/** Consecutive steps of one stage: what one screen shows. */
export interface Leg {
  stage: Stage;
  steps: readonly PlannedStep[];
}

/** The path as legs, in order; a stage that comes back later in the document is a leg of its own. */
export function legsOf(plan: Plan): Leg[] {
  const legs: { stage: Stage; steps: PlannedStep[] }[] = [];
  for (const step of pathSteps(plan)) {
    const last = legs.at(-1);
    if (last?.stage === step.stage) last.steps.push(step);
    else legs.push({ stage: step.stage, steps: [step] });
  }
  return legs;
}

export function stepState(state: RunState, id: string): StepState {
  return state.steps[id] ?? { id, status: 'waiting', attempts: 0 };
}

/** The first step of a leg that is not settled: what Enter is about. */
export function nextOf(leg: Leg, state: RunState): PlannedStep | undefined {
  return leg.steps.find(({ id }) => !isSettled(state, id));
}

const UNDECIDED: ReadonlySet<string> = new Set(['running', 'failed', 'refused', 'unknown']);

/**
 * The leg where a run stands, for screens that attach to it: the first one with a step that waits for a decision, whatever
 * a probe ran after it; else the last one in which something was run or settled, or the
 * one after it when all of that leg is settled. `legs.length` when the path is walked.
 */
export function reachedLeg(legs: readonly Leg[], state: RunState): number {
  const held = legs.findIndex(({ steps }) => steps.some(({ id }) => UNDECIDED.has(stepState(state, id).status)));
  if (held >= 0) return held;
  const touched = legs.findLastIndex(({ steps }) => steps.some(({ id }) => stepState(state, id).status !== 'waiting'));
  if (touched < 0) return 0;
  const leg = legs[touched];
  return leg && nextOf(leg, state) === undefined ? touched + 1 : touched;
}

/** Secrets to ask for before this leg, in the plan's order; those that a step yields are never asked for. */
export function secretsToAsk(plan: Plan, leg: Leg, state: RunState, leftOut: readonly string[]): SecretSpec[] {
  const missing = plan.secrets.filter(
    ({ name, from }) => from === undefined && state.secrets[name] === undefined && !leftOut.includes(name),
  );
  if (leg.steps.every(({ id }) => isSettled(state, id))) return [];
  // After the pre-flight all are asked at once; before it only what a check itself uses.
  if (leg.stage !== 'preflight') return missing;
  return missing.filter(({ name }) => leg.steps.some(({ secrets }) => secrets.includes(name)));
}

/** Whether the operator has to confirm the environment before these steps. */
export function guardStands(plan: Plan, leg: Leg, state: RunState): boolean {
  if (guardIsOpen(plan, state)) return false;
  return leg.steps.some(({ id, effect }) => effect !== 'read' && !isSettled(state, id));
}

/** The way back: the rollback steps of the plan, as one leg. */
export function rollbackLeg(plan: Plan): Leg {
  return { stage: 'rollback', steps: plan.steps.filter(({ stage }) => stage === 'rollback') };
}

/** Whether another attempt is allowed by the runbook's budget. */
export function mayRetry(step: PlannedStep, state: RunState): boolean {
  return step.budget === undefined || stepState(state, step.id).attempts < step.budget;
}

/** A text with the run's values in the place of `$name`; what has no value yet stays as it is. */
export function withValues(text: string, plan: Plan, state: RunState): string {
  const values = { ...plan.values, ...state.captured };
  return text.replace(/\$(?:\{(\w+)\}|(\w+))/g, (whole, braced, bare) => values[braced ?? bare] ?? whole);
}
