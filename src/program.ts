import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder that holds package.json, whether this code runs from its sources or from the bundle's chunks. */
export const PROGRAM_ROOT = findRoot(dirname(fileURLToPath(import.meta.url)));

/** Path of a built program, e.g. `tejun.js` or `rehearsal/platform.js`. */
export function builtFile(name: string): string {
  return join(PROGRAM_ROOT, 'dist', name);
}

/** Folder of the runbooks that come with tejun. */
export const RUNBOOKS = join(PROGRAM_ROOT, 'runbooks');

/** This program's version, from package.json. */
export function version(): string {
  return (JSON.parse(readFileSync(join(PROGRAM_ROOT, 'package.json'), 'utf8')) as { version: string }).version;
}

function findRoot(from: string): string {
  if (existsSync(join(from, 'package.json'))) return from;
  const up = dirname(from);
  if (up === from) throw new Error('package.json of tejun was not found');
  return findRoot(up);
}
