/** What alembic prints, read. Pure. */

/** A line of `current` or `heads`: an id, then marks in brackets. Ids hold no `@`, `-` or `+` (alembic forbids them). */
const REVISION = /^([^\s@+()-]+)((?: \([^()]+\))*)$/;

/**
 * The revisions that `alembic current` or `alembic heads` printed. Other lines, as clients and `env.py` print them (`No
 * machine specified, using …`), are passed over. No revision at all is what a database without migrations gives.
 */
export function revisionsIn(stdout: string): string[] {
  return stdout
    .split('\n')
    .map((line) => REVISION.exec(line.trim())?.[1])
    .filter((id) => id !== undefined);
}

/** The migrations that ran, in order, as the log on standard error says it: `aaa111 -> bbb222, add col`. */
export function ranIn(stderr: string): string[] {
  return [...stderr.matchAll(/\bRunning (?:upgrade|downgrade) (.*\S)/g)].map(([, what = '']) => what.trim());
}

/** At head: the revisions of the database are those that nothing in the code builds on, and no others. */
export function isAtHead(current: readonly string[], heads: readonly string[]): boolean {
  return heads.length > 0 && current.length === heads.length && heads.every((id) => current.includes(id));
}

/** One word for the revisions of a database: an id, several with commas, or `base`, which alembic calls none. */
export function revisionWord(revisions: readonly string[]): string {
  return revisions.length === 0 ? 'base' : revisions.join(',');
}
