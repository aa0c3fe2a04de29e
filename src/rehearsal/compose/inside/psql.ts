import type { EventEmitter } from 'node:events';
import { readFile } from 'node:fs/promises';
import { text as readAll } from 'node:stream/consumers';
import pg from 'pg';
import { FlagError, flagOf, isSet, readFlags } from '../flags.ts';
import type { InsideCall, InsideProgram } from './call.ts';
import { CONNECTION_FLAGS, ConnectionFailed, connect, targetOf } from './connect.ts';
import { splitStatements } from './statements.ts';

interface Style {
  quiet: boolean;
  aligned: boolean;
  tuplesOnly: boolean;
  separator: string;
}

/** Types that psql puts to the right: whole and other numbers, and oid. */
const NUMERIC = new Set([20, 21, 23, 26, 700, 701, 790, 1700]);

/**
 * `psql -c` and scripts on standard input. Exit codes: 1 an error in `-c`, 2 no connection, 3 an error in a script with
 * ON_ERROR_STOP; without it a script's errors are exit 0.
 */
export const psql: InsideProgram = async (call) => {
  try {
    const words = readFlags(call.args, [
      ...CONNECTION_FLAGS,
      { long: 'command', short: 'c', value: true },
      { long: 'file', short: 'f', value: true },
      { long: 'variable', short: 'v', value: true },
      { long: 'set', value: true },
      { long: 'no-psqlrc', short: 'X' },
      { long: 'quiet', short: 'q' },
      { long: 'no-align', short: 'A' },
      { long: 'tuples-only', short: 't' },
      { long: 'field-separator', short: 'F', value: true },
      { long: 'single-transaction', short: '1' },
      { long: 'list', short: 'l' },
    ]);
    const style: Style = {
      quiet: isSet(words, 'quiet'),
      aligned: !isSet(words, 'no-align'),
      tuplesOnly: isSet(words, 'tuples-only'),
      separator: flagOf(words, 'field-separator') ?? '|',
    };
    const list = isSet(words, 'list');
    const target = targetOf(call, (name) => flagOf(words, name), words.args[0]);
    const client = await connect(call, list ? { ...target, database: flagOf(words, 'dbname') ?? 'postgres' } : target);
    try {
      if (list) return (await run(client, call, LIST, style)) ? 0 : 1;
      const commands = words.flags['command'];
      if (commands) {
        for (const sql of commands) if (!(await run(client, call, sql, style))) return 1;
        return 0;
      }
      const file = flagOf(words, 'file');
      const script = file === undefined || file === '-' ? await readAll(call.stdin) : await readFile(file, 'utf8');
      const settings = [...(words.flags['variable'] ?? []), ...(words.flags['set'] ?? [])];
      const stop = settings.some((setting) => /^ON_ERROR_STOP=(1|on|true)$/i.test(setting));
      const whole = isSet(words, 'single-transaction');
      return await runScript(client, call, whole ? `begin;${script};commit` : script, style, stop);
    } finally {
      await client.end();
    }
  } catch (error) {
    if (error instanceof ConnectionFailed) {
      call.err(`psql: error: ${error.message}\n`);
      return 2;
    }
    if (!(error instanceof FlagError)) throw error;
    call.err(
      `psql: ${error.message.replace('unknown', 'unrecognized').replace('flag:', 'option')}\npsql: hint: Try "psql --help" for more information.\n`,
    );
    return 1;
  }
};

const LIST =
  'select datname as "Name", pg_get_userbyid(datdba) as "Owner", pg_encoding_to_char(encoding) as "Encoding" from pg_database where datallowconn order by 1';

async function runScript(
  client: pg.Client,
  call: InsideCall,
  script: string,
  style: Style,
  stop: boolean,
): Promise<number> {
  for (const statement of splitStatements(script)) {
    if (/^\\(un)?restrict\b/.test(statement)) continue;
    if (!(await run(client, call, statement, style)) && stop) return 3;
  }
  return 0;
}

/** Runs what `-c` or a script gives; false when the server, or this stand-in, refused it. */
async function run(client: pg.Client, call: InsideCall, sql: string, style: Style): Promise<boolean> {
  if (sql.startsWith('\\')) {
    if (/^\\l\+?$/.test(sql)) return run(client, call, LIST, style);
    call.err(`this rehearsal does not act out psql's ${sql.split(/\s/, 1)[0]}\n`);
    return false;
  }
  const tags: string[] = [];
  const wire = (client as unknown as { connection: EventEmitter }).connection;
  const note = (message: { text: string }): void => {
    tags.push(message.text);
  };
  wire.on('commandComplete', note);
  client.removeAllListeners('notice');
  client.on('notice', (notice) => call.err(`${notice.severity}:  ${notice.message}\n`));
  try {
    const results = await client.query({ text: sql, rowMode: 'array' });
    [results].flat().forEach((result, index) => {
      if (result.fields.length > 0) call.out(rowsAsText(result, style));
      else if (!style.quiet && tags[index]) call.out(`${tags[index]}\n`);
    });
    return true;
  } catch (error) {
    if (!(error instanceof pg.DatabaseError)) throw error;
    call.err(errorText(error, sql));
    return false;
  } finally {
    wire.off('commandComplete', note);
  }
}

/** As psql shows an error: the message, the line with a mark, and what the server adds. Pure. */
function errorText(error: pg.DatabaseError, sql: string): string {
  const at = Number(error.position ?? 0);
  const before = sql.slice(0, Math.max(0, at - 1));
  const line = before.split('\n').length;
  const column = before.length - (before.lastIndexOf('\n') + 1);
  const label = `LINE ${line}: `;
  const shown = `${label}${sql.split('\n')[line - 1] ?? ''}\n${' '.repeat(label.length + column)}^\n`;
  return [
    `${error.severity ?? 'ERROR'}:  ${error.message}\n`,
    at > 0 ? shown : '',
    error.detail ? `DETAIL:  ${error.detail}\n` : '',
    error.hint ? `HINT:  ${error.hint}\n` : '',
  ].join('');
}

function rowsAsText(result: pg.QueryArrayResult, { aligned, tuplesOnly, separator }: Style): string {
  const names = result.fields.map(({ name }) => name);
  const rows = result.rows.map((row: unknown[]) => row.map((cell) => (cell === null ? '' : String(cell))));
  const count = `(${rows.length} row${rows.length === 1 ? '' : 's'})\n`;
  if (!aligned) {
    const lines = [...(tuplesOnly ? [] : [names]), ...rows].map((row) => `${row.join(separator)}\n`);
    return `${lines.join('')}${tuplesOnly ? '' : count}`;
  }
  const widths = names.map((name, at) => Math.max(name.length, ...rows.map((row) => row[at]?.length ?? 0)));
  const centred = names.map((name, at) => {
    const room = (widths[at] ?? 0) - name.length;
    return `${' '.repeat(Math.floor(room / 2))}${name}${' '.repeat(Math.ceil(room / 2))}`;
  });
  const body = rows.map((row) =>
    row
      .map((cell, at) => {
        const right = NUMERIC.has(result.fields[at]?.dataTypeID ?? 0);
        const padded = right
          ? cell.padStart(widths[at] ?? 0)
          : at === row.length - 1
            ? cell
            : cell.padEnd(widths[at] ?? 0);
        return ` ${padded}`;
      })
      .join(' |'),
  );
  const head = [` ${centred.join(' | ')} `, widths.map((width) => '-'.repeat(width + 2)).join('+')];
  return `${[...(tuplesOnly ? [] : head), ...body].join('\n')}\n${tuplesOnly ? '' : count}\n`;
}
