/**
 * Reading a journal that exists. A crash or a power cut can leave the last line torn, and nothing else: a torn line
 * was never acknowledged, so it is cut off (and kept aside). A break anywhere else is damage or forgery, and refused.
 */
import { createHash } from 'node:crypto';
import { closeSync, existsSync, fsyncSync, ftruncateSync, openSync, readSync, writeSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { EXIT, Problem } from '../problem.ts';
import { CHAIN_START, type ChainEnd, checkLine, isRecord } from './chain.ts';
import { syncDirectory } from './durable.ts';
import { linesOfFile } from './lines.ts';
import type { JournalRecord } from './records.ts';
import { continueJournal, type Journal, type JournalOptions, type Resumption } from './writer.ts';

export interface Recovered {
  records: JournalRecord[];
  /** What `continueJournal` needs. */
  resumption: Resumption;
  /** Set when a torn tail was cut off: how many bytes, and the file beside the journal that keeps them. */
  recovered?: { bytes: number; file: string };
}

/**
 * All records of the journal at `path`. A last line that is being written right now is left out. Throws a `Problem`:
 * `journal-not-found`, `not-a-journal`, or `chain-broken` (EXIT.chainBroken) at the first record that does not fit.
 */
export function readJournal(path: string): JournalRecord[] {
  return walk(path).records;
}

/**
 * Reads the journal at `path` for going on with it: cuts a torn tail off and keeps its bytes aside. Only for who holds
 * the run's lock. Throws as `readJournal` does, and `journal-not-writable` (EXIT.journal) when the tail cannot be cut.
 */
export function recoverJournal(path: string): Recovered {
  const { records, resumption, tail } = walk(path);
  const [first, last] = [records[0], records.at(-1)];
  if (!first || !last) {
    throw new Problem(
      {
        code: 'not-a-journal',
        what: 'The journal holds no whole record: its run had not begun.',
        where: { file: path },
        means: 'Nothing was started, so there is nothing to go on with.',
        next: ['Start the run anew.'],
      },
      EXIT.torn,
    );
  }
  const whole = { records, resumption: { ...resumption, first, last } };
  if (tail.length === 0) return whole;
  try {
    return { ...whole, recovered: cut(path, resumption.end.bytes, tail) };
  } catch (error) {
    throw new Problem(
      {
        code: 'journal-not-writable',
        what: `The torn end of the journal cannot be cut off: ${error instanceof Error ? error.message : 'unknown error'}.`,
        where: { file: path },
        means: 'Nothing was started.',
        next: ['Make the journal and its directory writable, or free some space.'],
      },
      EXIT.journal,
      { cause: error },
    );
  }
}

/** Recovers the journal and opens it to go on. Append a `resumed` record first; it carries `recovered`. */
export function resumeJournal(path: string, options: JournalOptions): Recovered & { journal: Journal } {
  const recovered = recoverJournal(path);
  return { ...recovered, journal: continueJournal(path, recovered.resumption, options) };
}

/**
 * Whether bytes after the last good line can be what a crash left of one line that was being written: cut short, or
 * with sectors that never reached the disk (zeros). It must hold no record: a line that was acknowledged and damaged
 * later can look torn, and cutting it off would lose it.
 */
export function isTorn(tail: Uint8Array): boolean {
  const newline = tail.indexOf(0x0a);
  if (newline >= 0 && newline < tail.length - 1 && !isZeroed(tail)) return false;
  if (newline >= 0 && !tail.includes(0)) return false;
  return !holdsRecord(Buffer.from(tail).toString('utf8'));
}

function isZeroed(tail: Uint8Array): boolean {
  const newline = tail.indexOf(0x0a);
  return tail.subarray(newline + 1).every((byte) => byte === 0);
}

const START = '{"seq":';

/** What could be the first bytes of a record, however few; zeros are what a power cut leaves of them. */
function beginsLikeRecord(tail: Uint8Array): boolean {
  const first = Buffer.from(tail.subarray(0, START.length)).toString('latin1');
  return START.startsWith(first) || /^\0+$/.test(first);
}

/** A whole record somewhere in the text; one that ends exactly where the text ends only lost its newline: torn. */
function holdsRecord(text: string): boolean {
  for (let start = text.indexOf(START); start >= 0; start = text.indexOf(START, start + 1)) {
    const end = objectEnd(text, start);
    if (end < 0 || (start === 0 && end === text.length)) continue;
    try {
      if (isRecord(JSON.parse(text.slice(start, end)))) return true;
    } catch {
      // Not this one.
    }
  }
  return false;
}

/** Where the JSON object that begins at `start` ends, or -1. */
function objectEnd(text: string, start: number): number {
  let depth = 0;
  let quoted = false;
  for (let at = start; at < text.length; at++) {
    const char = text[at];
    if (quoted) {
      if (char === '\\') at++;
      else if (char === '"') quoted = false;
    } else if (char === '"') quoted = true;
    else if (char === '{') depth++;
    else if (char === '}' && --depth === 0) return at + 1;
  }
  return -1;
}

interface Walked {
  records: JournalRecord[];
  resumption: Pick<Resumption, 'end' | 'sha512'>;
  /** Bytes after the last whole record that are torn. */
  tail: Buffer;
}

function walk(path: string): Walked {
  const records: JournalRecord[] = [];
  const sha512 = createHash('sha512');
  let end: ChainEnd = CHAIN_START;
  const rest: Uint8Array[] = [];
  let reason = '';
  try {
    for (const line of linesOfFile(path)) {
      const checked = rest.length > 0 ? undefined : checkLine(line, end);
      if (!checked?.ok) {
        reason ||= checked?.reason ?? '';
        rest.push(line);
        // A torn tail is a part of one line; more lines than this are damage, whatever they hold.
        if (rest.length > 2) break;
        continue;
      }
      records.push(checked.record);
      end = checked.end;
      sha512.update(line);
    }
  } catch (error) {
    throw unreadable(path, error);
  }
  const tail = Buffer.concat(rest);
  if (records.length === 0 && !beginsLikeRecord(tail)) throw notAJournal(path);
  if (tail.length > 0 && !isTorn(tail)) throw records.length === 0 ? notAJournal(path) : broken(path, end.seq, reason);
  return { records, resumption: { end, sha512 }, tail };
}

/** The torn bytes go into a file of their own before they are cut off: nothing is ever thrown away. */
function cut(path: string, keep: number, tail: Buffer): { bytes: number; file: string } {
  let aside = `${path}.torn-${keep}`;
  for (let n = 1; existsSync(aside); n++) aside = `${path}.torn-${keep}.${n}`;
  const out = openSync(aside, 'wx', 0o600);
  try {
    for (let at = 0; at < tail.length; ) at += writeSync(out, tail, at);
    fsyncSync(out);
  } finally {
    closeSync(out);
  }
  syncDirectory(dirname(path));
  const fd = openSync(path, 'r+');
  try {
    const now = Buffer.alloc(tail.length + 1);
    if (readSync(fd, now, 0, now.length, keep) !== tail.length || !now.subarray(0, -1).equals(tail))
      throw new Error('somebody else is writing to it');
    ftruncateSync(fd, keep);
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
  return { bytes: tail.length, file: basename(aside) };
}

function unreadable(path: string, error: unknown): Problem {
  const missing = (error as NodeJS.ErrnoException).code === 'ENOENT';
  return new Problem(
    {
      code: missing ? 'journal-not-found' : 'journal-not-readable',
      what: missing ? 'There is no journal here.' : `The journal cannot be read: ${(error as Error).message}.`,
      where: { file: path },
      next: ['List the runs of this host: tejun runs'],
    },
    EXIT.usage,
    { cause: error },
  );
}

function notAJournal(path: string): Problem {
  return new Problem({
    code: 'not-a-journal',
    what: 'This file is not a journal of tejun: its first line is not a `begin` record.',
    where: { file: path, line: 1 },
    next: ['List the runs of this host: tejun runs'],
  });
}

function broken(path: string, seq: number, reason: string): Problem {
  return new Problem(
    {
      code: 'chain-broken',
      what: `The chain of the journal is broken at record ${seq}: ${reason}.`,
      where: { file: path, line: seq + 1 },
      means: `The ${seq} records before it are as they were written. What follows was damaged or changed afterwards.`,
      next: ['Keep the file as it is, and compare it with a copy.', `See what is proved: tejun verify ${path}`],
    },
    EXIT.chainBroken,
  );
}
