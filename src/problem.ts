/**
 * The one family of errors. Every failure that an operator can meet is a `Problem`: what happened, where,
 * what it means, and what to do next. Anything else that is thrown is a bug of tejun and exits with `EXIT.bug`.
 */
import type { ProblemCode, SecretFault } from './problem-codes.ts';

/** Exit codes of the program; a stable interface, documented in docs/exit-codes.md. */
export const EXIT = {
  done: 0,
  /** A step failed and its undo was run: the target is as before. */
  failedRolledBack: 1,
  /** Bad arguments, a bad runbook, a missing answer: nothing was started. */
  usage: 2,
  /** The pre-flight failed: nothing was changed. */
  preflight: 3,
  /** A platform refused the operator's credentials. */
  auth: 4,
  /** A step failed and nothing undid it. */
  failed: 5,
  /** The run is not finished; `tejun resume` goes on with it. */
  suspended: 6,
  /** Another operator holds this runbook and environment, or a guard refused. */
  refused: 7,
  /** The journal or the state directory cannot be written: no step was started. */
  journal: 8,
  /** The rehearsal's platform could not be started. */
  rehearsal: 9,
  /** The team's store did not answer: what only it has could not be had. */
  store: 10,
  /** Verdicts of `tejun verify`; 0 is sealed. */
  unsealed: 20,
  unsignedTail: 21,
  torn: 22,
  chainBroken: 23,
  badSignature: 24,
  unknownSigner: 25,
  otherRun: 26,
  olderThanReceipt: 27,
  rehearsalJournal: 28,
  bug: 70,
  /** The operator cancelled (Ctrl-C) before anything was changed. */
  cancelled: 130,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** A place in a file, 1-based, as editors count. `text` is the offending text, never a secret. */
export interface Where {
  file: string;
  line?: number;
  column?: number;
  text?: string;
}

export interface ProblemDetail {
  /** Stable kebab-case name, e.g. `runbook-not-found`; scripts may match on it. */
  code: ProblemCode;
  /** One sentence: what happened. */
  what: string;
  where?: Where;
  /** What it means for the operator: what was and was not changed. */
  means?: string;
  /** What to do next, most likely first; commands are written so that they can be pasted. */
  next?: readonly string[];
  /** Who stands in the way, when somebody does: the operator of a run that holds a lock. */
  holder?: { run: string; operator: string; host: string; from?: string; since: string; step?: string };
  /** What is wrong with the secret, when one was not taken; `what` says it too. */
  faults?: readonly SecretFault[];
  /** Everything found, where one look finds several things (a runbook with errors). */
  problems?: readonly ProblemDetail[];
}

/**
 * A problem as it was written down: its code may be of another version of tejun, or absent where a step failed without saying
 * why.
 */
export type WrittenProblem = Omit<ProblemDetail, 'code'> & { code?: string };

/** An expected failure. Its text never holds a secret: build it from redacted parts only. */
export class Problem extends Error implements ProblemDetail {
  readonly code: ProblemCode;
  readonly what: string;
  readonly where?: Where;
  readonly means?: string;
  readonly next: readonly string[];
  readonly holder?: NonNullable<ProblemDetail['holder']>;
  readonly faults?: readonly SecretFault[];
  readonly problems?: readonly ProblemDetail[];
  readonly exit: ExitCode;

  constructor(detail: ProblemDetail, exit: ExitCode = EXIT.usage, options?: { cause?: unknown }) {
    super(detail.what, options);
    this.name = 'Problem';
    this.code = detail.code;
    this.what = detail.what;
    if (detail.where) this.where = detail.where;
    if (detail.means) this.means = detail.means;
    this.next = detail.next ?? [];
    if (detail.holder) this.holder = detail.holder;
    if (detail.faults) this.faults = detail.faults;
    if (detail.problems) this.problems = detail.problems;
    this.exit = exit;
  }

  /** The plain data of this problem, for the journal, the link and `--json`. */
  get detail(): ProblemDetail {
    return {
      code: this.code,
      what: this.what,
      ...(this.where ? { where: this.where } : {}),
      ...(this.means ? { means: this.means } : {}),
      ...(this.next.length > 0 ? { next: this.next } : {}),
      ...(this.holder ? { holder: this.holder } : {}),
      ...(this.faults ? { faults: this.faults } : {}),
      ...(this.problems ? { problems: this.problems } : {}),
    };
  }
}

/**
 * What may be said of an error that nobody expected: its name and the first line of its message. Never its stack and fields:
 * they hold command lines, connections and whole requests (execa, pg, Node). Whoever may know a secret redacts even this.
 */
export function faultText(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message.split('\n', 1)[0]}` : 'unknown error';
}

/** `file:line:column`, as compilers print it and terminals make it clickable. */
export function formatWhere(where: Where): string {
  return [where.file, where.line, where.line === undefined ? undefined : where.column]
    .filter((part) => part !== undefined)
    .join(':');
}

/** A problem as plain lines of text, without colour: the form of stderr, of the plain front end and of logs. */
export function formatProblem(problem: ProblemDetail): string {
  const lines = [`✖ ${problem.what}`];
  if (problem.where) {
    lines.push(`  at ${formatWhere(problem.where)}`);
    if (problem.where.text) lines.push(`  │ ${problem.where.text}`);
  }
  if (problem.means) lines.push(`  ${problem.means}`);
  for (const step of problem.next ?? []) lines.push(`  → ${step}`);
  for (const each of problem.problems ?? []) lines.push('', formatProblem(each));
  return lines.join('\n');
}
