/** Waited for when a refusal does not say how long. */
const UNSAID_MS = 5_000;
const SHORTEST_MS = 250;
/** No refusal makes an operator wait longer than this at once. */
export const LONGEST_WAIT_MS = 60_000;
/** A `Ratelimit-Reset` above this is a moment (seconds since 1970), below it a number of seconds from now. */
const EPOCH_SECONDS = 1_000_000_000;

/**
 * How long to wait before a refused request (429, 423) is sent again, in milliseconds, bounded. Pure.
 *
 * `Retry-After` is seconds or a date (RFC 9110 §10.2.3). `Ratelimit-Reset` is described by Render as epoch seconds while its
 * example shows 45, so both are understood.
 *
 * @param now milliseconds since 1970
 */
export function askedToWait(header: (name: string) => string | null, now: number): number {
  const asked = retryAfter(header('retry-after'), now) ?? reset(header('ratelimit-reset'), now) ?? UNSAID_MS;
  return Math.min(LONGEST_WAIT_MS, Math.max(SHORTEST_MS, asked));
}

function retryAfter(text: string | null, now: number): number | undefined {
  if (text === null) return undefined;
  if (/^\d+$/.test(text.trim())) return Number(text) * 1000;
  const date = Date.parse(text);
  return Number.isNaN(date) ? undefined : date - now;
}

function reset(text: string | null, now: number): number | undefined {
  if (text === null || !/^\d+(\.\d+)?$/.test(text.trim())) return undefined;
  const seconds = Number(text);
  return seconds > EPOCH_SECONDS ? seconds * 1000 - now : seconds * 1000;
}

/** Set by a rehearsal, whose jobs and deploys take moments. */
const POLL_VARIABLE = 'TEJUN_RENDER_POLL_MS';
/** Quick at first, then as slow as suits Render's limits. */
const POLLS_MS = [1_000, 2_000, 3_000];
const POLL_MS = 5_000;

/** Milliseconds before the n-th look (from 0) at something that takes its time. Pure. */
export function pollDelay(env: Readonly<Record<string, string>>, n: number): number {
  const said = Number(env[POLL_VARIABLE]);
  return said > 0 ? said : (POLLS_MS[n] ?? POLL_MS);
}
