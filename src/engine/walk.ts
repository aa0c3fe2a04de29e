import { substitute } from '../runbook/substitute.ts';
import { GUIDED_STAGES, type SecretSpec, type Stage } from '../runbook/types.ts';
import type { Plan, PlannedStep } from './plan.ts';
import type { RunState } from './state.ts';

/** Statuses after which the path goes on. A failed, refused or unknown step holds it up until the operator decides. */
const SETTLED: ReadonlySet<string> = new Set(['passed', 'skipped']);

export function isSettled(state: RunState, id: string): boolean {
  return SETTLED.has(state.steps[id]?.status ?? 'waiting');
}

/** The steps of the path, in order. */
export function pathSteps(plan: Plan): PlannedStep[] {
  const byId = new Map(plan.steps.map((step) => [step.id, step]));
  return plan.path.flatMap((id) => byId.get(id) ?? []);
}

/** The first step of the path that is not settled; undefined when the path is walked. */
export function nextStep(plan: Plan, state: RunState): PlannedStep | undefined {
  return pathSteps(plan).find((step) => !isSettled(state, step.id));
}

/** The rest of the stage that is up: its unsettled steps up to the first step of another stage, in order. */
export function restOfStage(plan: Plan, state: RunState): PlannedStep[] {
  const path = pathSteps(plan);
  const from = path.findIndex((step) => !isSettled(state, step.id));
  if (from < 0) return [];
  const stage = path[from]?.stage;
  const rest = path.slice(from);
  const end = rest.findIndex((step) => step.stage !== stage);
  return rest.slice(0, end < 0 ? rest.length : end).filter((step) => !isSettled(state, step.id));
}

/** Secrets that the path still needs to be entered before its next step may run; optional ones are not waited for. */
export function missingSecrets(plan: Plan, state: RunState): string[] {
  return plan.secrets
    .filter((secret) => !secret.optional && secret.from === undefined && state.secrets[secret.name] === undefined)
    .map((secret) => secret.name);
}

/** A secret of the plan, whether its path needs it or a step beside it. */
export function secretSpec({ secrets, secretsAside }: Plan, name: string): SecretSpec | undefined {
  return [...secrets, ...secretsAside].find((spec) => spec.name === name);
}

/** Whether a guard still has to be satisfied before a step with an effect may run. */
export function guardIsOpen(plan: Plan, state: RunState): boolean {
  return plan.environment.guard === 'open' || state.guard !== undefined;
}

export function isGuided(stage: Stage): boolean {
  return (GUIDED_STAGES as readonly Stage[]).includes(stage);
}

/**
 * The name that an operator types before a step destroys something: its input's `name`, else its `app`, else the environment's.
 * Screens ask for it and the engine compares it, so both take it from here.
 */
export function destroyedBy(step: PlannedStep, plan: Plan, state: RunState): string {
  const input = (step.input ?? {}) as { app?: unknown; name?: unknown };
  const named = [input.name, input.app].find((value) => typeof value === 'string');
  if (named === undefined) return plan.environment.name;
  const values = { ...plan.values, ...state.captured };
  // What an earlier step captures has no value before that step ran; it stands as $name until then.
  return substitute(
    named,
    values,
    step.captured.filter((name) => !Object.hasOwn(values, name)),
  );
}
