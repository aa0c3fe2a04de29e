/** Directories and names that outlive a power cut: a new name is safe only when its directory was synced too. */
import { closeSync, fsyncSync, mkdirSync, openSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

/** Makes `path` (0700) and what is missing above it, each one synced into its parent. Throws what fs throws. */
export function makeDirectory(path: string): void {
  const first = mkdirSync(path, { recursive: true, mode: 0o700 });
  if (first === undefined) return;
  const top = dirname(resolve(first));
  for (let at = resolve(path); ; at = dirname(at)) {
    syncDirectory(at);
    if (at === top) return;
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
