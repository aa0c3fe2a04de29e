import * as z from 'zod';
import type { ProblemDetail } from '../../src/problem.ts';
import type { Task } from '../task.ts';
import { identifier, server, typed } from './commands.ts';
import { factsOf, runSql } from './databases.ts';
import { sizeText } from './table.ts';

const input = z.strictObject({
  ...server,
  /** What is dropped; its name is typed. */
  name: identifier,
  /** Production, which is never dropped. */
  database: identifier,
});

/** Drops a database that a restore made or a swap moved aside, and no other. */
export const backupDrop: Task<z.infer<typeof input>> = {
  name: 'backup/drop',
  input,
  effect: 'destroy',
  describe: (given) => [typed.psql(given, 'postgres', `DROP DATABASE ${given.name}`)],
  async run(given, context) {
    const { name, database } = given;
    const facts = (await factsOf(context, given, [name])).get(name);
    if (!facts) return { outcome: 'passed', summary: `there is no ${name}`, evidence: { name, dropped: false } };
    if (name === database || !facts.mark) {
      const problem: ProblemDetail = {
        code: 'drop-not-ours',
        what: name === database ? `${name} is production.` : `${name} was neither restored nor moved aside by tejun.`,
        means: 'Nothing was dropped.',
        next: [`look at it first: psql -d ${name}`],
      };
      return { outcome: 'failed', summary: problem.what, problem };
    }
    await runSql(context, given, 'postgres', `DROP DATABASE "${name}" WITH (FORCE)`, {
      doing: `the dropping of ${name}`,
      means: 'It may still be there.',
    });
    return {
      outcome: 'passed',
      summary: `${name} dropped (${sizeText(facts.bytes)})`,
      evidence: { name, dropped: true, bytes: facts.bytes, was: facts.mark.is, file: facts.mark.file },
    };
  },
};
