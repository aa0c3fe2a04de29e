import { resolve } from 'node:path';
import * as z from 'zod';
import { EXIT, Problem, type ProblemDetail } from '../../src/problem.ts';
import { argument } from '../input.ts';
import { table } from '../postgres/table.ts';
import type { Task, TaskContext, TaskResult } from '../task.ts';
import { identifier, restoreInto, server, typed } from './commands.ts';
import { prefix } from './create.ts';
import { type DatabaseFacts, factsOf, markText, ownSettings, rowCounts, runSql } from './databases.ts';
import { listBackups } from './file.ts';
import { judged } from './list.ts';
import { refusal } from './refusal.ts';
import { sizeText } from './table.ts';
import { readThrough } from './verify.ts';

const input = z.strictObject({
  ...server,
  database: identifier,
  directory: argument,
  prefix: prefix.default('backup_'),
  /** Name of the backup in its directory; the newest verified one when absent. */
  file: z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9_.-]*\.dump$/, 'the name of a backup in its directory, FILE.dump')
    .optional(),
  /** The side database. */
  into: identifier,
});

type Input = z.infer<typeof input>;

const UNTOUCHED = 'Production was not touched and goes on.';

/** Restores a backup beside production, into a database of its own. What production is afterwards, only a swap decides. */
export const backupRestore: Task<Input> = {
  name: 'backup/restore',
  input,
  effect: 'write',
  describe: (given) => {
    const file = `${given.directory}/${given.file ?? 'FILE.dump'}`;
    return [
      typed.readWhole(given.container, file),
      typed.psql(given, 'postgres', `CREATE DATABASE ${given.into}`),
      typed.restoreInto(given, given.into, file),
    ];
  },
  async choose(given, context) {
    const backups = await judged(context, given);
    const good = backups.filter(({ verified }) => verified);
    if (good.length === 0) throw new Problem(nothingToRestore(given), EXIT.failed);
    return {
      field: 'file',
      options: good.map(({ file, bytes, why }) => ({
        value: file,
        label: `${file} · ${sizeText(bytes)}`,
        detail: why,
      })),
      suggested: 0,
      warning: { kind: 'backup-restore' },
    };
  },
  async run(given, context) {
    const { container, database, into } = given;
    if (into === database) return failed(sameName(database));
    const file = given.file ?? (await judged(context, given)).find(({ verified }) => verified)?.file;
    if (file === undefined) return failed(nothingToRestore(given));
    const directory = resolve(context.cwd, given.directory);
    if (!(await listBackups(directory, given.prefix)).some((each) => each.file === file)) {
      return failed({ ...nothingToRestore(given), what: `There is no backup ${file} in ${given.directory}.` });
    }
    const path = `${directory}/${file}`;
    context.say(`read ${file} in full …`);
    const broken = await readThrough(context, container, path);
    if (broken) return failed({ ...broken, what: `${file} cannot be restored from: ${broken.what}`, means: UNTOUCHED });

    const before = await factsOf(context, given, [database, into]);
    const production = before.get(database);
    if (!production) return failed(noSuchDatabase(database));
    const side = before.get(into);
    if (side && side.mark?.is !== 'restoring' && side.mark?.is !== 'restored') return failed(sideTaken(side));
    await makeSide(context, given, { owner: production.owner, stale: side !== undefined, file });

    const exit = await context.exec(restoreInto(given, into, path));
    if (exit.code !== 0 || exit.stopped || exit.timedOut) {
      const means = `${UNTOUCHED} ${into} is unfinished; running this again makes it anew.`;
      const doing = `the restoring of ${file} into ${into}`;
      return failed(refusal({ doing, typed: typed.restoreInto(given, into, path), means }, exit, context.signal));
    }
    const words = { doing: `the finishing of ${into}`, means: UNTOUCHED };
    // A restore leaves no statistics: the first queries after a swap would be planned blindly.
    await runSql(context, given, into, 'ANALYZE', words);
    const mark = markText({ is: 'restored', file, at: new Date().toISOString() });
    await runSql(context, given, 'postgres', `COMMENT ON DATABASE "${into}" IS '${mark}'`, words);
    const [rows, now] = [await rowCounts(context, given, into), await rowCounts(context, given, database)];
    for (const line of await comparison(now, rows, [database, into])) context.say(line);
    const settings = await ownSettings(context, given, database);
    for (const setting of settings) context.say(`not in a dump, set it by hand on ${into}: ${setting}`);
    const total = Object.values(rows).reduce((sum, count) => sum + count, 0);
    return {
      outcome: 'passed',
      summary: `${file} stands in ${into}: ${Object.keys(rows).length} tables, ${total} rows · ${UNTOUCHED}`,
      evidence: { file, into, rows, production: now, settings },
      text: file,
    };
  },
};

/** Row counts side by side, in lines for the screen. */
export function comparison(
  production: Readonly<Record<string, number>>,
  side: Readonly<Record<string, number>>,
  [first, second]: readonly [string, string],
): Promise<string[]> {
  const names = [...new Set([...Object.keys(production), ...Object.keys(side)])].sort();
  const cell = (count: number | undefined) => (count === undefined ? '(no table)' : String(count));
  return table(
    ['table', first, second],
    names.map((name) => [name, cell(production[name]), cell(side[name])]),
  );
}

async function makeSide(
  context: TaskContext,
  given: Input,
  { owner, stale, file }: { owner: string; stale: boolean; file: string },
): Promise<void> {
  const { database, into } = given;
  const words = { doing: `the making of ${into}`, means: UNTOUCHED };
  const run = (sql: string) => runSql(context, given, 'postgres', sql, words);
  if (stale) {
    context.say(`${into} is left over from an earlier restore: dropped`);
    await run(`DROP DATABASE "${into}" WITH (FORCE)`);
  }
  // The same encoding and collation as production has: template0 takes any.
  const locale = await run(
    "select format('ENCODING %L LC_COLLATE %L LC_CTYPE %L', pg_encoding_to_char(encoding), datcollate, datctype) " +
      `from pg_database where datname = '${database}'`,
  );
  await run(`CREATE DATABASE "${into}" OWNER "${owner}" TEMPLATE template0 ${locale}`);
  const mark = markText({ is: 'restoring', file, at: new Date().toISOString() });
  await run(`COMMENT ON DATABASE "${into}" IS '${mark}'`);
}

function failed(problem: ProblemDetail): TaskResult {
  return { outcome: 'failed', summary: problem.what, problem };
}

function nothingToRestore({ directory }: Input): ProblemDetail {
  return {
    code: 'backup-none',
    what: `No backup in ${directory} can be restored from.`,
    means: UNTOUCHED,
    next: [`ls -l ${directory}`, 'fetch one from where copies are kept'],
  };
}

function sameName(database: string): ProblemDetail {
  return {
    code: 'backup-side-is-production',
    what: `${database} cannot be restored into itself.`,
    means: UNTOUCHED,
    next: ['name another database in into:'],
  };
}

function noSuchDatabase(database: string): ProblemDetail {
  return {
    code: 'backup-no-database',
    what: `There is no database ${database} on this server.`,
    means: 'Nothing was changed.',
    next: ['see which databases there are: psql -l'],
  };
}

function sideTaken({ name, mark }: DatabaseFacts): ProblemDetail {
  return {
    code: 'backup-side-taken',
    what: mark
      ? `${name} is what production was before the last swap.`
      : `There is a database ${name} that no restore of tejun made.`,
    means: `It is not dropped by itself. ${UNTOUCHED}`,
    next: ['drop it, when nobody needs it any more', 'or name another database in into:'],
  };
}
