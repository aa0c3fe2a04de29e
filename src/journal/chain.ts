/**
 * The chain: how a record becomes a line, and how lines are checked to follow one another. Pure.
 *
 * A line is the JSON of one record and a newline, in the one form that `JSON.stringify` gives it, so that a line can
 * be read in only one way: no duplicate keys, no spare spaces, no second spelling of a character.
 */
import { isUtf8 } from 'node:buffer';
import { hash } from 'node:crypto';
import { isSurelyCanonical } from './canonical.ts';
import { type Entry, GENESIS, type JournalRecord, type Link } from './records.ts';

/** Longest line that is written or read, in bytes: a file that is not a journal cannot fill the memory. */
export const LONGEST_LINE = 32 * 1024 * 1024;

/** Where a chain has got to: what the next line must carry. */
export interface ChainEnd {
  /** `seq` of the next record, which is also the number of records so far. */
  seq: number;
  /** SHA-256, hex, of the last line; `GENESIS` before the first. */
  head: string;
  /** Size of the lines so far. */
  bytes: number;
}

export const CHAIN_START: ChainEnd = { seq: 0, head: GENESIS, bytes: 0 };

/** The line of `entry`, newline included. The link's fields come first and win over fields of the same name. */
export function serialise(entry: Entry, link: Link): string {
  const { seq, at, mono, prev } = link;
  const place = { seq, at, mono, prev };
  return `${JSON.stringify({ ...place, ...entry, ...place }, wellFormed)}\n`;
}

/** Half a surrogate pair is legal in JSON text, but jq and others refuse the whole line for it. */
function wellFormed(_key: string, value: unknown): unknown {
  return typeof value === 'string' ? value.toWellFormed() : value;
}

/** SHA-256, hex, of a line including its newline. */
export function hashLine(line: string | Uint8Array): string {
  return hash('sha256', line, 'hex');
}

/** The end of the chain after `line` was added to it. */
export function extend(end: ChainEnd, line: Uint8Array): ChainEnd {
  return { seq: end.seq + 1, head: hashLine(line), bytes: end.bytes + line.byteLength };
}

/** A line that is in its place. Its record is read only when it is asked for: a verifier needs few of them. */
export interface Chained extends Link {
  type: JournalRecord['type'];
  /** The bytes, newline included. */
  bytes: Uint8Array;
  record(): JournalRecord;
}

/** Tells a line from its bytes and its place, where all that it says can be foreseen; undefined where it has to be read. */
export type Foresee = (bytes: Uint8Array, end: ChainEnd) => Chained | undefined;

export type LineCheck = { ok: true; line: Chained; end: ChainEnd } | { ok: false; reason: string };

/**
 * Reads a line (bytes, newline included) as the next one after `end`. Gives the line and the new end, or in a few
 * words why the line cannot stand there.
 */
export function checkLine(bytes: Uint8Array, end: ChainEnd, foresee?: Foresee): LineCheck {
  const foreseen = foresee?.(bytes, end);
  if (foreseen) return { ok: true, line: foreseen, end: extend(end, bytes) };
  const line = readLine(bytes, end);
  if (typeof line === 'string') return { ok: false, reason: line };
  if (line.seq !== end.seq) return { ok: false, reason: `it is numbered ${line.seq}, expected ${end.seq}` };
  if (line.prev !== end.head) return { ok: false, reason: 'its `prev` is not the hash of the line before it' };
  if ((line.seq === 0) !== (line.type === 'begin'))
    return { ok: false, reason: line.seq === 0 ? 'it is not a `begin` record' : 'it is a second `begin` record' };
  return { ok: true, line, end: extend(end, bytes) };
}

export type ChainCheck =
  | { ok: true; records: JournalRecord[]; end: ChainEnd }
  | { ok: false; at: number; reason: string };

/** Checks a whole sequence of lines; `at` is the place (as `seq` counts) of the first line that does not fit. */
export function checkChain(lines: Iterable<Uint8Array>): ChainCheck {
  const records: JournalRecord[] = [];
  let end = CHAIN_START;
  for (const line of lines) {
    const checked = checkLine(line, end);
    if (!checked.ok) return { ok: false, at: end.seq, reason: checked.reason };
    records.push(checked.line.record());
    end = checked.end;
  }
  return { ok: true, records, end };
}

/** The line of a record, or why it is none. `end` is where it is expected. */
function readLine(bytes: Uint8Array, end: ChainEnd): Chained | string {
  if (bytes.at(-1) !== 0x0a) return 'it has no newline at its end';
  if (!isUtf8(bytes)) return 'it is not JSON';
  const text = asBuffer(bytes);
  if (isSurelyCanonical(text, text.length - 1)) {
    const place = placeAfter(end, text);
    if (place) return { ...place, bytes, record: () => JSON.parse(text.toString()) as JournalRecord };
  }
  const record = parseRecord(text.toString('utf8', 0, text.length - 1));
  if (typeof record === 'string') return record;
  const { seq, at, mono, prev, type } = record;
  return { seq, at, mono, prev, type, bytes, record: () => record };
}

/** The same bytes, not a copy. */
export function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** No longer than the place of a record is, at the beginning of its line. */
const PLACE_BYTES = 256;
/** Of an `at`: a record's is an ISO time in UTC. */
const TIME_LENGTH = 24;

/**
 * The place of a record in the JSON text of its line, when it is the one that follows `end`, as `serialise` writes it. Undefined
 * where only reading the record can tell.
 */
function placeAfter({ seq, head: prev }: ChainEnd, text: Buffer): (Link & Pick<Chained, 'type'>) | undefined {
  const start = text.toString('latin1', 0, PLACE_BYTES);
  const before = `{"seq":${seq},"at":"`;
  const mid = before.length + TIME_LENGTH;
  if (!start.startsWith(before) || !start.startsWith('","mono":', mid)) return undefined;
  const monoFrom = mid + '","mono":'.length;
  const monoTo = start.indexOf(',', monoFrom);
  const after = `,"prev":"${prev}","type":"`;
  if (!start.startsWith(after, monoTo)) return undefined;
  const typeFrom = monoTo + after.length;
  const [at, mono] = [start.slice(before.length, mid), start.slice(monoFrom, monoTo)];
  const type = start.slice(typeFrom, start.indexOf('"', typeFrom));
  if (!TIME.test(at) || !PLAIN_NUMBER.test(mono) || !TYPE.test(type)) return undefined;
  return { seq, at, mono: Number(mono), prev, type: type as Chained['type'] };
}

const TIME = /^[\d:.TZ-]+$/;
const PLAIN_NUMBER = /^[\d.]+$/;
const TYPE = /^[a-z.]+$/;

function parseRecord(text: string): JournalRecord | string {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return 'it is not JSON';
  }
  if (!isRecord(value)) return 'it is not a record of a journal';
  if (JSON.stringify(value) !== text) return 'it is not written in the one form that a journal uses';
  return value;
}

/** Whether a parsed value has the fields of a record's place in the chain; its own fields are not looked at. */
export function isRecord(value: unknown): value is JournalRecord {
  if (typeof value !== 'object' || value === null) return false;
  const { seq, at, mono, prev, type } = value as Partial<Record<keyof Link | 'type', unknown>>;
  return (
    Number.isSafeInteger(seq) &&
    typeof at === 'string' &&
    typeof mono === 'number' &&
    typeof prev === 'string' &&
    typeof type === 'string'
  );
}
