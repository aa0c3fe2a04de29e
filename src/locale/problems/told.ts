import type { WrittenProblem } from '../../problem.ts';
import type { ProblemCode, SecretFault } from '../../problem-codes.ts';

/** Problems in a language. Of English there is none: a problem is written in it, for the journal, scripts and the report. */
export interface ProblemTexts {
  /** What happened, without the names in it, by the problem's code. */
  what: Readonly<Record<ProblemCode, string>>;
  /** What is wrong with a secret, as sentences that follow the text of `secret-rejected`. */
  fault: Readonly<Record<SecretFault, string>>;
  /** What to do next, by its English line; one with a command or a name in it is the same in every language. */
  next: Readonly<Record<string, string>>;
}

/** A problem as a reader is told it. */
export type ToldProblem<P extends WrittenProblem = WrittenProblem> = P & {
  /** Where `what` is in another language: the English sentence, which has the names. */
  inEnglish?: string;
};

/**
 * A problem for a reader: its sentence in the texts' language, with the English one beside it; as it is where there are no texts,
 * or where its code is of another version. Pure.
 */
export function told<P extends WrittenProblem>(problem: P, texts: ProblemTexts | undefined): ToldProblem<P> {
  const { code, what, next, faults = [] } = problem;
  if (texts === undefined || code === undefined || !Object.hasOwn(texts.what, code)) return problem;
  return {
    ...problem,
    // Japanese sets no blank between two sentences.
    what: [texts.what[code as ProblemCode], ...faults.flatMap((fault) => texts.fault[fault] ?? [])]
      .join(' ')
      .replaceAll('。 ', '。'),
    inEnglish: what,
    ...(next === undefined ? {} : { next: next.map((line) => texts.next[line] ?? line) }),
  };
}
