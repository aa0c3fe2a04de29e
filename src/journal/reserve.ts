/**
 * The reserve: a file of real bytes beside the journal, given back to a disk that has become full, so that the result
 * of the step that is running can still be written.
 */
import { randomBytes } from 'node:crypto';
import { closeSync, fsyncSync, openSync, unlinkSync, writeSync } from 'node:fs';

export const RESERVE_BYTES = 256 * 1024;

/** Where the reserve of a journal lies. */
export function reservePath(journal: string): string {
  return `${journal}.reserve`;
}

/** Writes the reserve; random bytes, because a file system may store zeros in no room at all. Throws what fs throws. */
export function layReserve(journal: string): void {
  const path = reservePath(journal);
  dropReserve(journal);
  const fd = openSync(path, 'wx', 0o600);
  try {
    const bytes = randomBytes(RESERVE_BYTES);
    for (let at = 0; at < bytes.length; ) at += writeSync(fd, bytes, at);
    fsyncSync(fd);
  } catch (error) {
    dropReserve(journal);
    throw error;
  } finally {
    closeSync(fd);
  }
}

/** Gives the room back. False when there was no reserve any more. */
export function dropReserve(journal: string): boolean {
  try {
    unlinkSync(reservePath(journal));
    return true;
  } catch {
    return false;
  }
}
