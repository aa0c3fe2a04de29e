import type { z } from 'zod';
import type { Command } from '../../src/exec/command.ts';
import { EXIT, Problem } from '../../src/problem.ts';
import { asTyped } from '../as-typed.ts';
import type { TaskContext } from '../task.ts';
import { noCompose, refusal } from './refusal.ts';

/** Longest wait for one reading; `stats` needs two seconds by itself. */
const READ_TIMEOUT_MS = 30_000;

export interface ReadOptions {
  /** Instead of the step's: to look at what is left after the step was stopped. */
  signal?: AbortSignal;
  timeoutMs?: number;
}

/**
 * Runs a command that only reads, out of the live tail, and returns what it printed.
 *
 * @throws Problem what Docker, compose or git refused: `compose-missing`, `compose-daemon`, `compose-file`, …
 */
export async function ask(context: TaskContext, command: Command, options: ReadOptions = {}): Promise<string> {
  const exit = await context
    .exec(
      { ...command, timeoutMs: options.timeoutMs ?? READ_TIMEOUT_MS },
      { quiet: true, signal: options.signal ?? context.signal },
    )
    .catch((error: unknown) => {
      if (!(error instanceof Problem) || error.code !== 'command-not-found' || command.file === 'git') throw error;
      throw new Problem(noCompose(error.what), EXIT.failed);
    });
  if (exit.code === 0) return exit.stdout;
  throw new Problem(refusal(command, exit, context.signal), EXIT.failed);
}

/** The lines of an answer that say something. */
export function linesOf(stdout: string): string[] {
  return stdout
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
}

/**
 * Parses JSON Lines, or the one array that compose printed before 2.21. Pure; empty output is an empty list.
 *
 * @throws Problem `compose-unreadable`
 */
export function parseRows<T>(row: z.ZodType<T>, command: Command, stdout: string): T[] {
  const text = stdout.trim();
  if (text === '') return [];
  const found: unknown = text.startsWith('[') ? json(command, text) : linesOf(text).map((line) => json(command, line));
  const parsed = row.array().safeParse(found);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw unreadable(command, `${issue?.path.join('.') || 'its top'}: ${issue?.message}`);
}

function json(command: Command, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw unreadable(command, 'it is not JSON');
  }
}

function unreadable(command: Command, why: string): Problem {
  return new Problem({
    code: 'compose-unreadable',
    what: `The answer of "${asTyped(command)}" cannot be read: ${why}.`,
    means: 'Its version may be too old or too new for tejun.',
    next: [asTyped(command), 'docker compose version'],
  });
}
