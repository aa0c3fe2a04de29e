import * as z from 'zod';
import type { Command, Exit } from '../../src/exec/command.ts';
import { EXIT, Problem, type ProblemDetail } from '../../src/problem.ts';
import { asTyped } from '../as-typed.ts';
import { refusal as composeRefusal } from '../compose/refusal.ts';
import { cutShort } from '../cut-short.ts';
import type { TaskContext } from '../task.ts';

/** Where Celery's application object is, e.g. `app.worker.celery_app`. */
export const applicationPath = z.string().regex(/^[A-Za-z_][\w.:]*$/, 'a module, e.g. app.worker.celery_app');

/** `EX_UNAVAILABLE`: no worker answered, or, since 2026, the broker could not be reached. */
const UNAVAILABLE = 69;

/** What is said of each worker by its name. */
export type Replies = Readonly<Record<string, unknown>>;

/** Asks the workers, and gives the answers. @throws Problem `celery-no-worker`, `celery-broker`, `celery-unreadable`, … */
export async function inspect(context: TaskContext, command: Command): Promise<Replies> {
  const exit = await context.exec(command, { quiet: true });
  if (exit.code !== 0) throw new Problem(refusal(command, exit, context.signal), EXIT.failed);
  return replies(command, exit.stdout);
}

/** Pure. Older versions print a warning or a banner before the JSON. @throws Problem `celery-unreadable` */
export function replies(command: Command, stdout: string): Replies {
  const line = stdout.split('\n').findLast((text) => text.trimStart().startsWith('{'));
  try {
    const parsed = z.record(z.string(), z.unknown()).safeParse(JSON.parse(line ?? ''));
    if (parsed.success) return parsed.data;
  } catch {
    // Said below.
  }
  throw new Problem(
    {
      code: 'celery-unreadable',
      what: `The answer of "${asTyped(command)}" is not JSON.`,
      means: 'Celery before 4.4 has no --json.',
      next: [asTyped(command), 'celery --version'],
    },
    EXIT.failed,
  );
}

/** Why Celery did not answer. Pure. */
export function refusal(command: Command, exit: Exit, signal: AbortSignal): ProblemDetail {
  const ran = asTyped(command);
  const cut = cutShort(exit, signal);
  if (cut) return { code: 'celery-interrupted', what: `"${ran}" ${cut} before it answered.`, next: [ran] };
  const text = `${exit.stderr}\n${exit.stdout}`;
  if (
    /message broker|kombu\.exceptions\.OperationalError|Connection refused|redis\.exceptions\.|NOAUTH|WRONGPASS/i.test(
      text,
    )
  ) {
    return {
      code: 'celery-broker',
      what: 'Celery cannot reach its message broker.',
      means: 'No task is taken or given. Workers may run and wait.',
      next: [
        'see whether Redis answers (redis/ready)',
        'compare the broker URL and its password with the broker’s own',
      ],
    };
  }
  if (exit.code === UNAVAILABLE || /No nodes replied/i.test(text)) {
    return {
      code: 'celery-no-worker',
      what: 'No Celery worker answered.',
      means: 'Tasks are queued, and nobody works on them.',
      next: ['see whether the worker runs, and why not: docker compose logs --tail 50 worker', 'restart the worker'],
    };
  }
  const docker = composeRefusal(command, exit, signal);
  return docker.code === 'compose-failed' ? { ...docker, code: 'celery-failed' } : docker;
}
