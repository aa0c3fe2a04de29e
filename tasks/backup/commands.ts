/**
 * The commands around a PostgreSQL that runs in a container. They are run with `docker exec` in that container, because
 * pg_dump refuses a server that is newer than itself. Pure. The files stay on this host.
 */
import * as z from 'zod';
import type { Command } from '../../src/exec/command.ts';
import { shellQuote } from '../../src/exec/quote.ts';

/** A container's name, as `docker ps` prints it. */
export const containerName = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9_.-]*$/, 'a container has letters, digits, dots, dashes and underscores');

/** A role or a database that needs no quotation marks; 63 bytes are what PostgreSQL keeps of a name. */
export const identifier = z
  .string()
  .regex(/^[a-z_][a-z0-9_]{0,62}$/, 'a name of PostgreSQL in lower-case letters, digits and underscores');

/** A PostgreSQL in a container, and the role that may read or own the database. */
export interface Server {
  container: string;
  user: string;
}

/** What every task of this folder takes. */
export const server = { container: containerName, user: identifier };

/**
 * Writes a dump in the custom format to `part`, which must not exist. There is no pipe: the exit code is pg_dump's own,
 * where `pg_dump | gzip` ends with gzip's.
 */
export function dump({ container, user }: Server, database: string, part: string): Command {
  const script = 'umask 077; set -C; docker exec "$1" pg_dump -Fc -w -U "$2" -d "$3" > "$4"';
  return { file: 'sh', args: ['-c', script, 'sh', container, user, database, part] };
}

/**
 * Reads a dump from its first byte to its last. `pg_restore --list` is not enough: it exits 0 on a dump whose tail is
 * missing, because the table of contents stands at the front.
 */
export function readWhole(container: string, file: string): Command {
  return fed('docker exec -i "$1" pg_restore -f /dev/null < "$2"', container, file);
}

/** Prints a dump's table of contents. */
export function contents(container: string, file: string): Command {
  return fed('docker exec -i "$1" pg_restore -l < "$2"', container, file);
}

/** Restores a dump into a database, and stops at the first error instead of going on to a half of it. */
export function restoreInto({ container, user }: Server, database: string, file: string): Command {
  const script = 'docker exec -i "$1" pg_restore --exit-on-error -w -U "$2" -d "$3" < "$4"';
  return { file: 'sh', args: ['-c', script, 'sh', container, user, database, file] };
}

/** Runs SQL. Without ON_ERROR_STOP psql exits 0 whatever fails. */
export function psql({ container, user }: Server, database: string, sql: string): Command {
  return {
    file: 'docker',
    args: [
      ...['exec', container, 'psql', '-X', '-w', '-q', '-v', 'ON_ERROR_STOP=1'],
      ...['-U', user, '-d', database, '-At', '-c', sql],
    ],
  };
}

/** Free space where the backups lie, in KiB: POSIX's own format. */
export function freeSpace(directory: string): Command {
  return { file: 'df', args: ['-P', '-k', directory] };
}

/** The commands as an operator would type them, for the plan and the journal. */
export const typed = {
  dump: ({ container, user }: Server, database: string, file: string) =>
    `docker exec ${container} pg_dump -Fc -w -U ${user} -d ${database} > ${shellQuote(`${file}.part`)}`,
  readWhole: (container: string, file: string) =>
    `docker exec -i ${container} pg_restore -f /dev/null < ${shellQuote(file)}`,
  restoreInto: ({ container, user }: Server, database: string, file: string) =>
    `docker exec -i ${container} pg_restore --exit-on-error -w -U ${user} -d ${database} < ${shellQuote(file)}`,
  psql: ({ container, user }: Server, database: string, sql: string) =>
    `docker exec ${container} psql -U ${user} -d ${database} -c ${shellQuote(sql)}`,
};

function fed(script: string, container: string, file: string): Command {
  return { file: 'sh', args: ['-c', script, 'sh', container, file] };
}
