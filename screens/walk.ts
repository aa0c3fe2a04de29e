import { triageOf } from '../src/engine/incident.ts';
import type { Plan, PlannedStep } from '../src/engine/plan.ts';
import { openIncident, type RunState, type StepState } from '../src/engine/state.ts';
import { enteredSecrets, guardIsOpen, isEntered, isSettled, pathSteps } from '../src/engine/walk.ts';
import type { SecretSpec, Stage } from '../src/runbook/types.ts';
import type { Detour } from './ui-state.ts';

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

/**
 * The secrets that a person enters for a leg, in the plan's order. On the guided path all of the plan's are asked at once, after
 * the pre-flight; elsewhere only what the steps of the leg use.
 */
export function secretsFor(plan: Plan, leg: Leg, state: RunState): SecretSpec[] {
  if (['seed', 'deploy', 'verify'].includes(leg.stage)) return enteredSecrets(plan, state);
  const used = ({ name }: SecretSpec) => leg.steps.some(({ secrets }) => secrets.includes(name));
  return [...plan.secrets, ...plan.secretsAside].filter((spec) => isEntered(spec, state) && used(spec));
}

/** Those of them that are still to be asked for before this leg. */
export function secretsToAsk(plan: Plan, leg: Leg, state: RunState, leftOut: readonly string[]): SecretSpec[] {
  const open = leg.steps.filter(({ id }) => !isSettled(state, id));
  return secretsFor(plan, { ...leg, steps: open }, state).filter(
    ({ name }) => open.length > 0 && state.secrets[name] === undefined && !leftOut.includes(name),
  );
}

/** Whether the operator has to confirm the environment before these steps. */
export function guardStands(plan: Plan, leg: Leg, state: RunState): boolean {
  if (guardIsOpen(plan, state)) return false;
  return leg.steps.some(({ id, effect }) => effect !== 'read' && !isSettled(state, id));
}

/** The steps beside the path that a detour is about, as one leg. */
export function detourLeg(plan: Plan, state: RunState, detour: Detour): Leg {
  if (detour.to === 'secrets') return triageLeg(plan, state);
  if (detour.to === 'remedy') return { stage: 'remedy', steps: plan.steps.filter(({ id }) => id === detour.step) };
  return { stage: 'rollback', steps: plan.steps.filter(({ stage }) => stage === 'rollback') };
}

/** The checks of the symptom that the open incident looks at. */
export function triageLeg(plan: Plan, state: RunState): Leg {
  return { stage: 'triage', steps: triageOf(plan, openIncident(state)?.symptom) };
}

/** Whether another attempt is allowed by the runbook's budget. */
export function mayRetry(step: PlannedStep, state: RunState): boolean {
  return step.budget === undefined || stepState(state, step.id).attempts < step.budget;
}

/** A text with the run's values in the place of `$name`; what has no value yet stays as it is. */
export function withValues(text: string, plan: Plan, state: RunState): string {
  const values = { ...plan.values, ...state.captured };
  return text.replace(/\$(?:\$|\{(\w+)\}|(\w+))/g, (whole, braced, bare) =>
    whole === '$$' ? '$' : (values[braced ?? bare] ?? whole),
  );
}
