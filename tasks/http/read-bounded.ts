/** How much of an answer is read; the rest is left on the wire. */
const LONGEST_BODY = 1024 * 1024;

/** An answer's body as text, its first 1 MiB. */
export async function readBounded(response: Response): Promise<string> {
  const parts: Uint8Array[] = [];
  let length = 0;
  // Leaving the loop early cancels the body, and with it the connection.
  for await (const part of response.body ?? []) {
    parts.push(part);
    length += part.length;
    if (length >= LONGEST_BODY) break;
  }
  return Buffer.concat(parts).subarray(0, LONGEST_BODY).toString('utf8');
}
