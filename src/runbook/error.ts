import { EXIT, type ExitCode, Problem, type ProblemDetail } from '../problem.ts';

/** A runbook that cannot be walked, or not so: everything found in it, in the order of the document. */
export class RunbookError extends Problem {
  override readonly problems: readonly ProblemDetail[];

  /** @param problems at least one, each with its own place and what would be right */
  constructor(file: string, problems: readonly ProblemDetail[], exit: ExitCode = EXIT.usage) {
    const sorted = problems.toSorted((a, b) => order(a) - order(b));
    super(
      {
        code: 'runbook-invalid',
        what: sorted.length === 1 ? `1 problem in ${file}` : `${sorted.length} problems in ${file}`,
        means: 'Nothing was run.',
        problems: sorted,
      },
      exit,
    );
    this.name = 'RunbookError';
    this.problems = sorted;
  }
}

function order({ where }: ProblemDetail): number {
  return (where?.line ?? 0) * 10_000 + Math.min(where?.column ?? 0, 9_999);
}
