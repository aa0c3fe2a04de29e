/**
 * The chain: how a record becomes a line, and how lines are checked to follow one another. Pure.
 *
 * A line is the JSON of one record and a newline, in the one form that `JSON.stringify` gives it, so that a line can
 * be read in only one way: no duplicate keys, no spare spaces, no second spelling of a character.
 */
import { createHash } from 'node:crypto';
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
  return createHash('sha256').update(line).digest('hex');
}

/** The end of the chain after `line` was added to it. */
export function extend(end: ChainEnd, line: Uint8Array): ChainEnd {
  return { seq: end.seq + 1, head: hashLine(line), bytes: end.bytes + line.byteLength };
}

export type LineCheck = { ok: true; record: JournalRecord; end: ChainEnd } | { ok: false; reason: string };

/**
 * Reads a line (bytes, newline included) as the next one after `end`. Gives the record and the new end, or in a few
 * words why the line cannot stand there.
 */
export function checkLine(line: Uint8Array, end: ChainEnd): LineCheck {
  const record = parseLine(line);
  if (typeof record === 'string') return { ok: false, reason: record };
  if (record.seq !== end.seq) return { ok: false, reason: `it is numbered ${record.seq}, expected ${end.seq}` };
  if (record.prev !== end.head) return { ok: false, reason: 'its `prev` is not the hash of the line before it' };
  if ((record.seq === 0) !== (record.type === 'begin'))
    return { ok: false, reason: record.seq === 0 ? 'it is not a `begin` record' : 'it is a second `begin` record' };
  return { ok: true, record, end: extend(end, line) };
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
    records.push(checked.record);
    end = checked.end;
  }
  return { ok: true, records, end };
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** The record of a line, or why it is none. */
function parseLine(line: Uint8Array): JournalRecord | string {
  if (line.at(-1) !== 0x0a) return 'it has no newline at its end';
  let text: string;
  let value: unknown;
  try {
    text = utf8.decode(line.subarray(0, -1));
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
