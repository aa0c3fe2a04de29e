import * as z from 'zod';
import { EXIT, Problem } from '../../src/problem.ts';
import type { TaskContext } from '../task.ts';
import { psql, type Server, typed } from './commands.ts';
import { refusal } from './refusal.ts';

/** A database of the server, as `pg_database` has it. */
export interface DatabaseFacts {
  name: string;
  bytes: number;
  sessions: number;
  owner: string;
  /** tejun writes here what it made the database for: nothing without such a mark is ever dropped or swapped in. */
  mark?: Mark;
}

/** What a database that tejun made, or moved aside, is. */
export interface Mark {
  /** `restoring`: not finished; `restored`: whole, from `file`; `replaced`: what was production before a swap. */
  is: 'restoring' | 'restored' | 'replaced';
  /** The backup's file name. */
  file: string;
  /** ISO 8601. */
  at: string;
}

const SHAPE = z.array(
  z.object({
    name: z.string(),
    bytes: z.number(),
    sessions: z.number(),
    owner: z.string(),
    comment: z.string().nullable(),
  }),
);

/** The comment that carries a mark. Pure. */
export function markText({ is, file, at }: Mark): string {
  return `tejun: ${is} ${file} ${at}`;
}

/** Reads a database's comment; undefined for anyone else's words. Pure. */
export function readMark(comment: string | null): Mark | undefined {
  const [, is, file, at] = /^tejun: (restoring|restored|replaced) (\S+) (\S+)$/.exec(comment ?? '') ?? [];
  return is === undefined || file === undefined || at === undefined ? undefined : { is: is as Mark['is'], file, at };
}

/**
 * Runs SQL in a database of the server.
 *
 * @param means what is true when it fails
 * @returns what psql prints, unaligned
 * @throws Problem of `refusal`
 */
export async function runSql(
  context: TaskContext,
  server: Server,
  database: string,
  sql: string,
  { doing, means }: { doing: string; means: string },
): Promise<string> {
  const exit = await context.exec(psql(server, database, sql), { quiet: true });
  if (exit.code === 0 && !exit.stopped && !exit.timedOut) return exit.stdout.trim();
  const problem = refusal({ doing, typed: typed.psql(server, database, sql), means }, exit, context.signal);
  throw new Problem(problem, EXIT.failed);
}

/** Those of the named databases that exist. */
export async function factsOf(
  context: TaskContext,
  server: Server,
  names: readonly string[],
): Promise<Map<string, DatabaseFacts>> {
  const list = names.map((name) => `'${name}'`).join(', ');
  const sql =
    "select coalesce(jsonb_agg(jsonb_build_object('name', datname, 'bytes', pg_database_size(oid), " +
    "'sessions', (select count(*) from pg_stat_activity a where a.datid = d.oid), 'owner', pg_get_userbyid(datdba), " +
    `'comment', shobj_description(oid, 'pg_database'))), '[]') from pg_database d where datname in (${list})`;
  const said = await runSql(context, server, 'postgres', sql, {
    doing: 'the look at the databases',
    means: 'Looking changes nothing.',
  });
  const rows = SHAPE.safeParse(parseJson(said));
  if (!rows.success) throw unreadable(said);
  return new Map(
    rows.data.map(({ comment, ...facts }) => {
      const mark = readMark(comment);
      return [facts.name, { ...facts, ...(mark ? { mark } : {}) }];
    }),
  );
}

/** How many rows each table of a database has, exactly. */
export async function rowCounts(
  context: TaskContext,
  server: Server,
  database: string,
): Promise<Record<string, number>> {
  const words = { doing: `the counting of rows in ${database}`, means: 'Looking changes nothing.' };
  const tables =
    "select coalesce(jsonb_agg(format('%I.%I', schemaname, tablename) order by schemaname, tablename), '[]') " +
    "from pg_tables where schemaname not in ('pg_catalog', 'information_schema')";
  const names = z.array(z.string()).safeParse(parseJson(await runSql(context, server, database, tables, words)));
  if (!names.success || names.data.length === 0) return {};
  const counts = names.data
    .map((name) => `select '${name.replaceAll("'", "''")}' as t, count(*) as n from ${name}`)
    .join(' union all ');
  const said = await runSql(context, server, database, `select jsonb_object_agg(t, n) from (${counts}) c`, words);
  const rows = z.record(z.string(), z.number()).safeParse(parseJson(said));
  if (!rows.success) throw unreadable(said);
  return Object.fromEntries(Object.entries(rows.data).map(([name, rows]) => [name.replace(/^public\./, ''), rows]));
}

/**
 * What a database has of its own beside its contents, and a dump without `--create` does not carry: its settings (`name=value`,
 * of `ALTER DATABASE … SET`) and the rights on it.
 */
export async function ownSettings(context: TaskContext, server: Server, database: string): Promise<string[]> {
  const sql =
    "select coalesce(jsonb_agg(t), '[]') from (select unnest(s.setconfig) as t from pg_db_role_setting s " +
    `join pg_database d on d.oid = s.setdatabase where d.datname = '${database}' union all ` +
    `select 'rights ' || datacl::text from pg_database where datname = '${database}' and datacl is not null) x`;
  const words = { doing: `the look at the settings of ${database}`, means: 'Looking changes nothing.' };
  const said = await runSql(context, server, 'postgres', sql, words);
  const settings = z.array(z.string()).safeParse(parseJson(said));
  if (!settings.success) throw unreadable(said);
  return settings.data;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function unreadable(said: string): Problem {
  return new Problem(
    {
      code: 'backup-unreadable-answer',
      what: `psql answered something else than was asked: ${said.split('\n', 1)[0]?.slice(0, 200)}`,
      means: 'Looking changes nothing.',
      next: ['see that psql in the container has no settings of its own (psqlrc)'],
    },
    EXIT.failed,
  );
}
