import type { FindSecret } from '../../src/exec/command.ts';
import { Secret } from '../../src/secrets/secret.ts';

/**
 * The first URL in a child's output, as a secret of its own; undefined when there is none. Works on the bytes, so that no
 * string with a password is left behind.
 */
export const urlIn: FindSecret = (output, name) =>
  output.use((bytes) => {
    const colon = bytes.indexOf('://');
    if (colon < 1) return undefined;
    let start = colon;
    while (start > 0 && isSchemeByte(bytes[start - 1])) start -= 1;
    let end = colon + 3;
    while (end < bytes.length && (bytes[end] ?? 0) > 0x20) end += 1;
    return start === colon ? undefined : new Secret(name, Buffer.from(bytes.subarray(start, end)));
  });

/** Lower-case letters and `+`: `postgresql+asyncpg`, yet not the `NAME=` in front of it. */
function isSchemeByte(byte: number | undefined): boolean {
  return byte === 0x2b || (byte !== undefined && byte >= 0x61 && byte <= 0x7a);
}
