import { EXIT, Problem } from '../problem.ts';
import type { ProblemCode } from '../problem-codes.ts';
import type { Plan, PlannedStep } from './plan.ts';
import type { RunState } from './state.ts';
import { guardIsOpen, isEntered, isSettled, secretSpec, yieldedBy } from './walk.ts';

/**
 * What keeps a step from running now, or undefined when nothing does. Pure: the budget and everything else are read
 * from the journal's state, so that they hold across retries and resumes (design §5).
 *
 * @param secretNames secrets that the step will use
 * @param typed what the operator typed to confirm a step that destroys
 */
export function obstacle(
  step: PlannedStep,
  {
    plan,
    state,
    secretNames,
    typed,
    destroys,
  }: {
    plan: Plan;
    state: RunState;
    secretNames: readonly string[];
    typed: string | undefined;
    /** The name that must be typed for a step that destroys. */
    destroys: string;
  },
): Problem | undefined {
  if (state.seal) {
    return refusal('run-sealed', 'This run is sealed; nothing can be added to it.', ['tejun starts a new run']);
  }
  if (state.lock?.type === 'lock.lost') {
    const { to } = state.lock;
    return refusal('lock-lost', `${to ? `${to.operator} (run ${to.run})` : 'Another run'} took this run’s lock over.`, [
      'seal this run, or leave it: resumed, it asks for its lock again',
    ]);
  }
  const current = state.steps[step.id];
  if (current?.status === 'running') {
    return refusal('step-running', `"${step.title}" is already running.`, ['wait for it, or stop it with Ctrl-C']);
  }
  if (step.budget !== undefined && (current?.attempts ?? 0) >= step.budget) {
    return refusal(
      'budget-spent',
      `"${step.title}" may run ${times(step.budget)} in a run, and has.`,
      ['skip it with a reason, or do it by hand and say so'],
      'The limit is the runbook’s (budget=); it counts retries and resumed runs too.',
    );
  }
  // What cannot be taken back is not started on the strength of something that was left out, such as a decision.
  const isMet = (id: string) =>
    step.effect === 'destroy' ? state.steps[id]?.status === 'passed' : isSettled(state, id);
  const unmet = step.needs.filter((id) => !isMet(id));
  if (unmet.length > 0) {
    const skipped = unmet.some((id) => state.steps[id]?.status === 'skipped');
    return refusal(
      'needs-unmet',
      `"${step.title}" needs ${unmet.map((id) => titleOf(plan, id)).join(', ')} first.`,
      [`run ${unmet.join(', ')}`],
      ...(skipped ? ['It destroys, and what it needs was skipped: nothing was run.'] : []),
    );
  }
  if (step.effect !== 'read' && !guardIsOpen(plan, state)) {
    return refusal(
      'guard-unsatisfied',
      `${plan.environment.name} asks for a confirmation before anything is changed.`,
      ['confirm it on the screen that asks'],
    );
  }
  if (step.effect === 'destroy' && typed !== destroys) {
    return refusal('not-typed', `"${step.title}" destroys ${destroys}; its name was not typed.`, [
      `type exactly: ${destroys}`,
    ]);
  }
  const { lock } = plan.environment;
  const needed =
    step.effect !== 'read' && lock !== undefined && mustBeEntered(plan, lock, state)
      ? [...secretNames, lock]
      : secretNames;
  const missing = needed.filter((name) => state.secrets[name] === undefined && !isOptional(plan, name));
  if (missing.length > 0) {
    const spec = secretSpec(plan, missing[0] ?? '');
    return refusal('secret-missing', `"${step.title}" needs ${missing.join(', ')}.`, [
      spec === undefined || isEntered(spec, state)
        ? 'enter it on the Secrets screen'
        : `run "${yieldedBy(plan, spec)}", which yields it`,
    ]);
  }
  return undefined;
}

function refusal(code: ProblemCode, what: string, next: readonly string[], means = 'Nothing was run.'): Problem {
  return new Problem({ code, what, means, next }, EXIT.refused);
}

function titleOf(plan: Plan, id: string): string {
  return plan.steps.find((step) => step.id === id)?.title ?? id;
}

/** Before a step that yields it has run there is no such database, and nobody to keep out of it. */
function mustBeEntered(plan: Plan, lock: string, state: RunState): boolean {
  const spec = secretSpec(plan, lock);
  return spec !== undefined && isEntered(spec, state);
}

function isOptional(plan: Plan, name: string): boolean {
  return secretSpec(plan, name)?.optional ?? false;
}

function times(count: number): string {
  return count === 1 ? 'once' : count === 2 ? 'twice' : `${count} times`;
}
