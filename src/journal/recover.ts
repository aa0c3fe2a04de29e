/**
 * Reading a journal that exists. A crash or a power cut can leave the last line torn, and nothing else: a torn line
 * was never acknowledged, so it is cut off (and kept aside). A break anywhere else is damage or forgery, and refused.
 */
import { createHash } from 'node:crypto';
import { closeSync, existsSync, fsyncSync, ftruncateSync, openSync, readSync, writeSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { EXIT, Problem } from '../problem.ts';
import { syncDirectory } from './durable.ts';
import { linesOfFile } from './lines.ts';
import type { JournalRecord } from './records.ts';
import { walkChain } from './walk.ts';
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

interface Walked {
  records: JournalRecord[];
  resumption: Pick<Resumption, 'end' | 'sha512'>;
  /** Bytes after the last whole record that are torn. */
  tail: Buffer;
}

function walk(path: string): Walked {
  const records: JournalRecord[] = [];
  const sha512 = createHash('sha512');
  const { end, ending } = fromFile(path, (lines) =>
    walkChain(lines, (line) => {
      records.push(line.record());
      sha512.update(line.bytes);
    }),
  );
  if (ending.kind === 'foreign') throw notAJournal(path);
  if (ending.kind === 'broken') throw broken(path, ending.at, ending.reason);
  return { records, resumption: { end, sha512 }, tail: ending.kind === 'torn' ? ending.tail : Buffer.alloc(0) };
}

/** Reads the lines of a file; what fs throws becomes a `Problem`: `journal-not-found` or `journal-not-readable`. */
export function fromFile<T>(path: string, read: (lines: Iterable<Uint8Array>) => T): T {
  try {
    return read(linesOfFile(path));
  } catch (error) {
    const code =
      (error as NodeJS.ErrnoException).syscall === undefined ? undefined : (error as NodeJS.ErrnoException).code;
    throw code === undefined ? error : unreadable(path, code, error);
  }
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

function unreadable(path: string, code: string, cause: unknown): Problem {
  const missing = code === 'ENOENT';
  return new Problem(
    {
      code: missing ? 'journal-not-found' : 'journal-not-readable',
      what: missing ? 'There is no journal here.' : `The journal cannot be read (${code}).`,
      where: { file: path },
      next: ['List the runs of this host: tejun runs'],
    },
    EXIT.usage,
    { cause },
  );
}

/** The file is something else. */
export function notAJournal(path: string): Problem {
  return new Problem({
    code: 'not-a-journal',
    what: 'This file is not a journal of tejun: its first line is not a `begin` record.',
    where: { file: path, line: 1 },
    next: ['List the runs of this host: tejun runs'],
  });
}

/** It says that it is a journal, but not in a form that this version knows. */
export function unknownFormat(path: string): Problem {
  return new Problem({
    code: 'journal-format-unknown',
    what: 'The first record of this journal is not one that this version of tejun can read.',
    where: { file: path, line: 1 },
    next: ['Use the version of tejun that wrote it; its `begin` record names it.'],
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
