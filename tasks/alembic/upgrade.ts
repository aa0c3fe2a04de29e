import * as z from 'zod';
import { argument } from '../input.ts';
import type { Task } from '../task.ts';
import { alembicTyped, calling } from './command.ts';
import { move } from './move.ts';
import { isAtHead, revisionWord } from './output.ts';
import { readRevisions } from './reading.ts';

const input = z.strictObject({ ...calling, to: argument.default('head') });

/** Migrates, and reads before and after where the database is: its `before` is the way back. */
export const alembicUpgrade: Task<z.infer<typeof input>> = {
  name: 'alembic/upgrade',
  input,
  effect: 'write',
  describe: (given) => [
    alembicTyped(given, 'current'),
    alembicTyped(given, 'heads'),
    alembicTyped(given, 'upgrade', given.to),
    alembicTyped(given, 'current'),
  ],
  async run(given, context) {
    const before = await readRevisions(context, given, 'current');
    const heads = await readRevisions(context, given, 'heads');
    if (given.to === 'head' && heads.length > 1) {
      return {
        outcome: 'failed',
        summary: `${heads.length} heads: ${heads.join(', ')} · nothing ran`,
        evidence: { before: revisionWord(before), after: revisionWord(before), ran: [] },
        problem: {
          code: 'alembic-multiple-heads',
          what: `The code has ${heads.length} heads: ${heads.join(', ')}.`,
          means: 'Two changes build on the same revision. Nothing was changed.',
          next: ['let a developer merge them: alembic merge heads'],
        },
      };
    }
    const all = given.to === 'head' || given.to === 'heads';
    return move(context, given, {
      way: 'upgrade',
      to: given.to,
      before,
      // For one revision alembic's own word has to do: a branch beside it may be further.
      reached: (after) => !all || isAtHead(after, heads),
    });
  },
};
