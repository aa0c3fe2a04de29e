import type { Plan } from '../engine/plan.ts';
import type { Approval } from '../journal/approval.ts';
import { Problem, type ProblemDetail } from '../problem.ts';
import { didYouMean } from '../runbook/nearest.ts';
import { readApproval } from './approve.ts';

/** What the command line says about a line of the checklist. */
export interface CheckAnswer {
  state: 'done' | 'not-applicable' | 'not-done';
  note?: string;
}

/** Answers that were given before a run asks: the flags of `tejun run` and `tejun resume`. */
export interface Answers {
  /** Ordinary confirmations; never one that has to be typed. */
  yes: boolean;
  /** Names for what has to be typed: an environment, or what a step destroys. */
  confirm: ReadonlySet<string>;
  /** Steps that a person did, with what he or she says about it. */
  attest: ReadonlyMap<string, string>;
  /** Steps to leave out, with the reason. */
  skip: ReadonlyMap<string, string>;
  /** Steps that failed, or whose outcome is not known, to run again: once. */
  retry: ReadonlySet<string>;
  /** The option of a step that offers a choice; undefined stands for the one that tejun suggests. */
  choose: ReadonlyMap<string, string | undefined>;
  /** Lines of the checklist, by id. */
  check: ReadonlyMap<string, CheckAnswer>;
  /** What follows a failed step: nothing, or the step's own way back. */
  onFailure: 'stop' | 'undo';
  /** A second person's approval, or that it is waited for. */
  approval?: Approval | 'wait';
}

/** The flags as commander gives them. */
export interface AnswerOptions {
  yes?: boolean;
  confirm: readonly string[];
  attest: readonly string[];
  skip: readonly string[];
  retry: readonly string[];
  choose: readonly string[];
  check: readonly string[];
  onFailure: 'stop' | 'undo';
  approval?: string;
}

/** Whether any flag answers anything. */
export function answersAnything({ yes, onFailure, approval, ...lists }: AnswerOptions): boolean {
  return (
    yes === true ||
    onFailure === 'undo' ||
    approval !== undefined ||
    Object.values(lists).some((list) => list.length > 0)
  );
}

const CHECK_STATES = ['done', 'not-applicable', 'not-done'] as const satisfies readonly CheckAnswer['state'][];

/**
 * Reads the flags, and the file of an approval. Throws a `Problem` (`answer-malformed`) for one that cannot be read, or that
 * answers twice; `approval-unreadable` for a file that holds none.
 */
export function readAnswers(options: AnswerOptions): Answers {
  const attest = named('--attest', options.attest, 'migrated="looked at the table"');
  const skip = named('--skip', options.skip, 'warm-cache="no cache here"');
  const both = [...attest.keys()].find((step) => skip.has(step));
  if (both !== undefined) throw malformed(`--attest and --skip both answer ${both}.`, 'give one of them');
  return {
    yes: options.yes === true,
    confirm: new Set(options.confirm),
    attest,
    skip,
    retry: new Set(options.retry),
    choose: new Map(options.choose.map((text) => chosen(text))),
    check: new Map(options.check.map((text) => checked(text))),
    onFailure: options.onFailure,
    ...(options.approval === undefined
      ? {}
      : { approval: options.approval === 'wait' ? 'wait' : readApproval(options.approval) }),
  };
}

/** `STEP=text`, each; the text is what the journal will say, so it must not be empty. */
function named(flag: string, texts: readonly string[], example: string): Map<string, string> {
  const answers = new Map<string, string>();
  for (const text of texts) {
    const [name = '', said = ''] = text.split(/=(.*)/s);
    if (name === '' || said.trim() === '') {
      throw malformed(`${flag} ${text} does not say what to write into the journal.`, `write ${flag} ${example}`);
    }
    if (answers.has(name)) throw malformed(`${flag} ${name} was given twice.`, 'give it once');
    answers.set(name, said.trim());
  }
  return answers;
}

function chosen(text: string): [string, string | undefined] {
  const [step = '', value] = text.split(/=(.*)/s);
  if (step !== '' && value !== '') return [step, value];
  throw malformed(
    `--choose ${text} names no step and option.`,
    'write --choose STEP=VALUE, or --choose STEP for the suggested option',
  );
}

/** `3=done` or `item-3=not-applicable:there is no cache here`. */
function checked(text: string): [string, CheckAnswer] {
  const match = /^(?:item-)?(\d+)=([a-z-]+)(?::(.*))?$/s.exec(text);
  const state = CHECK_STATES.find((name) => name === match?.[2]);
  if (!match || state === undefined) {
    throw malformed(
      `--check ${text} is not a line of the checklist with its state.`,
      `write --check 3=done, or --check 3=not-applicable:REASON (states: ${CHECK_STATES.join(', ')})`,
    );
  }
  const note = match[3]?.trim();
  return [`item-${match[1]}`, { state, ...(note ? { note } : {}) }];
}

/** Answers to what nobody asks: a misspelt step, item or name would else be found out in the middle of a run. Pure. */
export function strayAnswers(answers: Answers, plan: Plan): ProblemDetail[] {
  const steps = plan.steps.map(({ id }) => id);
  const items = plan.checklist.map(({ id }) => id);
  const stray = (flag: string, names: Iterable<string>, known: readonly string[], what: string) =>
    [...names]
      .filter((name) => !known.includes(name))
      .map(
        (name): ProblemDetail => ({
          code: 'answer-unknown',
          what: `${flag} ${name}: ${what}.`,
          next: didYouMean(name, known),
        }),
      );
  const noStep = 'the plan has no such step';
  return [
    ...stray('--attest', answers.attest.keys(), steps, noStep),
    ...stray('--skip', answers.skip.keys(), steps, noStep),
    ...stray('--retry', answers.retry, steps, noStep),
    ...stray('--choose', answers.choose.keys(), steps, noStep),
    ...(answers.approval !== undefined && plan.environment.guard !== 'approve'
      ? [{ code: 'answer-unknown' as const, what: `--approval: ${plan.environment.name} asks for no approval.` }]
      : []),
    ...stray('--check', answers.check.keys(), items, 'the checklist has no such line'),
  ];
}

function malformed(what: string, next: string): Problem {
  return new Problem({ code: 'answer-malformed', what, means: 'Nothing was run.', next: [next] });
}
