import type { ProblemDetail } from '../../src/problem.ts';

export interface MigrationFile {
  name: string;
  text: string;
  /** SHA-256 of the file, lower-case hex. */
  checksum: string;
}

/** A migration that the database has; those that were noted by another tool have no checksum. */
export interface Applied {
  name: string;
  checksum: string | null;
}

/** The files that the database does not have yet, in order, or why they cannot be run. Pure. */
export function pending(
  files: readonly MigrationFile[],
  applied: readonly Applied[],
): readonly MigrationFile[] | ProblemDetail {
  const known = new Map(applied.map(({ name, checksum }) => [name, checksum]));
  const changed = files.find(({ name, checksum }) => (known.get(name) ?? checksum) !== checksum);
  if (changed) {
    return {
      code: 'migration-changed',
      what: `${changed.name} was changed after it had been applied.`,
      means: 'The database has what it said before. Nothing was changed.',
      next: ['bring the file back as it was', 'put the change into a new migration'],
    };
  }
  const wanted = files.filter(({ name }) => !known.has(name));
  const newest = [...known.keys()].toSorted().at(-1);
  const late = newest === undefined ? undefined : wanted.find(({ name }) => name < newest);
  if (late) {
    return {
      code: 'migration-out-of-order',
      what: `${late.name} is not applied, yet ${newest}, which comes after it, is.`,
      means:
        'It was merged late. A database that is set up from nothing would run them in another order. Nothing was changed.',
      next: ['give it a number above all the others'],
    };
  }
  return wanted;
}
