/** How much of what is slow is played: 1 with `npm run test:secrets`, a part of it in CI. */
const SHARE = Number(process.env['SECRETS'] ?? 1);

/** So many of `all` cases as is played of the whole. */
export function times(all: number): number {
  return Math.max(1, Math.round(all * SHARE));
}
