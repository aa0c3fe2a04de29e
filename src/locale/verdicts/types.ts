import type { VerdictName } from '../../journal/verdict.ts';

/** What a verdict on a journal amounts to, for whoever has to act on it. */
export interface Explanation {
  means: string;
  proves: string;
  /** What somebody might think that it proves. */
  provesNot: string;
  next: readonly string[];
}

/** What `tejun verify --explain` says, in one language. */
export interface VerdictMessages {
  /** `name`: the verdict as the headline has it. */
  heading(name: string): string;
  labels: Readonly<Record<keyof Explanation, string>>;
  verdicts: Readonly<Record<VerdictName, Explanation>>;
  /** No allowed_signers file says whose the key is. */
  selfDeclared: string;
  /** The seal was written afterwards. */
  late: string;
}
