/** The candidate that `word` was probably meant to be, or undefined when none is near enough to be worth suggesting. */
export function nearest(word: string, candidates: Iterable<string>): string | undefined {
  const lower = word.toLowerCase();
  const allowed = word.length < 5 ? 1 : word.length < 9 ? 2 : 3;
  let best: string | undefined;
  let least = allowed + 1;
  for (const candidate of candidates) {
    if (candidate === word || Math.abs(candidate.length - word.length) > allowed) continue;
    const far = distance(lower, candidate.toLowerCase());
    // A suggestion that shares nothing with the word is noise: `rm` is not a misspelt `id`.
    if (far < least && far < Math.max(word.length, candidate.length) - 1) {
      best = candidate;
      least = far;
    }
  }
  return best;
}

/** Edits (insert, delete, replace, swap two neighbours) that turn `a` into `b`: optimal string alignment. */
export function distance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= b.length; column += 1) {
      const same = a[row - 1] === b[column - 1];
      let edits = Math.min(
        (last[column] ?? 0) + 1,
        (current[column - 1] ?? 0) + 1,
        (last[column - 1] ?? 0) + (same ? 0 : 1),
      );
      if (row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1]) {
        edits = Math.min(edits, (beforeLast[column - 2] ?? 0) + 1);
      }
      current.push(edits);
    }
    beforeLast = last;
    last = current;
  }
  return last[b.length] ?? 0;
}

/** The first thing to do about a misspelt word: the near one, and every allowed one. */
export function didYouMean(word: string, candidates: readonly string[]): string[] {
  const near = nearest(word, candidates);
  const all = candidates.length > 0 && candidates.length <= 24 ? [`one of: ${candidates.join(', ')}`] : [];
  return near === undefined ? all : [`did you mean \`${near}\`?`, ...all];
}
