/** The whole suite (`npm run test:faults`), or the sample of it that `npm test` runs. */
export const FULL = process.env['FAULTS'] === 'full';

/** So many of `all` cases in the whole suite, and so many in the sample. */
export function times(all: number, sample: number): number {
  return FULL ? all : sample;
}

/** A random generator that gives the same numbers for the same seed (mulberry32), so that a failure can be met again. */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
