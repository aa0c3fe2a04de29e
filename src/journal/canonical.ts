/**
 * Whether JSON text is written in the one form that `JSON.stringify` gives it, told from its bytes alone. A verifier reads
 * millions of lines of which it needs a few: building an object and writing it again, to compare, takes three times as
 * long. Pure.
 */

const [QUOTE, BACKSLASH, COMMA, COLON, MINUS, DOT, ZERO, NINE] = [34, 92, 44, 58, 45, 46, 48, 57] as const;
const [BRACE, BRACE_END, BRACKET, BRACKET_END] = [123, 125, 91, 93] as const;
const LITERALS: Readonly<Record<number, readonly number[]>> = {
  116: [...Buffer.from('true')],
  102: [...Buffer.from('false')],
  110: [...Buffer.from('null')],
};
/** After a backslash; every other character that must be escaped is written as \u. */
const SHORT_ESCAPES = Uint8Array.from({ length: 256 }, (_, byte) =>
  '"\\bfnrt'.includes(String.fromCharCode(byte)) ? 1 : 0,
);

/** A number of so many digits is written back as it was read: a double holds any 15 decimal digits. */
const SAFE_DIGITS = 15;
/** From the seventh on, a small number is written with an exponent. */
const SAFE_DECIMALS = 6;
const MOST_KEYS = 32;
const DEEPEST = 32;

let bytes: Uint8Array = new Uint8Array(0);
let at = 0;

/**
 * True when the first `length` bytes of `text` (valid UTF-8) surely are one JSON object in that form. False also for rare forms that
 * only `JSON.parse` and `JSON.stringify` can judge: `\u` escapes, long numbers, keys that look like numbers.
 */
export function isSurelyCanonical(text: Uint8Array, length = text.length): boolean {
  bytes = text;
  at = 0;
  return bytes[0] === BRACE && object(0) && at === length;
}

function value(depth: number): boolean {
  const first = bytes[at] ?? 0;
  if (first === QUOTE) return string();
  if (first === BRACE) return depth < DEEPEST && object(depth + 1);
  if (first === BRACKET) return depth < DEEPEST && array(depth + 1);
  const literal = LITERALS[first];
  return literal ? word(literal) : number();
}

function word(literal: readonly number[]): boolean {
  for (const byte of literal) if (bytes[at++] !== byte) return false;
  return true;
}

/** A backslash before what need not be escaped, or a raw control character, is not in the form. */
function string(): boolean {
  const text = bytes;
  let i = at + 1;
  for (;;) {
    const byte = text[i++];
    if (byte === QUOTE) {
      at = i;
      return true;
    }
    if (byte === BACKSLASH) {
      if (SHORT_ESCAPES[text[i++] ?? 0] !== 1) return false;
    } else if (byte === undefined || byte < 0x20) return false;
  }
}

function number(): boolean {
  if (bytes[at] === MINUS) {
    at++;
    // Minus zero is written as zero.
    if (bytes[at] === ZERO) return false;
  }
  const start = at;
  const whole = digits();
  if (whole === 0 || (whole > 1 && bytes[start] === ZERO)) return false;
  if (bytes[at] !== DOT) return whole <= SAFE_DIGITS && !isExponent();
  at++;
  const decimals = digits();
  if (decimals === 0 || decimals > SAFE_DECIMALS || whole + decimals > SAFE_DIGITS) return false;
  return bytes[at - 1] !== ZERO && !isExponent();
}

function digits(): number {
  const start = at;
  for (let byte = bytes[at] ?? 0; byte >= ZERO && byte <= NINE; byte = bytes[++at] ?? 0);
  return at - start;
}

function isExponent(): boolean {
  return bytes[at] === 0x65 || bytes[at] === 0x45;
}

function array(depth: number): boolean {
  at++;
  if (bytes[at] === BRACKET_END) {
    at++;
    return true;
  }
  for (;;) {
    if (!value(depth)) return false;
    const next = bytes[at++];
    if (next === BRACKET_END) return true;
    if (next !== COMMA) return false;
  }
}

function object(depth: number): boolean {
  at++;
  if (bytes[at] === BRACE_END) {
    at++;
    return true;
  }
  const keys: number[] = [];
  for (;;) {
    const start = at;
    // Keys that look like numbers are put in another order when they are read.
    const first = bytes[start + 1] ?? 0;
    if (bytes[start] !== QUOTE || (first >= ZERO && first <= NINE) || !string()) return false;
    if (isAmong(keys, start, at) || keys.length >= 2 * MOST_KEYS) return false;
    keys.push(start, at);
    if (bytes[at++] !== COLON || !value(depth)) return false;
    const next = bytes[at++];
    if (next === BRACE_END) return true;
    if (next !== COMMA) return false;
  }
}

/** Whether the key from `start` to `end` is one of those whose places are given: in this form equal texts are equal bytes. */
function isAmong(keys: readonly number[], start: number, end: number): boolean {
  for (let k = 0; k < keys.length; k += 2) {
    const other = keys[k] ?? 0;
    if ((keys[k + 1] ?? 0) - other !== end - start) continue;
    let i = 1;
    while (start + i < end && bytes[start + i] === bytes[other + i]) i++;
    if (start + i === end) return true;
  }
  return false;
}
