import * as z from 'zod';
import type { Task } from '../task.ts';
import { alembicTyped, calling } from './command.ts';
import { isAtHead, revisionWord } from './output.ts';
import { readRevisions } from './reading.ts';

const input = z.strictObject(calling);

/** The database is at every head of the code. `alembic current` exits 0 wherever it is, so the ids are compared. */
export const alembicAtHead: Task<z.infer<typeof input>> = {
  name: 'alembic/at-head',
  input,
  effect: 'read',
  describe: (how) => [alembicTyped(how, 'current'), alembicTyped(how, 'heads')],
  async run(how, context) {
    const current = await readRevisions(context, how, 'current');
    const heads = await readRevisions(context, how, 'heads');
    const atHead = isAtHead(current, heads);
    const evidence = { current: revisionWord(current), heads: revisionWord(heads), atHead };
    if (atHead) return { outcome: 'passed', summary: `at head · ${evidence.current}`, evidence };
    return {
      outcome: 'failed',
      summary: `at ${evidence.current}, while the head is ${evidence.heads}`,
      evidence,
      problem: {
        code: 'alembic-not-at-head',
        what: `The database is at ${evidence.current}; the code’s head is ${evidence.heads}.`,
        means: 'The code may use tables or columns that are not there yet.',
        next: [alembicTyped(how, 'upgrade', 'head')],
      },
    };
  },
};
