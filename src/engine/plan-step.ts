import type { AnyTask } from '../../tasks/task.ts';
import type { ProblemDetail } from '../problem.ts';
import type { ProblemCode } from '../problem-codes.ts';
import { namesUsed } from '../runbook/names.ts';
import { didYouMean, nearest } from '../runbook/nearest.ts';
import { positionInBody } from '../runbook/source.ts';
import { READ_STAGES } from '../runbook/steps.ts';
import { substitute } from '../runbook/substitute.ts';
import { EFFECTS, type Effect, type Place, type Position, type Runbook, type Step } from '../runbook/types.ts';
import type { PlannedStep } from './plan.ts';
import { checkInput } from './plan-input.ts';
import { LATE } from './plan-values.ts';

/** What a step is planned against. */
export interface Surroundings {
  runbook: Runbook;
  environment: string;
  values: Readonly<Record<string, string>>;
  /** The steps that may run in this environment, in the document's order. */
  steps: readonly Step[];
  /** Ids of the steps that the flow walks. */
  path: ReadonlySet<string>;
  taskFor(uses: string): AnyTask | undefined;
  taskNames: readonly string[];
}

/** A step as planned; or what keeps it from being planned. */
export type StepDraft =
  | { step: PlannedStep; problems?: undefined }
  | { step?: undefined; problems: readonly ProblemDetail[] };

/** Plans one step: its names have values, its task exists and takes its input, and its effect is not played down. */
export function planStep(written: Step, around: Surroundings): StepDraft {
  const { runbook, values } = around;
  const step = filled(written, values);
  const problem: MakeProblem = (code, what, next, at = step.position, text = lineAt(step, at)) => ({
    code,
    what,
    where: { file: runbook.file, ...at, text },
    next,
  });

  const { captured, problems: nameProblems } = names(step, around, problem);
  if (nameProblems.length > 0) return { problems: nameProblems };

  const task = around.taskFor(step.uses);
  if (task === undefined) {
    return {
      problems: [problem('task-unknown', `There is no task ${step.uses}.`, didYouMean(step.uses, around.taskNames))],
    };
  }
  const checked = checkInput(step, task, values, new Set([...captured, ...LATE]));
  if (checked.problems !== undefined && checked.problems.length > 0) {
    return { problems: checked.problems.map(({ code, what, next, position }) => problem(code, what, next, position)) };
  }

  const least = checked.input === undefined ? task.effect : (task.effectOf?.(checked.input) ?? task.effect);
  const effect = effectOf(step, least);
  if (effect === undefined) {
    const next = step.stage === 'triage' ? ['make it a remedy: triage only looks'] : [`declare it: effect=${least}`];
    const what = `${step.uses} is a ${least}, and this ${step.stage} step says ${step.effect}.`;
    return { problems: [problem('effect-too-small', what, next)] };
  }

  const named = checked.input === undefined ? [] : (task.secrets?.(checked.input) ?? []);
  const secrets = [...new Set([...step.secrets, ...named])];
  const undeclared = secrets.filter((name) => !Object.hasOwn(runbook.secrets, name));
  if (undeclared.length > 0) {
    return {
      problems: undeclared.map((name) => {
        const index = step.body.indexOf(name);
        const at = index < 0 ? step.position : positionInBody(step, index);
        const next = [...didYouMean(name, Object.keys(runbook.secrets)), `declare ${name} under \`secrets\``];
        return problem('secret-undeclared', `No secret is called \`${name}\`.`, next, at);
      }),
    };
  }

  const { undo, probe, ...rest } = step;
  const exists = (id: string | undefined): id is string => around.steps.some((each) => each.id === id);
  const onPath = around.path.has(step.id);
  return {
    step: {
      ...rest,
      effect,
      secrets,
      on: placed(step.on, values),
      needs: step.needs.filter((id) => (onPath ? around.path.has(id) : exists(id))),
      ...(exists(undo) ? { undo } : {}),
      ...(exists(probe) ? { probe } : {}),
      captured: [...captured],
      command: checked.input === undefined ? step.body.trimEnd().split('\n') : task.describe(checked.input),
      ...(tells(step, task) ? { tells: true } : {}),
    },
  };
}

/** A step of plain Markdown with the values in the place of its placeholders; the longest first, so that none eats another. */
function filled({ placeholders, ...step }: Step, values: Readonly<Record<string, string>>): Step {
  const texts = Object.keys(placeholders ?? {}).sort((a, b) => b.length - a.length);
  const body = texts.reduce((text, placeholder) => {
    const value = values[placeholders?.[placeholder] ?? ''] ?? placeholder;
    const name = /\w$/.test(placeholder) ? '(?!\\w)' : '';
    return text.replace(new RegExp(placeholder.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&') + name, 'g'), () => value);
  }, step.body);
  return { ...step, body };
}

/** A script says by its end only that it ran; what it must print makes it a check. */
function tells({ language, expect }: Step, task: AnyTask): boolean {
  if (expect !== undefined) return false;
  return task.tells === true || ['bash', 'sh', 'python', 'sql'].includes(language);
}

/** The line of a step at a position, for a message; of its fence, what a runbook's author searches for. */
function lineAt(step: Step, at: Position): string {
  const line = step.body.split('\n')[at.line - step.position.line - 1];
  return line === undefined
    ? `${step.language} ${step.stage} ${step.language === 'yaml' ? `uses=${step.uses} ` : ''}id=${step.id}`
    : line.trim();
}

type MakeProblem = (
  code: ProblemCode,
  what: string,
  next: readonly string[],
  at?: Position,
  text?: string,
) => ProblemDetail;

/** The names that an earlier step captures; and a problem for each name that has no value here. */
function names(
  step: Step,
  around: Surroundings,
  problem: MakeProblem,
): { captured: Set<string>; problems: ProblemDetail[] } {
  const { runbook, environment, values, steps, path } = around;
  const captured = new Set<string>();
  const problems: ProblemDetail[] = [];
  for (const { name, index, length } of namesUsed(step)) {
    if (name === undefined || Object.hasOwn(values, name) || LATE.some((late) => late === name)) continue;
    if (Object.hasOwn(runbook.secrets, name)) continue;
    const at = index === undefined ? step.position : positionInBody(step, index);
    const text = index === undefined ? undefined : step.body.slice(index, index + length);
    const capturing = runbook.steps.find(({ capture }) => capture.some((each) => each.name === name));
    if (capturing === undefined) {
      const near = nearest(name, Object.keys(values));
      const next = [
        ...(near === undefined ? [] : [`did you mean \`$${near}\`?`]),
        `add ${name} under environments.${environment}.values`,
      ];
      problems.push(problem('variable-undefined', `\`${name}\` has no value in ${environment}.`, next, at, text));
    } else if (!steps.includes(capturing) || (path.has(step.id) && !path.has(capturing.id))) {
      const what = `\`${name}\` is captured by \`${capturing.id}\`, which is not walked here.`;
      problems.push(problem('capture-not-walked', what, ['walk the flow that runs it'], at, text));
    } else if (index === undefined && step.on.kind !== 'local') {
      const next = ['use a value: where a step runs is known before the first one does'];
      problems.push(problem('capture-in-place', `\`${name}\` is captured, so on= cannot use it.`, next));
    } else captured.add(name);
  }
  return { captured, problems };
}

/** The effect of a step, given the least that its task has; undefined when the step says less. */
function effectOf(step: Step, least: Effect): Effect | undefined {
  const typed = step.language === 'yaml' && step.effectSaid !== true && !READ_STAGES.has(step.stage);
  if (typed) return least;
  return EFFECTS.indexOf(step.effect) < EFFECTS.indexOf(least) ? undefined : step.effect;
}

function placed(on: Place, values: Readonly<Record<string, string>>): Place {
  switch (on.kind) {
    case 'local':
      return on;
    case 'ssh':
      return { ...on, host: substitute(on.host, values) };
    case 'fly':
      return { ...on, app: substitute(on.app, values) };
    case 'compose':
      return { ...on, service: substitute(on.service, values) };
  }
}
