/**
 * The custom format of the rehearsal's pg_dump: as with the real one, the table of contents stands in front and each entry's
 * data follows, compressed; so a file whose tail is missing still lists, and only reading all of it finds out.
 */
import { deflateSync, inflateSync } from 'node:zlib';

/** What is restored, in this order. */
export interface Entry {
  id: number;
  /** `TABLE`, `TABLE DATA`, `CONSTRAINT`, … as the table of contents names them. */
  kind: string;
  schema: string;
  name: string;
  owner: string;
  /** A statement; for `TABLE DATA` the statement that `rows` is the parameter of. */
  sql: string;
  /** Rows as PostgreSQL prints them as text; only for `TABLE DATA`. */
  rows?: readonly string[];
}

export interface Contents {
  database: string;
  version: string;
  at: string;
  entries: readonly Omit<Entry, 'sql' | 'rows'>[];
}

/** A file that is none, or that ends too early; the text of the real pg_restore. */
export class ArchiveError extends Error {}

const MAGIC = Buffer.from('PGDMP');
const END = Buffer.from('TEJUN-END');

export function writeArchive(head: Omit<Contents, 'entries'>, entries: readonly Entry[]): Buffer {
  const toc: Contents = {
    ...head,
    entries: entries.map(({ id, kind, schema, name, owner }) => ({ id, kind, schema, name, owner })),
  };
  const blocks = entries.map(({ sql, rows }) => block(JSON.stringify({ sql, ...(rows ? { rows } : {}) })));
  return Buffer.concat([MAGIC, block(JSON.stringify(toc)), ...blocks, END]);
}

/** Reads the table of contents only. @throws ArchiveError */
export function readContents(file: Buffer): Contents {
  return readHead(file).contents;
}

/** Reads everything. @throws ArchiveError at the first thing that is not whole */
export function readArchive(file: Buffer): { contents: Contents; entries: Entry[] } {
  const { contents, next } = readHead(file);
  let at = next;
  const entries = contents.entries.map((entry): Entry => {
    const read = readBlock(file, at);
    at = read.next;
    return { ...entry, ...(JSON.parse(read.text) as Pick<Entry, 'sql' | 'rows'>) };
  });
  if (!file.subarray(at, at + END.length).equals(END)) throw tooShort();
  return { contents, entries };
}

function readHead(file: Buffer): { contents: Contents; next: number } {
  if (file.length === 0) throw new ArchiveError('could not read from input file: end of file');
  if (!file.subarray(0, MAGIC.length).equals(MAGIC)) {
    throw new ArchiveError('input file does not appear to be a valid archive');
  }
  const { text, next } = readBlock(file, MAGIC.length);
  return { contents: JSON.parse(text) as Contents, next };
}

function block(text: string): Buffer {
  const data = deflateSync(text);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  return Buffer.concat([length, data]);
}

function readBlock(file: Buffer, at: number): { text: string; next: number } {
  if (at + 4 > file.length) throw tooShort();
  const length = file.readUInt32BE(at);
  const next = at + 4 + length;
  if (next > file.length) throw tooShort();
  try {
    return { text: inflateSync(file.subarray(at + 4, next)).toString('utf8'), next };
  } catch (error) {
    throw new ArchiveError(`could not uncompress data: ${(error as Error).message}`);
  }
}

function tooShort(): ArchiveError {
  return new ArchiveError('could not read from input file: end of file');
}
