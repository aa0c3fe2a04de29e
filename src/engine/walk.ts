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
  return enteredSecrets(plan, state)
    .filter(({ name, optional }) => !optional && state.secrets[name] === undefined)
    .map(({ name }) => name);
}

/** The secrets of the path that a person enters; one that a step was to yield only while a step is left, or the way back from one, that uses it. */
export function enteredSecrets(plan: Plan, state: RunState): SecretSpec[] {
  const ahead = pathSteps(plan).filter(({ id }) => !isSettled(state, id));
  const left = [...ahead, ...plan.steps.filter(({ id }) => ahead.some(({ undo }) => undo === id))];
  const isUsed = (name: string) =>
    left.some(({ secrets, effect }) => secrets.includes(name) || (name === plan.environment.lock && effect !== 'read'));
  return plan.secrets.filter((spec) => isEntered(spec, state) && (spec.from === undefined || isUsed(spec.name)));
}

/**
 * Whether a person enters a secret: no step yields it, or each that does is settled and yet it is not there. Such a step was
 * left out, could not tell it, or told it to an engine that has ended: the journal keeps no secret.
 */
export function isEntered({ name, from }: SecretSpec, state: RunState): boolean {
  return from === undefined || (from.every((id) => isSettled(state, id)) && state.secrets[name]?.source !== 'step');
}

/** The title of the step that yields a secret, for the question after it is not there; undefined when none yields it. */
export function yieldedBy({ steps }: Plan, { from }: SecretSpec): string | undefined {
  return from && (steps.find(({ id }) => id === from[0])?.title ?? from[0]);
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
