/**
 * The writer of a journal. A record is on the disk before `append` returns, or it throws. After the first write or
 * sync that fails the journal is dead and stays dead: after a failed fsync nobody can say what is on the disk, and
 * asking again can answer "all is well" wrongly (PostgreSQL panics for the same reason since 2018).
 */
import { createHash, type Hash } from 'node:crypto';
import { closeSync, fdatasyncSync, fsyncSync, openSync, rmSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { EXIT, Problem } from '../problem.ts';
import { CHAIN_START, type ChainEnd, extend, LONGEST_LINE, serialise } from './chain.ts';
import { codeOf, describeFault, isFull } from './disk-fault.ts';
import { makeDirectory, syncDirectory } from './durable.ts';
import { type Entry, type JournalRecord, NAMESPACE, type RecordOf } from './records.ts';
import { dropReserve, layReserve } from './reserve.ts';

/** Wall clock and monotonic clock. */
export interface Clock {
  now(): Date;
  /** Milliseconds since the engine's start. */
  mono(): number;
}

export const SYSTEM_CLOCK: Clock = {
  now: () => new Date(),
  mono: () => Math.round(performance.now() * 1000) / 1000,
};

/** What signs a prefix of the file: the part of a `Signer` that the writer needs. */
export interface PrefixSigner {
  by: string;
  /** An armored SSHSIG of the message whose SHA-512 is given; throws a `Problem` when it cannot sign at `at`. */
  signDigest(sha512: Uint8Array, namespace: string, at: Date): string;
}

export type Signed = { record: RecordOf<'signature'> } | { unsigned: string };

/** The system calls of the writer; replaced only where a failing disk is played. */
export interface Disk {
  write(fd: number, bytes: Uint8Array): number;
  sync(fd: number): void;
}

const DISK: Disk = { write: (fd, bytes) => writeSync(fd, bytes), sync: (fd) => fdatasyncSync(fd) };

export interface JournalOptions {
  /** Default: the system's clocks. */
  clock?: Clock;
  /** What every entry passes before it is hashed: takes out the secrets. */
  redact: (entry: Entry) => Entry;
  disk?: Disk;
}

/** A journal that is being written. Everything is synchronous: records are in the order of the calls. */
export interface Journal {
  readonly path: string;
  /** Size of the file: what is acknowledged. */
  readonly bytes: number;
  /** SHA-256, hex, of the last line. */
  readonly head: string;
  /** Number of records. */
  readonly length: number;
  /** The disk was full and the reserve is in use: let the running step end, start no other. */
  readonly low: boolean;
  /** Lays the reserve anew when it is in use and there is room again; says whether the journal is not low (any more). */
  refill(): boolean;
  /** Set after the first failure: nothing can be appended any more. */
  readonly dead: boolean;
  /** The lines that could not be written, redacted: the last resort is to show them. The first 32 are kept. */
  readonly unsaved: readonly string[];
  /** Appends; the record is on the disk when this returns. Throws a `Problem` (`journal-dead`, EXIT.journal). */
  append<T extends Entry>(entry: T): T & JournalRecord;
  /**
   * Signs all bytes so far and appends the signature; `final` when the last record is the seal. Never fails for want
   * of a signature: says why there is none instead. Throws only as `append` does.
   */
  signPrefix(signer: PrefixSigner | undefined): Signed;
  /** Closes the file and takes the reserve away; and the file too, when not even its first record could be written. */
  close(): void;
}

/** Where a journal that exists is to go on. */
export interface Resumption {
  end: ChainEnd;
  /** SHA-512 of the file so far. */
  sha512: Hash;
  first: JournalRecord;
  last: JournalRecord;
}

const UNSAVED_KEPT = 32;

/**
 * Makes a new journal at `path` (0600, its directory 0700). Throws a `Problem` (EXIT.journal) when it exists, or when
 * it or its reserve cannot be written: then no step may start.
 */
export function openJournal(path: string, options: JournalOptions): Journal {
  let fd: number | undefined;
  try {
    makeDirectory(dirname(path));
    fd = openSync(path, 'ax', 0o600);
    fsyncSync(fd);
    layReserve(path);
    syncDirectory(dirname(path));
    return new JournalFile(path, fd, options);
  } catch (error) {
    // An empty journal left behind would look like a run that was lost.
    if (fd !== undefined) {
      closeSync(fd);
      rmSync(path, { force: true });
    }
    throw cannotOpen(path, error);
  }
}

/** Goes on with a journal that was read and is whole (see recover.ts). Throws as `openJournal` does. */
export function continueJournal(path: string, resumption: Resumption, options: JournalOptions): Journal {
  let fd: number | undefined;
  try {
    fd = openSync(path, 'a');
    layReserve(path);
    syncDirectory(dirname(path));
    return new JournalFile(path, fd, options, resumption);
  } catch (error) {
    if (fd !== undefined) closeSync(fd);
    throw cannotOpen(path, error);
  }
}

class JournalFile implements Journal {
  readonly path: string;
  readonly unsaved: string[] = [];
  #fd: number | undefined;
  #clock: Clock;
  #redact: (entry: Entry) => Entry;
  #disk: Disk;
  #end: ChainEnd;
  #sha512: Hash;
  #first: JournalRecord | undefined;
  #last: JournalRecord | undefined;
  #low = false;
  #failure: string | undefined;

  constructor(path: string, fd: number, options: JournalOptions, resumption?: Resumption) {
    this.path = path;
    this.#fd = fd;
    this.#clock = options.clock ?? SYSTEM_CLOCK;
    this.#redact = options.redact;
    this.#disk = options.disk ?? DISK;
    this.#end = resumption?.end ?? CHAIN_START;
    this.#sha512 = resumption?.sha512.copy() ?? createHash('sha512');
    this.#first = resumption?.first;
    this.#last = resumption?.last;
  }

  get bytes(): number {
    return this.#end.bytes;
  }
  get head(): string {
    return this.#end.head;
  }
  get length(): number {
    return this.#end.seq;
  }
  get low(): boolean {
    return this.#low;
  }
  get dead(): boolean {
    return this.#failure !== undefined;
  }

  refill(): boolean {
    if (this.#low && !this.dead) {
      try {
        layReserve(this.path);
        this.#low = false;
      } catch {
        // There is no room yet.
      }
    }
    return !this.#low;
  }

  append<T extends Entry>(entry: T): T & JournalRecord {
    return this.#put(this.#clean(entry), this.#clock.now().toISOString(), this.#clock.mono()) as T & JournalRecord;
  }

  signPrefix(signer: PrefixSigner | undefined): Signed {
    const [first, last] = [this.#first, this.#last];
    if (!signer || !last || first?.type !== 'begin') return { unsigned: 'there is no key to sign with' };
    const ns = first.rehearsal ? NAMESPACE.rehearsal : NAMESPACE.real;
    let sig: string;
    try {
      sig = signer.signDigest(this.#sha512.copy().digest(), ns, new Date(last.at));
    } catch (error) {
      return { unsigned: error instanceof Error ? error.message : 'signing failed' };
    }
    const entry: Entry = {
      type: 'signature',
      over: this.#end.bytes,
      by: signer.by,
      ns,
      final: last.type === 'seal',
      sig,
    };
    // The line of a signature cannot be signed by it, so nothing in it is free: it takes the time of the record that
    // it follows, and a verifier can rebuild it whole.
    return { record: this.#put(entry, last.at, last.mono) as RecordOf<'signature'> };
  }

  close(): void {
    if (this.#fd === undefined) return;
    closeSync(this.#fd);
    this.#fd = undefined;
    this.#failure ??= 'it is closed';
    dropReserve(this.path);
    // Its run never began: a journal without a record would look like one that was lost.
    if (this.#end.seq === 0) rmSync(this.path, { force: true });
  }

  /** The identity of a signer is public, and a signature must name it as it is: only its note is redacted. */
  #clean(entry: Entry): Entry {
    const clean = this.#redact(entry);
    if (entry.type !== 'signer' || clean.type !== 'signer') return clean;
    return { ...entry, ...(clean.note === undefined ? {} : { note: clean.note }) };
  }

  #put(entry: Entry, at: string, mono: number): JournalRecord {
    const line = serialise(entry, { seq: this.#end.seq, at, mono, prev: this.#end.head });
    const bytes = Buffer.from(line, 'utf8');
    if (bytes.length > LONGEST_LINE) throw new Error(`a ${entry.type} record of ${bytes.length} bytes is too long`);
    if (this.#fd === undefined || this.#failure !== undefined) throw this.#refuse(line, entry.type);
    try {
      this.#write(this.#fd, bytes);
      this.#disk.sync(this.#fd);
    } catch (error) {
      this.#failure = describeFault(error);
      throw this.#refuse(line, entry.type, error);
    }
    const record = JSON.parse(line) as JournalRecord;
    this.#end = extend(this.#end, bytes);
    this.#sha512.update(bytes);
    this.#first ??= record;
    this.#last = record;
    return record;
  }

  #write(fd: number, bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length; ) {
      try {
        const written = this.#disk.write(fd, bytes.subarray(at));
        if (written <= 0) throw new Error('the disk takes no more bytes');
        at += written;
      } catch (error) {
        if (!isFull(error) || !dropReserve(this.path)) throw error;
        this.#low = true;
      }
    }
  }

  #refuse(line: string, type: string, cause?: unknown): Problem {
    if (this.unsaved.length < UNSAVED_KEPT) this.unsaved.push(line);
    return new Problem(
      {
        code: 'journal-dead',
        what: `The journal cannot be written (${this.#failure ?? 'it is closed'}); a ${type} record was not saved.`,
        where: { file: this.path },
        means: 'What was written before is safe. No further step is started, and nothing more is written to this file.',
        next: ['Copy the unsaved record that is shown.', 'Make room or repair the disk, then: tejun resume'],
      },
      EXIT.journal,
      { cause },
    );
  }
}

function cannotOpen(path: string, error: unknown): Problem {
  return new Problem(
    {
      code: codeOf(error) === 'EEXIST' ? 'journal-exists' : 'journal-not-writable',
      what: `The journal cannot be opened for writing: ${describeFault(error)}.`,
      where: { file: path },
      means: 'No step was started: a run that cannot be recorded does not begin.',
      next: ['Make the directory writable or free some space, or point TEJUN_HOME to another place.'],
    },
    EXIT.journal,
    { cause: error },
  );
}
