/** Directories and names that outlive a power cut: a new name is safe only when its directory was synced too. */
import { closeSync, existsSync, fsyncSync, mkdirSync, openSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

/**
 * Makes `path` (0700) and what is missing above it, each one synced into its parent. Throws what fs throws.
 * One directory at a time: the recursive mkdir of Node never returns below /proc, where making one fails with ENOENT.
 */
export function makeDirectory(path: string): void {
  const missing: string[] = [];
  for (let at = resolve(path); !existsSync(at); at = dirname(at)) missing.push(at);
  for (const directory of missing.reverse()) {
    mkdirSync(directory, { mode: 0o700 });
    syncDirectory(dirname(directory));
  }
}

/** Syncs the names in a directory. Throws what fs throws. */
export function syncDirectory(path: string): void {
  const fd = openSync(path, 'r');
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}
