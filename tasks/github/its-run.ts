import * as z from 'zod';
import type { ProblemDetail } from '../../src/problem.ts';

/** A run as `gh run list --json` tells it. */
export const run = z.looseObject({
  databaseId: z.number(),
  status: z.string(),
  createdAt: z.string(),
  headBranch: z.string().nullish(),
  url: z.string(),
});

export const runList = z.array(run);

export type ListedRun = z.infer<typeof run>;

/** The run whose address gh printed (2.87 and newer); undefined when it printed none. Pure. */
export function runInOutput(stdout: string): { id: number; url: string } | undefined {
  const found = /https:\/\/\S+\/actions\/runs\/(\d+)/.exec(stdout);
  return found ? { id: Number(found[1]), url: found[0] } : undefined;
}

/**
 * The run that a dispatch made: the one that was not listed before it. Undefined when there is none yet. Two are not
 * guessed between: somebody else has dispatched the same workflow at the same moment. Pure.
 */
export function newRun(
  before: readonly ListedRun[],
  after: readonly ListedRun[],
  ref: string,
): ListedRun | ProblemDetail | undefined {
  const known = new Set(before.map(({ databaseId }) => databaseId));
  const fresh = after.filter(({ databaseId, headBranch }) => !known.has(databaseId) && (headBranch ?? ref) === ref);
  if (fresh.length < 2) return fresh[0];
  return {
    code: 'github-run-ambiguous',
    what: `${fresh.length} runs of this workflow have begun at the same moment: ${fresh.map(({ databaseId }) => databaseId).join(', ')}.`,
    means: 'The dispatch was done; which of them is its run is not known.',
    next: [...fresh.map(({ url }) => url), 'gh 2.87 or newer tells the run itself'],
  };
}
