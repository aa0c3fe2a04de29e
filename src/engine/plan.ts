/**
 * A plan is a runbook with an environment, a flow and values chosen: every step that can run, in order, with no
 * undefined variable left. It is built whole before the first effect (runbook-format, "Rules").
 */
import type { AnyTask } from '../../tasks/task.ts';
import { Problem, type ProblemDetail } from '../problem.ts';
import type { ProblemCode } from '../problem-codes.ts';
import { RunbookError } from '../runbook/error.ts';
import {
  type ChecklistItem,
  type Effect,
  type Flow,
  type Guard,
  REHEARSAL,
  type Runbook,
  type SecretSpec,
  type Stage,
  type Step,
} from '../runbook/types.ts';
import { chooseEnvironment } from './plan-environment.ts';
import { resourceProblems } from './plan-resources.ts';
import { planStep } from './plan-step.ts';
import { resolveValues } from './plan-values.ts';
import { FLOW_STAGES, stepsUnder } from './section.ts';

export { FLOW_STAGES };

export interface PlannedStep extends Step {
  /** Names used in the body or input that an earlier step captures; all others are in `Plan.values`. */
  captured: readonly string[];
  /** What it will run, as an operator would type it: values put in, secrets and late captures as `$name`. */
  command: readonly string[];
  /** An operator changed its text for this run: `body` is not the runbook's. */
  edited?: true;
  /** That it passed says only that it could be read: a person judges what it shows. */
  tells?: true;
}

export interface Plan {
  runbook: { file: string; title: string; digest: string; language: string; timezone: string };
  environment: {
    name: string;
    guard: Guard;
    reason?: string;
    rehearsal: boolean;
    /** Secret whose database carries the lock that hosts share; never in a rehearsal, which has its own database. */
    lock?: string;
  };
  flow: Flow;
  /** The heading whose steps are walked, when it is not all of the flow. */
  section?: string;
  /** Every value of the run, by name; in a rehearsal the URLs already point at this machine. */
  values: Readonly<Record<string, string>>;
  /** Every step that may run in this environment, in the document's order, off the path too (rollback, triage…). */
  steps: readonly PlannedStep[];
  /** Ids of the steps that the flow walks, in order. */
  path: readonly string[];
  /** The secrets that the steps of the path and their rollbacks need. */
  secrets: readonly SecretSpec[];
  /** Those that only steps beside the path need: asked for when one of these comes up. */
  secretsAside: readonly SecretSpec[];
  checklist: readonly ChecklistItem[];
}

/** What the journal's `begin` record says of each step of the plan. */
export interface PlanLine {
  id: string;
  stage: Stage;
  title: string;
  uses: string;
  effect: Effect;
}

export interface PlanRequest {
  environment: string;
  flow: Flow;
  /** Walk only the flow's steps under this heading: one routine, one symptom, one way back. */
  section?: string;
  /** What the operator gave for the values that are asked for; and `run`, from the engine. */
  values: Readonly<Record<string, string>>;
  /** The date in the runbook's timezone, YYYY-MM-DD; that of the clock when absent. */
  today?: string;
  /** The registry's lookup; passed in, so that a plan does not load every task. */
  tasks: (uses: string) => AnyTask | undefined;
  /** Every task's name, for "did you mean". */
  taskNames?: readonly string[];
  /** Turns the values into the site's own: a rehearsal's URLs are on this machine (`Site.values`). */
  atSite?: (values: Readonly<Record<string, string>>) => Readonly<Record<string, string>>;
}

/**
 * Builds the whole plan, or none. Pure when `today` is given.
 *
 * @throws Problem environment-unknown, environment-sealed (`EXIT.refused`), value-missing and its kin (see `resolveValues`),
 *   flow-empty, section-unknown
 * @throws RunbookError for what is wrong in the document when it is walked so: variable-undefined, task-unknown, a task's
 *   input, effect-too-small, resource-foreign, resource-unknown, capture-not-walked, secret-undeclared, secret-order, secret-elsewhere
 */
export function buildPlan(runbook: Runbook, request: PlanRequest): Plan {
  const { environment, basis } = chooseEnvironment(runbook, request.environment);
  const resolved = resolveValues(runbook, request);
  const values = request.atSite?.(resolved) ?? resolved;
  const names = [environment.name, ...(basis ? [basis.name] : [])];
  const steps = runbook.steps.filter((step) => isMeant(step, values, names));
  const all = steps.filter(({ stage }) => FLOW_STAGES[request.flow].includes(stage));
  if (all.length === 0) throw emptyFlow(runbook, request.flow, steps);
  const path = request.section === undefined ? all : stepsUnder(all, request.section, runbook.file);

  const pathIds = new Set(path.map(({ id }) => id));
  const drafts = steps.map((step) =>
    planStep(step, {
      runbook,
      environment: environment.name,
      values,
      steps,
      path: pathIds,
      taskFor: request.tasks,
      taskNames: request.taskNames ?? [],
    }),
  );
  const problems = drafts.flatMap(
    (draft) => draft.problems ?? resourceProblems(draft.step, basis, resolved, runbook.file),
  );
  if (problems.length > 0) throw new RunbookError(runbook.file, problems);

  const planned = drafts.flatMap((draft) => (draft.step ? [draft.step] : []));
  const { file, title, digest, language, timezone } = runbook;
  const secrets = secretsOf(runbook, planned, [...pathIds], names, environment.lock);
  return {
    runbook: { file, title, digest, language, timezone },
    environment: {
      name: environment.name,
      guard: environment.guard,
      ...(environment.reason === undefined ? {} : { reason: environment.reason }),
      rehearsal: environment.name === REHEARSAL,
      ...(environment.lock === undefined ? {} : { lock: environment.lock }),
    },
    flow: request.flow,
    ...(request.section === undefined ? {} : { section: request.section }),
    values,
    steps: planned,
    path: [...pathIds],
    secrets,
    secretsAside: secretsAside(runbook, planned, secrets, names, environment.lock),
    checklist: runbook.checklist.map((item) => ({
      ...item,
      steps: item.steps.filter((id) => steps.some((step) => step.id === id)),
    })),
  };
}

/** Whether `when=` lets a step into this plan. A rehearsal stands in for the environment that it takes its values from. */
function isMeant(step: Step, values: Readonly<Record<string, string>>, environments: readonly string[]): boolean {
  if (step.when === undefined) return true;
  const [name = '', wanted] = step.when.split(/=(.*)/s);
  if (name === 'env' && wanted !== undefined) return environments.includes(wanted);
  const value = Object.hasOwn(values, name) ? values[name] : undefined;
  return wanted === undefined ? value !== undefined && value !== '' : value === wanted;
}

function emptyFlow(runbook: Runbook, flow: Flow, steps: readonly Step[]): Problem {
  const offered = Object.entries(FLOW_STAGES).filter(([, stages]) => steps.some(({ stage }) => stages.includes(stage)));
  return new Problem({
    code: 'flow-empty',
    what: `${runbook.title} has no ${FLOW_STAGES[flow].join(', ')} steps here, so there is no ${flow} to walk.`,
    where: { file: runbook.file },
    means: 'Nothing was run.',
    next: offered.length === 0 ? [] : [`it has: ${offered.map(([name]) => name).join(', ')}`],
  });
}

/**
 * The secrets of the path and of what may undo or probe it, in the runbook's order; and the one whose database carries the
 * environment's lock, when anything may be changed. One that a step yields is asked for when the flow does not walk that step.
 */
function secretsOf(
  runbook: Runbook,
  steps: readonly PlannedStep[],
  path: readonly string[],
  environments: readonly string[],
  lock: string | undefined,
): SecretSpec[] {
  const byId = new Map(steps.map((step) => [step.id, step]));
  const reached = [...new Set(path.flatMap((id) => [id, byId.get(id)?.undo ?? id, byId.get(id)?.probe ?? id]))];
  const changes = reached.some((id) => byId.get(id)?.effect !== 'read');
  const problems: ProblemDetail[] = [];
  const complain = (code: ProblemCode, what: string, next: readonly string[], step: PlannedStep | undefined) =>
    problems.push({ code, what, next, where: { file: runbook.file, ...step?.position } });

  const specs = Object.values(runbook.secrets).flatMap((spec): SecretSpec[] => {
    const user = reached.find((id) => byId.get(id)?.secrets.includes(spec.name));
    const locks = spec.name === lock && changes;
    if (user === undefined && !locks) return [];
    if (spec.environments && !spec.environments.some((name) => environments.includes(name))) {
      const next = [
        `add ${environments[0]} to its environments`,
        `keep the step out: when=env=${spec.environments[0]}`,
      ];
      if (!spec.optional)
        complain('secret-elsewhere', `\`${spec.name}\` is not for this environment.`, next, byId.get(user ?? ''));
      return [];
    }
    const { from, ...asked } = locks ? { ...spec, optional: false } : spec;
    const [first, ...others] = path.filter((id) => from?.includes(id));
    if (first === undefined) return [asked];
    if (user !== undefined && path.includes(user) && path.indexOf(user) < path.indexOf(first)) {
      const what = `\`${user}\` needs \`${spec.name}\`, which \`${first}\` yields later.`;
      complain('secret-order', what, [`move ${first} above ${user}`], byId.get(user));
    }
    return [{ ...asked, from: [first, ...others] }];
  });
  if (problems.length > 0) throw new RunbookError(runbook.file, problems);
  return specs;
}

/** The secrets that are left, in the runbook's order, where a step of this plan uses them. Triage that yields one spares the question. */
function secretsAside(
  { secrets }: Runbook,
  steps: readonly PlannedStep[],
  known: readonly SecretSpec[],
  environments: readonly string[],
  lock: string | undefined,
): SecretSpec[] {
  const used = new Set([...steps.flatMap((step) => step.secrets), lock]);
  return Object.values(secrets).flatMap(({ from, ...spec }) => {
    if (known.some(({ name }) => name === spec.name) || !used.has(spec.name)) return [];
    if (spec.environments && !spec.environments.some((name) => environments.includes(name))) return [];
    const yielding = steps.filter(({ id, stage }) => stage === 'triage' && from?.includes(id)).map(({ id }) => id);
    return [yielding.length > 0 ? { ...spec, from: yielding } : spec];
  });
}
