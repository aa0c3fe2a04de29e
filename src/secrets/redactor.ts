import { hasEscapes, withoutEscapes } from './escapes.ts';
import { Matcher, type Units } from './matcher.ts';
import { type Pattern, patternsOf, SHORTEST_ANYWHERE, SHORTEST_TOKEN } from './patterns.ts';
import type { Secret } from './secret.ts';

/** How well a secret can be kept out of sight. */
export interface Maskability {
  /** False for what is shorter than four characters: the caller refuses it, or suppresses the step's output. */
  maskable: boolean;
  /** Shorter than eight characters: masked only where it stands as a whole token, and worth a warning. */
  weak: boolean;
}

/** A text in chunks. What might be the beginning of a secret is held back until the next chunk decides. */
export interface RedactedStream {
  push(chunk: string): string;
  /**
   * Lets a finished line go that is held back only because its last few characters could begin a secret; for when the
   * program pauses. At most three characters of a secret can show this way, and the rest is masked when it follows.
   */
  settle(): string;
  /** The rest, when the text has ended. */
  flush(): string;
}

/** The one gate between the engine and everything that is drawn, stored or sent (design §6). */
export interface Redactor {
  /** From now on the secret is masked, in every form that docs/security.md lists. Registering twice changes nothing. */
  register(secret: Secret): Maskability;
  stream(): RedactedStream;
  text(text: string): string;
  /** The same data with every string in it masked: keys too, and numbers whose digits are a secret. */
  value<T>(value: T): T;
}

/** What a stream keeps between two chunks. */
interface StreamState {
  /** Text that is not decided yet, with the character before it. */
  held: string;
  /** Nothing begins before this: the character before it is there only to tell whether a word goes on. */
  begins: number;
  /** So much of `held` has been given out, or is masked already. */
  given: number;
  /** A mask that was given out covers `held` up to here. */
  maskedTo: number;
}

const NOTHING: Readonly<StreamState> = { held: '', begins: 0, given: 0, maskedTo: 0 };

interface Span {
  start: number;
  end: number;
  name: string;
}

interface Scan {
  spans: readonly Span[];
  /** Nothing from here on is decided. */
  hold: number;
  /** Where the character before `hold` begins. */
  context: number;
}

/** What a pipe gives at once; larger chunks are worked on in pieces that stay in the processor’s cache. */
const SLICE = 64 * 1024;
/** A line break or colour between two characters of a secret is passed over, thousands of them are not. */
const MOST_HELD = 64 * 1024;
/** So few characters of a secret may show when a pause follows them. */
const MOST_SETTLED = 3;

/** A redactor that knows no secret yet. */
export function createRedactor(): Redactor {
  const known = new WeakMap<Secret, Maskability>();
  const patterns = new Map<string, Pattern>();
  let matchers: readonly Matcher[] | undefined;
  let scratch = Buffer.alloc(2 * SLICE);

  function register(secret: Secret): Maskability {
    const before = known.get(secret);
    if (before) return before;
    const { length, found } = secret.use((bytes) => ({
      length: bytes.toString('utf8').length,
      found: patternsOf(secret.name, bytes),
    }));
    for (const pattern of found) if (!patterns.has(pattern.text)) patterns.set(pattern.text, pattern);
    matchers = undefined;
    const maskability = { maskable: length >= SHORTEST_TOKEN, weak: length < SHORTEST_ANYWHERE };
    known.set(secret, maskability);
    return maskability;
  }

  /** Tokens apart: their shortness would make the search for the others slow. */
  function compiled(): readonly Matcher[] {
    matchers ??= [false, true]
      .map((wholeToken) => [...patterns.values()].filter((pattern) => pattern.wholeToken === wholeToken))
      .filter((group) => group.length > 0)
      .map((group) => new Matcher(group));
    return matchers;
  }

  /** Written part by part: joining them first would copy every chunk once more. */
  function unitsOf(held: string, chunk: string): Units {
    const length = held.length + chunk.length;
    if (scratch.length < 2 * length) scratch = Buffer.alloc(4 * length);
    const ascii = Buffer.byteLength(held) + Buffer.byteLength(chunk) === length;
    scratch.write(held, ascii ? 'latin1' : 'utf16le');
    scratch.write(chunk, held.length * (ascii ? 1 : 2), ascii ? 'latin1' : 'utf16le');
    return ascii
      ? new Uint8Array(scratch.buffer, scratch.byteOffset, length)
      : new Uint16Array(scratch.buffer, scratch.byteOffset, length);
  }

  /** Spans of the text, with and without its escape sequences: a title may hold a secret, a colour may cut one in two. */
  function scan(held: string, chunk: string, ended: boolean): Scan {
    const spans: Span[] = [];
    let hold = search(unitsOf(held, chunk), ended, (start, end, { name }) => spans.push({ start, end, name }));
    let context = Math.max(0, hold - 1);
    if (hasEscapes(held) || hasEscapes(chunk)) {
      const { text: plain, origin, complete } = withoutEscapes(held + chunk);
      const originOf = (index: number) => origin[index] as number;
      const plainHold = search(unitsOf('', plain), ended, (start, end, { name }) =>
        spans.push({ start: originOf(start), end: originOf(end - 1) + 1, name }),
      );
      if (!ended) hold = Math.min(hold, originOf(plainHold), complete);
      context = beforeIn(origin, plain.length, hold);
    }
    return { spans: spans.sort(byStart), hold, context };
  }

  /** Reports every occurrence of every secret, and says from where on one may still be under way. */
  function search(units: Units, ended: boolean, found: (start: number, end: number, pattern: Pattern) => void): number {
    const { length } = units;
    let hold = length;
    for (const matcher of compiled()) {
      matcher.find(units, length, ended, found);
      if (!ended) hold = Math.min(hold, matcher.pendingFrom(units, length));
    }
    return Math.max(hold, length - MOST_HELD);
  }

  function advance(state: StreamState, chunk: string, ended: boolean): string {
    const { held } = state;
    const { spans, hold, context } = scan(held, chunk, ended);
    const text = (from: number, to?: number) => sliceOf(held, chunk, from, to);
    let { given, maskedTo } = state;
    let out = '';
    for (const span of spans) {
      if (span.start < state.begins) continue;
      if (span.start >= hold) break;
      if (span.start >= maskedTo) {
        if (span.end <= given) continue;
        out += `${text(given, Math.max(given, span.start))}[${span.name}]`;
      }
      maskedTo = Math.max(maskedTo, span.end);
      given = Math.max(given, span.end);
    }
    if (hold > given) {
      out += text(given, hold);
      given = hold;
    }
    state.held = text(context);
    state.begins = hold - context;
    state.given = given - context;
    state.maskedTo = maskedTo - context;
    return out;
  }

  function stream(): RedactedStream {
    const state: StreamState = { ...NOTHING };
    return {
      push(chunk) {
        if (chunk.length <= SLICE) return advance(state, chunk, false);
        let out = '';
        for (let at = 0; at < chunk.length; at += SLICE) out += advance(state, chunk.slice(at, at + SLICE), false);
        return out;
      },
      settle() {
        const rest = state.held.slice(state.given);
        if (!rest.endsWith('\n') || hasEscapes(rest) || rest.replace(/[\r\n]/g, '').length > MOST_SETTLED) return '';
        state.given = state.held.length;
        return rest;
      },
      flush() {
        const out = advance(state, '', true);
        Object.assign(state, NOTHING);
        return out;
      },
    };
  }

  function text(whole: string): string {
    // Nothing follows, so that nothing is held back: one search instead of two.
    if (whole.length <= SLICE) return advance({ ...NOTHING }, whole, true);
    const parts = stream();
    return parts.push(whole) + parts.flush();
  }

  return { register, stream, text, value: (value) => mapStrings(value, text) };
}

/** `(held + chunk).slice(from, to)`, without joining them when the slice lies in the chunk, as it nearly always does. */
function sliceOf(held: string, chunk: string, from: number, to = held.length + chunk.length): string {
  if (from >= held.length) return chunk.slice(from - held.length, to - held.length);
  return held.slice(from, to) + chunk.slice(0, Math.max(0, to - held.length));
}

function byStart(one: Span, other: Span): number {
  return one.start - other.start || other.end - one.end;
}

/** Where the last unit before `hold` came from. */
function beforeIn(origin: Uint32Array, length: number, hold: number): number {
  let index = length - 1;
  while (index >= 0 && (origin[index] as number) >= hold) index -= 1;
  return index < 0 ? 0 : (origin[index] as number);
}

function mapStrings<T>(value: T, text: (text: string) => string): T;
function mapStrings(value: unknown, text: (text: string) => string): unknown {
  if (typeof value === 'string') return text(value);
  if (typeof value === 'number') {
    const digits = String(value);
    const masked = text(digits);
    return masked === digits ? value : masked;
  }
  if (Array.isArray(value)) return value.map((item) => mapStrings(item, text));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [text(key), mapStrings(item, text)]));
}
