/** A commit as the formats of git.ts print it. */
export interface Commit {
  hash: string;
  short: string;
  /** ISO 8601, of the commit. */
  at: string;
  subject: string;
}

/** Reads `git log` and `git reflog`; lines of another form are left out. Pure. */
export function commitList(stdout: string): Commit[] {
  return stdout.split('\n').flatMap((line) => {
    const [hash = '', short = '', at = '', ...subject] = line.split('\t');
    return /^[0-9a-f]{40,64}$/.test(hash) ? [{ hash, short, at, subject: subject.join(' ') }] : [];
  });
}

/** A commit that one can go back to. */
export interface Target extends Commit {
  /** This checkout has been there: its images may still be here. */
  wasHere: boolean;
}

/**
 * Where to go back to: first the commits at which this checkout has been, the latest first, then the rest of the history; never
 * the one that it is at. Pure.
 *
 * @param reflog where HEAD has been, newest first
 */
export function rollbackTargets(history: readonly Commit[], reflog: readonly Commit[]): Target[] {
  const head = reflog[0]?.hash ?? history[0]?.hash;
  const seen = new Set([head]);
  const first = (commit: Commit): boolean => {
    if (seen.has(commit.hash)) return false;
    seen.add(commit.hash);
    return true;
  };
  return [
    ...reflog.filter(first).map((commit) => ({ ...commit, wasHere: true })),
    ...history.filter(first).map((commit) => ({ ...commit, wasHere: false })),
  ];
}
