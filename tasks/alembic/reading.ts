import { EXIT, Problem } from '../../src/problem.ts';
import type { TaskContext } from '../task.ts';
import { alembic, alembicTyped, type Calling, withSecrets } from './command.ts';
import { revisionsIn } from './output.ts';
import { alembicRefusal } from './refusal.ts';

/**
 * The revisions of the database (`current`) or of the code (`heads`).
 *
 * @throws Problem `alembic-…` when alembic cannot tell
 */
export async function readRevisions(
  context: TaskContext,
  how: Calling,
  which: 'current' | 'heads',
  signal: AbortSignal = context.signal,
): Promise<string[]> {
  const command = alembic(how, which);
  const exit = await context.exec(withSecrets(command, context), { quiet: true, signal });
  if (exit.code === 0) return revisionsIn(exit.stdout);
  throw new Problem(alembicRefusal(alembicTyped(how, which), exit, context.signal), EXIT.failed);
}
