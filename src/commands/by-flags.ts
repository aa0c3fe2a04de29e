import { optionLabel } from '../../screens/layout/format.ts';
import { itemsOfRun } from '../engine/checklist.ts';
import { exitOf } from '../engine/conclusion.ts';
import type { Plan, PlannedStep } from '../engine/plan.ts';
import { guardQuestion, nextQuestion, type Question } from '../engine/question.ts';
import { EMPTY_RUN, type RunState } from '../engine/state.ts';
import { destroyedBy, guardIsOpen, missingSecrets, pathSteps, secretSpec, yieldedBy } from '../engine/walk.ts';
import type { Intent } from '../link/messages.ts';
import { en } from '../locale/en.ts';
import { EXIT, type ExitCode, Problem, type ProblemDetail } from '../problem.ts';
import type { Answers } from './answers.ts';
import { mustOffer, type Offer, type Offers, runChosen } from './offer.ts';

/** What the flags make of the question that stands: an intent, or the reason why nobody has answered it. */
export type Answer = { intent: Intent } | { missing: ProblemDetail; exit: ExitCode };

/** What has happened since this program took the run up, beside the journal. */
export interface Sofar {
  offers: Offers;
  /** Steps that `--retry` has run again already. */
  retried: ReadonlySet<string>;
}

/**
 * Answers a run by flags and by nothing else: what no flag answers is never assumed. Pure.
 *
 * @returns undefined when the run only has to be waited for
 */
export function answerByFlags(plan: Plan, state: RunState, answers: Answers, sofar: Sofar): Answer | undefined {
  const question = nextQuestion(plan, state);
  if (!question) return undefined;
  switch (question.kind) {
    case 'checks':
      return { intent: { kind: 'run', steps: question.steps.map(({ id }) => id) } };
    case 'secret':
      if (!takesOwnSecret(plan, question.name, answers)) return missing(secretMissing(plan, question.name));
      return { intent: { kind: 'secret', name: question.name, source: 'rehearsal' } };
    case 'guard':
      return answerGuard(question, answers);
    case 'person':
      return settled(question.step, answers) ?? missing(personMissing(question.step));
    case 'step':
      return settled(question.step, answers) ?? run(question.step, plan, state, answers, sofar);
    case 'held':
      return answerHeld(question, plan, state, answers, sofar);
    case 'incident':
      return missing(INCIDENT);
    case 'seal':
      return answerSeal(question.open, state, answers);
  }
}

/**
 * What is decided before a run begins, so that a missing answer is found before anything is started. Pure.
 *
 * @param secrets names of those that are given
 */
export function missingBefore(plan: Plan, answers: Answers, secrets: readonly string[]): ProblemDetail[] {
  const steps = pathSteps(plan).filter(({ id }) => !answers.skip.has(id));
  const state = EMPTY_RUN;
  const guarded = steps.some(({ effect }) => effect !== 'read') && !guardIsOpen(plan, state);
  const guard = guarded ? answerGuard(guardQuestion(plan), answers) : undefined;
  // A name that an earlier step captures is not known yet: that confirmation is asked for on the way.
  const named = steps.filter(({ effect, captured }) => effect === 'destroy' && captured.length === 0);
  const typed = named.filter((step) => !answers.confirm.has(destroyedBy(step, plan, state)));
  return [
    ...tooEarly(answers),
    ...(guard && 'missing' in guard ? [guard.missing] : []),
    ...missingSecrets(plan, state)
      .filter((name) => !takesOwnSecret(plan, name, answers) && !secrets.includes(name))
      .map((name) => secretMissing(plan, name)),
    ...typed.map((step) => destroyMissing(step, destroyedBy(step, plan, state))),
  ];
}

function answerGuard(
  { guard, environment }: Extract<Question, { kind: 'guard' }>,
  answers: Answers,
): Answer | undefined {
  if (guard === 'approve') return answerApproval(environment, answers);
  const given = guard === 'typed' ? answers.confirm.has(environment) : answers.yes;
  if (given) return { intent: { kind: 'guard', text: guard === 'typed' ? environment : 'yes', by: 'flag' } };
  return missing({
    code: 'answer-missing',
    what: `${environment} asks for a confirmation before anything is changed, and no flag gives it.`,
    next: [guard === 'typed' ? `--confirm=${environment}` : '--yes'],
  });
}

/** Undefined when it is waited for: it comes from somebody else, and not as an answer of ours. */
function answerApproval(environment: string, { approval }: Answers): Answer | undefined {
  if (approval === 'wait') return undefined;
  if (approval) return { intent: { kind: 'approve', approval } };
  return missing({
    code: 'answer-missing',
    what: `${environment} asks for a second person’s approval before anything is changed, and no flag gives it.`,
    means: '--yes does not: nobody approves a run of their own.',
    next: [
      '--approval wait waits until somebody approves it: tejun approve RUN',
      'tejun resume RUN --approval FILE gives what an approver elsewhere sent back',
    ],
  });
}

/** An approval names the first record of its run, which a run that is about to begin does not have yet. */
function tooEarly({ approval }: Answers): ProblemDetail[] {
  if (approval === undefined || approval === 'wait') return [];
  return [
    {
      code: 'answer-unknown',
      what: `--approval: that file approves ${approval.run}, and this run has not begun.`,
      next: ['--approval wait', `tejun resume ${approval.run} --approval FILE`],
    },
  ];
}

/** A step that the flags leave out, or say was done by hand. */
function settled({ id }: PlannedStep, { attest, skip }: Answers): Answer | undefined {
  const done = attest.get(id);
  if (done !== undefined) return { intent: { kind: 'settle', step: id, how: 'by-hand', reason: done } };
  const left = skip.get(id);
  return left === undefined ? undefined : { intent: { kind: 'settle', step: id, how: 'skipped', reason: left } };
}

function run(step: PlannedStep, plan: Plan, state: RunState, answers: Answers, { offers }: Sofar): Answer {
  const offer = offers.get(step.id);
  if (offer === undefined && mustOffer(plan, step.id)) return { intent: { kind: 'choose', step: step.id } };
  const option = optionOf(step, offer ?? 'no-choice', answers, plan.runbook.timezone);
  if (typeof option !== 'number') return option;
  if (step.effect !== 'destroy') return { intent: runChosen(step.id, offer ?? 'no-choice', option) };
  const name = destroyedBy(step, plan, state);
  if (!answers.confirm.has(name)) return missing(destroyMissing(step, name));
  const intent = runChosen(step.id, offer ?? 'no-choice', option, name);
  return { intent: intent.kind === 'run' ? { ...intent, by: 'flag' } : intent };
}

/** The index of the chosen option; 0 where there is nothing to choose. */
function optionOf(step: PlannedStep, offer: Offer, { choose }: Answers, timezone: string): number | Answer {
  if (typeof offer === 'string') return 0;
  const value = choose.get(step.id);
  if (value === undefined && choose.has(step.id)) return offer.suggested;
  const index = offer.options.findIndex((option) => option.value === value || option.label === value);
  if (index >= 0) return index;
  const suggested = offer.options[offer.suggested];
  return missing({
    code: 'answer-missing',
    what:
      value === undefined
        ? `"${step.title}" asks for a choice, and no flag makes it.`
        : `"${step.title}" does not offer ${value}.`,
    ...(offer.warning ? { means: en.rollback.warnings[offer.warning.kind](offer.warning.now) } : {}),
    next: [
      ...(suggested ? [`--choose ${step.id} takes the suggested one: ${optionLabel(suggested, timezone)}`] : []),
      ...offer.options.map(
        (option) =>
          `--choose ${step.id}=${option.value}${option.value === option.label ? '' : `  (${optionLabel(option, timezone)})`}`,
      ),
    ],
  });
}

function answerHeld(
  { step, status }: Extract<Question, { kind: 'held' }>,
  plan: Plan,
  state: RunState,
  answers: Answers,
  sofar: Sofar,
): Answer {
  if (answers.retry.has(step.id) && !sofar.retried.has(step.id)) return run(step, plan, state, answers, sofar);
  const decided = settled(step, answers);
  if (decided) return decided;
  const undo = plan.steps.find(({ id }) => id === step.undo);
  const undone = undo && state.steps[undo.id]?.status;
  if (answers.onFailure === 'undo' && undo && undone === 'waiting' && sofar.offers.get(undo.id) !== 'refused') {
    return run(undo, plan, state, { ...answers, choose: withSuggested(answers, undo.id) }, sofar);
  }
  // The way back was walked: what is left of the path is not walked any more.
  if (answers.onFailure === 'undo' && undone === 'passed') return { intent: { kind: 'seal' } };
  const { problem, summary } = state.steps[step.id] ?? {};
  const flags = [`--retry ${step.id}`, `--skip ${step.id}=REASON`, `--attest ${step.id}=NOTE`];
  const missed: ProblemDetail =
    status === 'unknown'
      ? {
          code: 'outcome-unknown',
          what: `Nobody knows whether "${step.title}" took effect: the engine ended while it ran.`,
          means: 'It is never run again by itself. Look at the target first.',
          next: flags,
        }
      : {
          code: 'step-held',
          what: `"${step.title}" ${status === 'refused' ? 'was refused' : 'failed'}: ${problem?.what ?? summary ?? status}`,
          ...(problem?.means === undefined ? {} : { means: problem.means }),
          next: [...(problem?.next ?? []), ...flags, ...(undone === 'waiting' ? ['--on-failure undo'] : [])],
        };
  const exit = status === 'unknown' ? EXIT.suspended : exitOf('failed', plan, state);
  return { missing: missed, exit };
}

/** Who asks for the way back by a flag takes the release that tejun suggests, unless he names another. */
function withSuggested({ choose }: Answers, step: string): Answers['choose'] {
  return choose.has(step) ? choose : new Map([...choose, [step, undefined]]);
}

function answerSeal(open: readonly string[], state: RunState, answers: Answers): Answer {
  for (const item of itemsOfRun(state)) {
    const said = answers.check.get(item.id);
    if (!said || item.state === said.state) continue;
    // What its steps proved needs no word of a person, and none undoes it.
    if (item.by === undefined && item.state !== 'open') continue;
    return { intent: { kind: 'check', item: item.id, ...said } };
  }
  if (open.length === 0 || answers.yes) return { intent: { kind: 'seal' } };
  const lines = state.checklist.filter(({ id }) => open.includes(id));
  return missing({
    code: 'answer-missing',
    what: `${open.length === 1 ? 'One line' : `${open.length} lines`} of the checklist would be left open.`,
    means: 'Every step was walked; the run is not sealed yet.',
    next: [
      ...lines.map(({ id, text }) => `--check ${id.replace('item-', '')}=done  (${text})`),
      '--yes seals with these lines open',
    ],
  });
}

function personMissing({ id, title }: PlannedStep): ProblemDetail {
  return {
    code: 'answer-missing',
    what: `"${title}" is done by a person, and no flag says that it was.`,
    next: [`do it, then --attest ${id}=NOTE`, `--skip ${id}=REASON leaves it out`],
  };
}

function destroyMissing({ title }: PlannedStep, name: string): ProblemDetail {
  return {
    code: 'answer-missing',
    what: `"${title}" destroys ${name}, and its name was not given.`,
    means: 'No other flag satisfies a confirmation that has to be typed; --yes does not.',
    next: [`--confirm=${name}`],
  };
}

function secretMissing(plan: Plan, name: string): ProblemDetail {
  const spec = secretSpec(plan, name);
  const step = spec && yieldedBy(plan, spec);
  return {
    code: 'answer-missing',
    what: `The secret ${name} is asked for, and nothing gives it.`,
    ...(step === undefined
      ? {}
      : { means: `"${step}" yields it, but this engine does not have it: secrets are kept nowhere.` }),
    next: [
      `--secret ${name}=@FILE reads it from a file (mode 0600)`,
      `--secret ${name}=env:VARIABLE, ${name}='cmd:COMMAND' or ${name}=- reads it elsewhere`,
    ],
  };
}

const INCIDENT: ProblemDetail = {
  code: 'incident-open',
  what: 'An incident is open in this run: its path rests until that is over.',
  next: ['go on in a terminal: tejun resume'],
};

/** A rehearsal has a value of its own for each secret, but for those that its steps yield. */
function takesOwnSecret(plan: Plan, name: string, { yes }: Answers): boolean {
  return plan.environment.rehearsal && yes && secretSpec(plan, name)?.from === undefined;
}

function missing(detail: ProblemDetail): Answer {
  return { missing: detail, exit: EXIT.suspended };
}

/** Several missing answers, or one, as the problem that a command ends with. */
export function missingProblem(problems: readonly ProblemDetail[], next: readonly string[], exit: ExitCode): Problem {
  const [first] = problems;
  if (first && problems.length === 1) {
    return new Problem({ ...first, next: [...(first.next ?? []), ...next] }, exit);
  }
  const what = `${problems.length} questions have no answer.`;
  return new Problem({ code: 'answers-missing', what, means: 'Nothing was started.', next, problems }, exit);
}
