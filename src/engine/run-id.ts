import { randomBytes } from 'node:crypto';

/** Crockford's base 32: no i, l, o, u, so that an id can be read out on the phone. */
const DIGITS = '0123456789abcdefghjkmnpqrstvwxyz';

/** A new run id, e.g. `20261122-053012-k3x9q2fm`: sorts by start (UTC), and 40 random bits keep two runs apart. */
export function newRunId(now: Date = new Date()): string {
  const stamp = now.toISOString().replaceAll(/[-:]/g, '').replace('T', '-').slice(0, 15);
  const random = Array.from(randomBytes(8), (byte) => DIGITS[byte % 32]).join('');
  return `${stamp}-${random}`;
}
