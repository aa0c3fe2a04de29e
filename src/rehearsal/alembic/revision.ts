import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Failed, Raised } from './failed.ts';

/** One migration. The real ones are Python; these are SQL under the same header. */
export interface Revision {
  id: string;
  /** `down_revision`: none for the first, several for a merge. */
  parents: readonly string[];
  /** First line of its header, as `history` shows it. */
  message: string;
  up: string;
  down: string;
}

/**
 * Reads one `versions/*.sql` file:
 *
 * ```
 * -- add buffer minutes
 * --
 * -- Revision ID: bbb222
 * -- Revises: aaa111
 *
 * -- upgrade
 * alter table …;
 *
 * -- downgrade
 * alter table …;
 * ```
 *
 * `Revises:` is empty for the first revision and has several ids, separated by commas, for a merge. Pure.
 *
 * @throws Failed for a file without a revision's id, as alembic says it of a Python file
 */
export function parseRevision(file: string, text: string): Revision {
  const id = /^-- Revision ID:[ \t]*(\S+)[ \t]*$/m.exec(text)?.[1];
  if (id === undefined) {
    throw new Failed(
      `Could not determine revision id from filename ${file}. Be sure the 'revision' variable is declared inside the script (please see 'Upgrading from Alembic 0.1 to 0.2' in the documentation).`,
    );
  }
  const revises = /^-- Revises:[ \t]*(.*)$/m.exec(text)?.[1] ?? '';
  const [, rest = ''] = text.split(/^-- upgrade[ \t]*$/m);
  const [up = '', down = ''] = rest.split(/^-- downgrade[ \t]*$/m);
  return {
    id,
    parents: revises
      .split(',')
      .map((word) => word.trim())
      .filter((word) => word !== ''),
    message: /^-- *(.*\S)/.exec(text)?.[1] ?? '',
    up: up.trim(),
    down: down.trim(),
  };
}

/** Reads every revision below `scripts`. @throws Failed when there is no such directory */
export async function readRevisions(scripts: string): Promise<Revision[]> {
  const directory = join(scripts, 'versions');
  const names = await readdir(directory).catch(() => {
    throw new Failed(`Path doesn't exist: ${scripts}.  Please use the 'init' command to create a new scripts folder.`);
  });
  const files = names.filter((name) => name.endsWith('.sql')).toSorted();
  const revisions = await Promise.all(
    files.map(async (name) => parseRevision(name, await readFile(join(directory, name), 'utf8'))),
  );
  const ids = new Set(revisions.map(({ id }) => id));
  const lost = revisions.flatMap(({ parents }) => parents).find((parent) => !ids.has(parent));
  if (lost !== undefined) throw new Raised('KeyError', `'${lost}'`);
  return revisions;
}
