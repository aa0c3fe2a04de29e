import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Client } from 'pg';
import * as z from 'zod';
import { EXIT, Problem, type ProblemDetail } from '../../src/problem.ts';
import { projectPath } from '../files/finding.ts';
import { secretName } from '../input.ts';
import type { Task, TaskContext, TaskResult } from '../task.ts';
import { withDatabase } from './connect.ts';
import { parseDsn } from './dsn.ts';
import { serverError } from './failure.ts';
import { type Applied, type MigrationFile, pending } from './migrations.ts';
import { ownTransaction, statements } from './statements.ts';

const input = z.strictObject({
  /** The directory of the `.sql` files; they are run in the order of their names. */
  directory: projectPath,
  secret: secretName.default('DATABASE_URL'),
  /** The table of those that were run. */
  table: z
    .string()
    .regex(/^[a-z_][a-z0-9_]*$/, 'the name of a table')
    .default('schema_versions'),
});

type Input = z.infer<typeof input>;

/** A comment of the file, as goose has it: `create index concurrently` cannot stand in a transaction. */
const NO_TRANSACTION = /^--.*\bno[- ]transaction\b/im;

/** One number for every tejun, so that two of them do not migrate one database at once. */
const LOCK = 7_346_221;

/**
 * Runs the SQL files of a directory that the database does not have yet, each with its note in one transaction. `psql -f`
 * exits 0 after a statement that failed, and remembers nothing.
 */
export const postgresMigrate: Task<Input> = {
  name: 'postgres/migrate',
  input,
  effect: 'write',
  describe: ({ directory, secret, table }) => [
    `psql "$${secret}" -c "select name from ${table}"`,
    `psql "$${secret}" --single-transaction -v ON_ERROR_STOP=1 -f ${directory}/NAME.sql   # each that is not in ${table}, in order`,
  ],
  secrets: ({ secret }) => [secret],
  async run(given, context) {
    if (/-pooler\./.test(parseDsn(context.secret(given.secret)).host)) return throughPooler(given.secret);
    const files = await readFiles(context, given.directory);
    return withDatabase(context, given.secret, async (client) => {
      // A session's lock: it ends with the connection, also when tejun is killed.
      await client.query('select pg_advisory_lock($1)', [LOCK]);
      const wanted = pending(files, await applied(client, given.table));
      if ('code' in wanted) return { outcome: 'failed', summary: wanted.what, problem: wanted };
      return apply(client, given, wanted, context);
    });
  },
};

async function readFiles(context: TaskContext, directory: string): Promise<MigrationFile[]> {
  const path = resolve(context.cwd, directory);
  const names = await readdir(path).catch(() => {
    throw new Problem(
      {
        code: 'file-missing',
        what: `There is no directory ${directory} in ${context.cwd}.`,
        means: 'Nothing was changed.',
        next: ['start tejun in the root of the repository'],
      },
      EXIT.failed,
    );
  });
  // What undoes a migration lies beside it under this name.
  const wanted = names.filter((name) => name.endsWith('.sql') && !name.endsWith('.down.sql')).toSorted();
  return Promise.all(
    wanted.map(async (name) => {
      const text = await readFile(join(path, name), 'utf8');
      return { name, text, checksum: createHash('sha256').update(text).digest('hex') };
    }),
  );
}

async function applied(client: Client, table: string): Promise<Applied[]> {
  await client.query(
    `create table if not exists ${table} (name text primary key, applied_at timestamptz not null default now())`,
  );
  await client.query(`alter table ${table} add column if not exists checksum text`);
  return (await client.query<Applied>(`select name, checksum from ${table} order by name`)).rows;
}

async function apply(
  client: Client,
  { table }: Input,
  wanted: readonly MigrationFile[],
  context: TaskContext,
): Promise<TaskResult> {
  const done: string[] = [];
  for (const { name, text, checksum } of wanted) {
    context.say(`migrating: ${name}`);
    context.progress({ migration: name, done: done.length, of: wanted.length });
    const alone = NO_TRANSACTION.test(text) || ownTransaction(statements(text));
    try {
      if (!alone) await client.query('begin');
      await client.query(text);
      await client.query(`insert into ${table} (name, checksum) values ($1, $2)`, [name, checksum]);
      if (!alone) await client.query('commit');
    } catch (error) {
      await client.query('rollback').catch(() => {});
      return failed(error, { name, alone, done, left: wanted.length - done.length });
    }
    done.push(name);
  }
  const evidence = { applied: done };
  if (done.length === 0) return { outcome: 'passed', summary: 'the schema is current', evidence };
  return { outcome: 'passed', summary: `${done.length} applied, up to ${done.at(-1)}`, evidence };
}

function failed(
  error: unknown,
  { name, alone, done, left }: { name: string; alone: boolean; done: string[]; left: number },
): TaskResult {
  const server = serverError(error);
  const why = server ? `${server.message} (SQLSTATE ${server.code})` : 'the connection was lost';
  const itself = alone
    ? 'It runs outside of a transaction: what it did before it failed stays.'
    : server
      ? 'Nothing of it was kept.'
      : 'Whether it was kept is not known: its note in the table tells.';
  return {
    outcome: 'failed',
    summary: `${name} failed · ${done.length} applied`,
    evidence: { applied: done, failed: name, left },
    problem: {
      code: 'migration-failed',
      what: `${name} failed: ${why}.`,
      means: `${itself} ${done.length === 0 ? 'None was applied before it' : `Applied before it: ${done.join(', ')}`}. What is deployed still runs.`,
      next: ['correct the migration, commit it, and run this step again (r)', 'do not deploy before it has passed'],
    },
  };
}

function throughPooler(secret: string): TaskResult {
  const problem: ProblemDetail = {
    code: 'migration-pooled',
    what: `${secret} leads to a connection pooler (-pooler).`,
    means:
      'A pooler gives each transaction another session, so the lock that keeps a second migration out would not hold. Nothing was changed.',
    next: [`give ${secret} the direct host: the same name without -pooler`],
  };
  return { outcome: 'failed', summary: problem.what, problem };
}
