import type { Client } from 'pg';
import * as z from 'zod';
import type { Json } from '../../src/journal/records.ts';
import { EXIT, Problem, type ProblemDetail } from '../../src/problem.ts';
import { secretName } from '../input.ts';
import type { Task, TaskContext, TaskResult } from '../task.ts';
import { withDatabase } from './connect.ts';
import { serverError } from './failure.ts';
import { bound, ownTransaction, type Statement, statements } from './statements.ts';
import { type Row, table } from './table.ts';

/** Rows that are shown and kept. */
const MOST_ROWS = 50;
/** Characters of all kept cells: evidence stays under 64 KiB, whatever the rows hold. */
const MOST_EVIDENCE = 48 * 1024;
const LONGEST_CELL = 1024;

const input = z.strictObject({
  language: z.literal('sql').optional(),
  body: z.string(),
  /** The secret with the database URL; the first of `secrets=` when absent. */
  secret: secretName.optional(),
});

interface Answer {
  command: string;
  rowCount: number;
  columns: string[];
  rows: Row[];
}

/** Runs SQL: `$name` is a bound parameter, and several statements are one transaction. */
export const sql: Task<z.infer<typeof input>> = {
  name: 'sql',
  input,
  effect: 'read',
  describe: ({ body }) => body.trimEnd().split('\n'),
  secrets: ({ secret }) => (secret === undefined ? [] : [secret]),
  async run({ body, secret = undefined }, context) {
    const name = secret ?? context.secretNames[0];
    if (name === undefined) throw noSecret();
    const all = statements(body).map((statement) => ({ statement, values: bound(statement, context.values) }));
    return withDatabase(context, name, async (client) => {
      const answers: Answer[] = [];
      const together = all.length > 1 && !ownTransaction(all.map(({ statement }) => statement));
      let at = 0;
      try {
        if (together) await client.query('begin');
        for (const { statement, values } of all) {
          answers.push(await answer(client, statement, values));
          at += 1;
        }
        if (together) await client.query('commit');
      } catch (error) {
        if (together) await client.query('rollback').catch(() => {});
        return failed(error, { all: all.map(({ statement }) => statement), at, together }, context);
      }
      return done(answers, context);
    });
  },
};

/** Cells are kept as PostgreSQL prints them: no number is rounded, no time zone is put in. */
async function answer(client: Client, { text }: Statement, values: readonly string[]): Promise<Answer> {
  const asPrinted = { getTypeParser: () => (cell: string | Buffer) => cell.toString() };
  const result = await client.query<(string | null)[]>({
    text,
    values: [...values],
    rowMode: 'array',
    types: asPrinted,
  });
  return {
    command: result.command,
    rowCount: result.rowCount ?? 0,
    columns: result.fields.map((field) => field.name),
    rows: result.rows,
  };
}

async function done(answers: readonly Answer[], context: TaskContext): Promise<TaskResult> {
  for (const { command, rowCount, columns, rows } of answers) {
    if (columns.length > 0) for (const line of await table(columns, rows.slice(0, MOST_ROWS))) context.say(line);
    context.say(rows.length > MOST_ROWS ? `${rowCount} rows, the first ${MOST_ROWS} shown` : `${command} ${rowCount}`);
  }
  // The last statement that yields rows is the one that a runbook asks about.
  const told = answers.findLast(({ columns }) => columns.length > 0) ?? answers.at(-1);
  const { columns, rows, rowCount } = told ?? { columns: [], rows: [], rowCount: 0 };
  return {
    outcome: 'passed',
    summary: answers.map(({ command, rowCount: count }) => `${command} ${count}`).join(' · ') || 'nothing to run',
    evidence: { columns, rowCount, rows: kept(columns, rows) },
    text: rows.map((row) => row.map((cell) => cell ?? '').join('|')).join('\n'),
  };
}

/** Rows as objects, so that `capture=n=/rows/0/count` can name a column. */
function kept(columns: readonly string[], rows: readonly Row[]): Json {
  const found: Json[] = [];
  let size = 0;
  for (const row of rows.slice(0, MOST_ROWS)) {
    const entries = columns.map((column, at): [string, string | null] => [
      column,
      row[at]?.slice(0, LONGEST_CELL) ?? null,
    ]);
    size += entries.reduce((sum, [column, cell]) => sum + column.length + (cell?.length ?? 0) + 8, 0);
    if (size > MOST_EVIDENCE) break;
    found.push(Object.fromEntries(entries));
  }
  return found;
}

function failed(
  error: unknown,
  { all, at, together }: { all: readonly Statement[]; at: number; together: boolean },
  context: TaskContext,
): TaskResult {
  const server = serverError(error);
  const means = together
    ? 'Nothing was changed: the statements are one transaction.'
    : at === 0
      ? undefined
      : `The ${at} statement${at === 1 ? '' : 's'} before it were run.`;
  const problem: ProblemDetail = server
    ? {
        code: server.code === '57014' ? 'sql-cancelled' : 'sql-failed',
        what: `${server.message} (SQLSTATE ${server.code}${whereIn(all, at, server.position)})`,
        ...(means === undefined ? {} : { means }),
        next: ['correct the SQL, or the value that it uses, then run it again (r)'],
      }
    : {
        code: 'postgres-connection-lost',
        what: context.signal.aborted
          ? 'The connection was ended when the step was stopped.'
          : 'The connection to the database was lost.',
        means: means ?? 'Whether the statement took effect is not known.',
        next: ['look at what is there before you run it again'],
      };
  return { outcome: 'failed', summary: problem.what, problem };
}

/** Where in the SQL an error is: `, statement 2, line 3: where nmae = $1`. */
function whereIn(all: readonly Statement[], at: number, position: number | undefined): string {
  const which = all.length > 1 ? `, statement ${at + 1} of ${all.length}` : '';
  const text = all[at]?.text ?? '';
  if (position === undefined) return which;
  const line = [...text].slice(0, position - 1).filter((character) => character === '\n').length;
  return `${which}, line ${line + 1}: ${text.split('\n')[line]?.trim()}`;
}

function noSecret(): Problem {
  return new Problem(
    {
      code: 'sql-no-database',
      what: 'This sql step does not say which database it is for.',
      means: 'Nothing was run.',
      next: ['name the secret with its URL: ```sql verify secrets=DATABASE_URL'],
    },
    EXIT.usage,
  );
}
