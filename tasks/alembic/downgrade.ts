import * as z from 'zod';
import type { Task } from '../task.ts';
import { alembicTyped, calling } from './command.ts';
import { move } from './move.ts';
import { revisionWord } from './output.ts';
import { readRevisions } from './reading.ts';

const input = z.strictObject({
  ...calling,
  to: z
    .string()
    .regex(/^[^\s@+-]+$/, 'the id of a revision, or base: never -1, which depends on where the database happens to be')
    .refine((to) => to !== 'head' && to !== 'heads', 'an older revision, not head'),
});

/** Goes back to a recorded revision, with the code that has the newer ones: before that code is rolled back. */
export const alembicDowngrade: Task<z.infer<typeof input>> = {
  name: 'alembic/downgrade',
  input,
  effect: 'write',
  describe: (given) => [
    alembicTyped(given, 'current'),
    alembicTyped(given, 'downgrade', given.to),
    alembicTyped(given, 'current'),
  ],
  async run(given, context) {
    const before = await readRevisions(context, given, 'current');
    const at = revisionWord(before);
    const evidence = { before: at, after: at, ran: [] };
    if (at === given.to) return { outcome: 'passed', summary: `was at ${at}`, evidence };
    if (before.length !== 1) {
      return {
        outcome: 'failed',
        summary: `the database is at ${at} · nothing ran`,
        evidence,
        problem: {
          code: before.length === 0 ? 'alembic-at-base' : 'alembic-multiple-heads',
          what:
            before.length === 0
              ? 'The database has no migration to undo.'
              : `The database is at ${before.length} heads at once: ${before.join(', ')}.`,
          means:
            before.length === 0
              ? 'Nothing was changed.'
              : 'With several heads it depends on alembic which of them it undoes. Nothing was changed.',
          next: ['alembic history', 'let a developer choose the revision'],
        },
      };
    }
    return move(context, given, {
      way: 'downgrade',
      to: given.to,
      before,
      reached: (after) => revisionWord(after) === given.to,
    });
  },
};
