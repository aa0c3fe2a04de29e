import * as z from 'zod';
import type { ProblemDetail } from '../../src/problem.ts';
import type { Task } from '../task.ts';
import { identifier, server, typed } from './commands.ts';
import { type DatabaseFacts, factsOf, rowCounts } from './databases.ts';
import { comparison } from './restore.ts';
import { sizeText } from './table.ts';

const input = z.strictObject({
  ...server,
  database: identifier,
  /** The side database and the one that a swap keeps. */
  into: identifier,
  keep: identifier,
});

/** Where a restore stands: which of the three databases there are, what is in them, and what comes next. */
export const backupState: Task<z.infer<typeof input>> = {
  name: 'backup/state',
  input,
  effect: 'read',
  describe: (given) => [typed.psql(given, 'postgres', '\\l+')],
  async run(given, context) {
    const { database, into, keep } = given;
    const facts = await factsOf(context, given, [database, into, keep]);
    for (const name of [database, into, keep]) context.say(lineOf(name, facts.get(name)));
    const other = facts.get(keep) ?? facts.get(into);
    if (facts.has(database) && other && other.mark?.is !== 'restoring') {
      const [production, rows] = [
        await rowCounts(context, given, database),
        await rowCounts(context, given, other.name),
      ];
      for (const line of await comparison(production, rows, [database, other.name])) context.say(line);
    }
    const evidence = Object.fromEntries(
      [database, into, keep].map((name) => {
        const found = facts.get(name);
        return [name, found ? { bytes: found.bytes, sessions: found.sessions, ...(found.mark ?? {}) } : null];
      }),
    );
    if (!facts.has(database)) {
      const problem: ProblemDetail = {
        code: 'backup-no-database',
        what: `There is no database ${database}: production has nothing to connect to.`,
        means: 'A swap is one transaction and cannot leave this behind; someone renamed or dropped it by hand.',
        next: [`put ${keep} or a restored backup in its place`],
      };
      return { outcome: 'failed', summary: problem.what, problem, evidence };
    }
    return { outcome: 'passed', summary: standing(facts.get(into), facts.get(keep)), evidence };
  },
};

/** Where a restore stands, in a sentence. Pure. */
export function standing(side: DatabaseFacts | undefined, kept: DatabaseFacts | undefined): string {
  if (kept?.mark) return `swapped to ${kept.mark.file}; the one before is kept as ${kept.name} until it is dropped`;
  if (side?.mark?.is === 'restored') return `${side.mark.file} stands ready in ${side.name}; production is as before`;
  if (side?.mark) return `the restore into ${side.name} was not finished; production is as before`;
  return 'no restore is under way';
}

function lineOf(name: string, found: DatabaseFacts | undefined): string {
  if (!found) return `${name}: not there`;
  const { bytes, sessions, mark } = found;
  return `${name}: ${sizeText(bytes)}, ${sessions} sessions${mark ? `, ${mark.is} ${mark.file}` : ''}`;
}
