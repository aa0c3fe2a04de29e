import type { TaskContext, TaskResult } from '../task.ts';
import { alembic, alembicTyped, type Calling, withSecrets } from './command.ts';
import { ranIn, revisionWord } from './output.ts';
import { readRevisions } from './reading.ts';
import { alembicRefusal } from './refusal.ts';

/** Longest look at where the database is after a migration was cut short: someone waits for the answer. */
const AFTERMATH_MS = 10_000;

/** A migration to be run, and where the database is before it. */
export interface Move {
  way: 'upgrade' | 'downgrade';
  to: string;
  before: readonly string[];
  /** Whether these are the revisions that the move was to reach. */
  reached(after: readonly string[]): boolean;
}

/**
 * Runs `alembic upgrade` or `downgrade`, and reads where the database is afterwards, however it ended. Evidence: `{before,
 * after, ran}`; `before` is what a downgrade takes as its target (`capture=before=/before`).
 */
export async function move(
  context: TaskContext,
  how: Calling,
  { way, to, before, reached }: Move,
): Promise<TaskResult> {
  const command = alembic(how, way, to);
  const exit = await context.exec(withSecrets(command, context));
  const ran = ranIn(exit.stderr);
  // A step that was stopped is still looked at, with a signal of its own.
  const signal = context.signal.aborted ? AbortSignal.timeout(AFTERMATH_MS) : context.signal;
  const after = await readRevisions(context, how, 'current', signal).catch(() => undefined);
  const evidence = {
    before: revisionWord(before),
    after: after === undefined ? null : revisionWord(after),
    ran,
  };
  const ended = { evidence, text: exit.stdout, ...(exit.code === null ? {} : { exit: exit.code }) };
  if (exit.code === 0 && after !== undefined && reached(after)) {
    const what =
      evidence.before === evidence.after ? `was at ${evidence.after}` : `${evidence.before} → ${evidence.after}`;
    return { outcome: 'passed', summary: `${what}${ran.length > 0 ? ` · ${ran.length} ran` : ''}`, ...ended };
  }
  const now =
    after === undefined ? 'where the database is now could not be read' : `the database is at ${evidence.after}`;
  if (exit.code === 0) {
    return {
      outcome: 'failed',
      summary: `alembic reported no error, yet ${now}`,
      ...ended,
      problem: {
        code: 'alembic-not-there',
        what: `alembic reported no error, yet ${now}, not at ${to}.`,
        next: ['read its output (l)', 'alembic current', 'alembic heads'],
      },
    };
  }
  const problem = alembicRefusal(alembicTyped(how, way, to), exit, context.signal);
  return {
    outcome: 'failed',
    summary: `${way} failed · ${now}`,
    ...ended,
    problem: {
      ...problem,
      means: `It was at ${evidence.before}; ${now}. ${problem.means ?? 'A migration that fails is undone by PostgreSQL; those before it stay.'}`,
    },
  };
}
