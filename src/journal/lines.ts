/** The lines of a journal, one at a time, so that a file of any size is read in little memory. */
import { closeSync, openSync, readSync } from 'node:fs';
import { LONGEST_LINE } from './chain.ts';

const CHUNK = 1024 * 1024;

/** The lines of `bytes`, newline included; the last one may lack it. */
export function* linesOf(bytes: Uint8Array): Generator<Uint8Array> {
  for (let start = 0; start < bytes.length; ) {
    const newline = bytes.indexOf(0x0a, start);
    const end = newline < 0 ? bytes.length : newline + 1;
    yield bytes.subarray(start, end);
    start = end;
  }
}

/** The lines of a file, read in chunks. A line longer than any record is given in pieces. Throws what fs throws. */
export function* linesOfFile(path: string): Generator<Uint8Array> {
  const fd = openSync(path, 'r');
  try {
    let pieces: Uint8Array[] = [];
    let held = 0;
    for (;;) {
      // A chunk of its own each time: the lines that were given are parts of it, and may be kept.
      const chunk = Buffer.allocUnsafeSlow(CHUNK);
      const read = readSync(fd, chunk, 0, CHUNK, null);
      if (read === 0) break;
      for (const piece of linesOf(chunk.subarray(0, read))) {
        pieces.push(piece);
        held += piece.length;
        if (piece.at(-1) !== 0x0a && held <= LONGEST_LINE) continue;
        yield pieces.length === 1 ? piece : Buffer.concat(pieces);
        pieces = [];
        held = 0;
      }
    }
    if (held > 0) yield Buffer.concat(pieces);
  } finally {
    closeSync(fd);
  }
}
