/**
 * The grammar of `flyctl secrets import`, with the real parser's mistakes: a `#` cuts an unquoted value, an
 * unterminated `"""` is dropped, and an error quotes the line. Pure.
 */

/** The line that is no pair. flyctl prints it, secret or not; so does this. */
export class SecretLineError extends Error {}

/** The real parser indexes past the end of `"` and panics. */
export class SecretPanic extends Error {}

/** Go's bufio.Scanner stops without an error at a line longer than this. */
const LONGEST_LINE = 64 * 1024;

export function parseSecrets(text: string): ReadonlyMap<string, string> {
  const secrets = new Map<string, string>();
  let open: { name: string; value: string } | undefined;
  const lines = text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  for (const raw of lines) {
    if (Buffer.byteLength(raw) >= LONGEST_LINE) break;
    const line = raw.endsWith('\r') ? raw.slice(0, -1) : raw;
    if (open) {
      if (line.endsWith('"""')) {
        secrets.set(open.name, open.value + line.slice(0, -3));
        open = undefined;
      } else open.value += `${line}\n`;
      continue;
    }
    if (line.startsWith('#') || line.trim() === '') continue;
    const equals = line.indexOf('=');
    if (equals < 0) throw new SecretLineError(`Secrets must be provided as NAME=VALUE pairs (${line} is invalid)`);
    const name = line.slice(0, equals).trim();
    const value = withoutComment(line.slice(equals + 1).replace(/^ +/, ''));
    if (value.startsWith('"""') && value.endsWith('"""') && value.length >= 6) secrets.set(name, value.slice(3, -3));
    else if (value.startsWith('"""')) open = { name, value: `${value.slice(3)}\n` };
    else secrets.set(name, withoutQuotes(value));
  }
  return secrets;
}

/** A `#` begins a comment unless an odd number of double quotes stands before it. */
function withoutComment(value: string): string {
  const at = value.indexOf('#');
  if (at < 0) return value;
  const before = value.slice(0, at);
  return before.split('"').length % 2 === 1 ? before.replace(/ +$/, '') : value;
}

function withoutQuotes(value: string): string {
  const quote = ['"', "'"].find((mark) => value.startsWith(mark) && value.endsWith(mark));
  if (!quote) return value;
  if (value.length === 1) throw new SecretPanic('runtime error: slice bounds out of range [1:0]');
  return value.slice(1, -1);
}
