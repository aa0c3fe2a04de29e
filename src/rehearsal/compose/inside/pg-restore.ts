import { readFile, writeFile } from 'node:fs/promises';
import { buffer } from 'node:stream/consumers';
import pg from 'pg';
import { FlagError, flagOf, isSet, readFlags } from '../flags.ts';
import { ArchiveError, type Contents, type Entry, readArchive, readContents } from './archive.ts';
import type { InsideCall, InsideProgram } from './call.ts';
import { CONNECTION_FLAGS, ConnectionFailed, connect, targetOf } from './connect.ts';

/** `pg_restore -l`, `-f FILE` (which reads everything) and `-d DATABASE`, of what `pgDump` wrote. */
export const pgRestore: InsideProgram = async (call) => {
  const fail = (text: string): number => {
    call.err(`pg_restore: ${text}\n`);
    return 1;
  };
  try {
    const words = readFlags(call.args, [
      ...CONNECTION_FLAGS,
      { long: 'list', short: 'l' },
      { long: 'file', short: 'f', value: true },
      { long: 'exit-on-error', short: 'e' },
      { long: 'single-transaction', short: '1' },
      { long: 'no-owner', short: 'O' },
      { long: 'no-privileges', short: 'x' },
    ]);
    const [path] = words.args;
    const output = flagOf(words, 'file');
    const list = isSet(words, 'list');
    const database = flagOf(words, 'dbname');
    if (!list && output === undefined && database === undefined) {
      return fail('error: one of -d/--dbname and -f/--file must be specified');
    }
    const archive = path === undefined ? await buffer(call.stdin) : await readFile(path);
    if (list) {
      call.out(listing(readContents(archive)));
      return 0;
    }
    const { entries } = readArchive(archive);
    if (output !== undefined) {
      const text = entries.map(({ sql }) => `${sql};\n`).join('');
      if (output === '-') call.out(text);
      else if (output !== '/dev/null') await writeFile(output, text);
      return 0;
    }
    const target = targetOf(call, (name) => flagOf(words, name), undefined);
    const client = await connect(call, target);
    try {
      const stop = isSet(words, 'exit-on-error') || isSet(words, 'single-transaction');
      return await restore(client, call, entries, stop, isSet(words, 'single-transaction'));
    } finally {
      await client.end();
    }
  } catch (error) {
    if (error instanceof ArchiveError) return fail(`error: ${error.message}`);
    if (error instanceof ConnectionFailed) return fail(`error: ${error.message}`);
    if (error instanceof FlagError)
      return fail(`${error.message}\npg_restore: hint: Try "pg_restore --help" for more information.`);
    const { code, path } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return fail(`error: could not open input file "${path}": No such file or directory`);
    throw error;
  }
};

async function restore(
  client: pg.Client,
  call: InsideCall,
  entries: readonly Entry[],
  stop: boolean,
  whole: boolean,
): Promise<number> {
  let ignored = 0;
  if (whole) await client.query('begin');
  for (const entry of entries) {
    try {
      if (entry.rows) await client.query(entry.sql, [entry.rows]);
      else await client.query(entry.sql);
    } catch (error) {
      if (!(error instanceof pg.DatabaseError)) throw error;
      call.err(`pg_restore: error: could not execute query: ERROR:  ${error.message}\nCommand was: ${entry.sql};\n\n`);
      if (stop) return 1;
      ignored += 1;
    }
  }
  if (whole) await client.query('commit');
  if (ignored > 0) call.err(`pg_restore: warning: errors ignored on restore: ${ignored}\n`);
  return ignored > 0 ? 1 : 0;
}

function listing({ database, version, at, entries }: Contents): string {
  const head = [
    ';',
    `; Archive created at ${at.slice(0, 19).replace('T', ' ')} UTC`,
    `;     dbname: ${database}`,
    `;     TOC Entries: ${entries.length}`,
    ';     Compression: gzip',
    ';     Format: CUSTOM',
    `;     Dumped from database version: ${version}`,
    `;     Dumped by pg_dump version: ${version}`,
    ';',
    ';',
    '; Selected TOC Entries:',
    ';',
  ];
  const lines = entries.map(
    ({ id, kind, schema, name, owner }) => `${200 + id}; 0 ${16384 + id} ${kind} ${schema} ${name} ${owner}`,
  );
  return `${[...head, ...lines].join('\n')}\n`;
}
