/** How much of the whole suite is played: 1 with `npm run test:faults`, a part of it in CI, nothing but a sample in `npm test`. */
const SHARE = Number(process.env['FAULTS'] ?? 0);

export const WHOLE = SHARE >= 1;

/** So many of `all` cases as is played of the whole suite; never fewer than the sample. */
export function times(all: number, sample: number): number {
  return Math.max(sample, Math.round(all * SHARE));
}

/** `all` in the suite, whichever part of it is played; `sample` in `npm test`. */
export function suiteOr<T>(all: T, sample: T): T {
  return SHARE > 0 ? all : sample;
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
