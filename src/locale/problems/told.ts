import type { ProblemDetail } from '../../problem.ts';

/** Problems that operators meet on screens most: of each there is a text in every language. */
export const TOLD = [
  'approval-refused',
  'budget-spent',
  'busy',
  'engine-failed',
  'environment-sealed',
  'expected-text-missing',
  'guard-refused',
  'guard-unsatisfied',
  'journal-dead',
  'journal-low',
  'journal-not-writable',
  'lock-away',
  'lock-held',
  'lock-lost',
  'needs-unmet',
  'not-typed',
  'outcome-unknown',
  'run-over',
  'run-sealed',
  'runbook-changed',
  'secret-empty',
  'secret-missing',
  'secret-rejected',
  'step-running',
  'step-stopped',
  'step-timeout',
  'step-unresponsive',
  'store-away',
  'watch-away',
] as const;

export type ToldCode = (typeof TOLD)[number];

/** A problem in a language: what happened, without the names in it, and where it can be said, what to do. */
export interface ProblemText {
  what: string;
  next?: readonly string[];
}

/** Of English none is needed: a problem is written in it, for the journal, scripts and the report. */
export type ProblemTexts = Readonly<Record<ToldCode, ProblemText>>;

/**
 * A problem for a reader: in the texts' language where they have its code, with its English sentence, which has the names, behind
 * it; else as it is. Pure.
 */
export function told<P extends Partial<Pick<ProblemDetail, 'code'>> & Pick<ProblemDetail, 'what' | 'means' | 'next'>>(
  problem: P,
  texts: ProblemTexts | undefined,
): P {
  const code = TOLD.find((known) => known === problem.code);
  if (texts === undefined || code === undefined) return problem;
  const { what, next = problem.next } = texts[code];
  return { ...problem, what, means: problem.what, ...(next === undefined ? {} : { next }) };
}
