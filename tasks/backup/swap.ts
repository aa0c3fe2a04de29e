import { setTimeout as sleep } from 'node:timers/promises';
import * as z from 'zod';
import { EXIT, Problem, type ProblemDetail } from '../../src/problem.ts';
import type { Task, TaskContext, TaskResult } from '../task.ts';
import { identifier, psql, server, typed } from './commands.ts';
import { type DatabaseFacts, factsOf, type Mark, markText } from './databases.ts';
import { refusal } from './refusal.ts';

const input = z.strictObject({
  ...server,
  database: identifier,
  /** The database that becomes production. */
  from: identifier,
  /** What production is called afterwards. */
  keep: identifier,
});

type Input = z.infer<typeof input>;

/** A session that comes back between its end and the renaming keeps the swap from happening; then it is tried again. */
const TRIES = 5;
const TRY_EVERY_MS = 300;

/**
 * Puts another database in production's place. Both renamings and the end of the sessions are one transaction: whatever
 * stops it, production is either the one or the other, and never neither.
 */
export const backupSwap: Task<Input> = {
  name: 'backup/swap',
  input,
  effect: 'write',
  describe: (given) => [
    typed.psql(given, 'postgres', `ALTER DATABASE ${given.database} RENAME TO ${given.keep}`),
    typed.psql(given, 'postgres', `ALTER DATABASE ${given.from} RENAME TO ${given.database}`),
  ],
  async run(given, context) {
    const { database, from, keep } = given;
    const facts = await factsOf(context, given, [database, from, keep]);
    const wrong = unfit(given, facts);
    if (wrong) return { outcome: 'failed', summary: wrong.what, problem: wrong };
    const source = facts.get(from)?.mark as Mark;
    const mark: Mark = {
      is: source.is === 'replaced' ? 'restored' : 'replaced',
      file: source.file,
      at: new Date().toISOString(),
    };
    const sql = swapSql(given, markText(mark));
    for (let left = TRIES; ; left -= 1) {
      const exit = await context.exec(psql(given, 'postgres', sql));
      if (exit.code === 0) break;
      const retry = /is being accessed by other users/.test(exit.stderr) && left > 1 && !context.signal.aborted;
      if (!retry) return stillThere(context, given, exit);
      context.say('a session came back in between; once more');
      await sleep(TRY_EVERY_MS, undefined, { signal: context.signal }).catch(() => {});
    }
    const after = await factsOf(context, given, [database, keep]);
    const sessions = facts.get(database)?.sessions ?? 0;
    return {
      outcome: 'passed',
      summary: `${database} is now ${source.is === 'replaced' ? 'what it was before' : source.file}; the one before is kept as ${keep}`,
      evidence: {
        ...{ database, from: source.file, kept: keep, sessionsEnded: sessions },
        bytes: { [database]: after.get(database)?.bytes, [keep]: after.get(keep)?.bytes },
      },
    };
  },
};

/**
 * The swap as one statement, and so as one transaction. Pure.
 *
 * The end of the sessions is not waited for: the renaming locks the database at once, so that whoever connects anew waits
 * and then meets the other database, and the renaming itself waits up to five seconds for the old sessions to be gone
 * (PostgreSQL, dbcommands.c, CountOtherDBBackends). Waiting first would let a busy client back in.
 */
export function swapSql({ database, from, keep }: Omit<Input, 'container' | 'user'>, mark: string): string {
  return [
    'DO $$ BEGIN',
    'PERFORM pg_terminate_backend(pid) FROM pg_stat_activity',
    `WHERE datname IN ('${database}', '${from}') AND pid <> pg_backend_pid();`,
    `ALTER DATABASE "${database}" RENAME TO "${keep}";`,
    `ALTER DATABASE "${from}" RENAME TO "${database}";`,
    `COMMENT ON DATABASE "${keep}" IS '${mark}';`,
    `COMMENT ON DATABASE "${database}" IS NULL;`,
    'END $$',
  ].join(' ');
}

function unfit({ database, from, keep }: Input, facts: ReadonlyMap<string, DatabaseFacts>): ProblemDetail | undefined {
  const means = 'Nothing was renamed; production goes on.';
  if (new Set([database, from, keep]).size < 3) {
    return { code: 'swap-names', what: 'A swap needs three different names.', means, next: ['see from: and keep:'] };
  }
  if (!facts.has(database)) {
    return {
      code: 'swap-no-database',
      what: `There is no database ${database}.`,
      means: 'Nothing was renamed.',
      next: ['psql -l'],
    };
  }
  if (facts.has(keep)) {
    return {
      code: 'swap-kept-taken',
      what: `There is a ${keep} already, from an earlier swap: it would be the only copy of what it holds.`,
      means,
      next: [`drop ${keep}, when nobody needs it any more`, 'or name another one in keep:'],
    };
  }
  const source = facts.get(from);
  if (source?.mark && source.mark.is !== 'restoring') return undefined;
  return {
    code: 'swap-unfinished',
    what: !source
      ? `There is no database ${from} to put in production's place.`
      : source.mark
        ? `The restore into ${from} was not finished.`
        : `${from} was not made by a restore of tejun.`,
    means,
    next: ['restore a backup into it first'],
  };
}

/** After a failure: what production is now, which the exit code alone does not tell. */
async function stillThere(
  context: TaskContext,
  given: Input,
  exit: Awaited<ReturnType<TaskContext['exec']>>,
): Promise<TaskResult> {
  const { database, keep } = given;
  const now = await factsOf({ ...context, signal: new AbortController().signal }, given, [database, keep]).catch(
    (error: unknown) => {
      if (error instanceof Problem && error.exit === EXIT.failed) return undefined;
      throw error;
    },
  );
  const means =
    now === undefined
      ? 'What production is now could not be read.'
      : now.has(keep)
        ? `The swap took place: ${keep} is what production was.`
        : 'The swap did not take place: production is what it was, and goes on.';
  const doing = `the swap of ${database}`;
  const problem = refusal({ doing, typed: typed.psql(given, 'postgres', '…'), means }, exit, context.signal);
  return { outcome: 'failed', summary: problem.what, problem };
}
