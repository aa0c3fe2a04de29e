import type { z } from 'zod';
import type { Command } from '../../src/exec/command.ts';
import { EXIT, Problem } from '../../src/problem.ts';
import { asTyped } from '../as-typed.ts';
import type { TaskContext } from '../task.ts';
import { refusal } from './refusal.ts';

/** Longest wait for one reading of the platform's state. */
const READ_TIMEOUT_MS = 30_000;

/**
 * Go structs without tags print Capitalised keys, machines print snake_case, and both occur in one document. Turns every
 * key into snake_case (`ImageRef` → `image_ref`, `ID` → `id`), so that one schema reads both.
 */
export function snakeKeys(json: unknown): unknown {
  if (Array.isArray(json)) return json.map(snakeKeys);
  if (json === null || typeof json !== 'object') return json;
  return Object.fromEntries(Object.entries(json).map(([key, value]) => [snake(key), snakeKeys(value)]));
}

function snake(key: string): string {
  return key
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replace(/([A-Z])([A-Z][a-z])/g, '$1_$2')
    .toLowerCase();
}

/** Parses the JSON that a flyctl command printed, in either key case. @throws Problem `fly-unreadable` */
export function parse<T>(schema: z.ZodType<T>, command: Command, stdout: string): T {
  const parsed = schema.safeParse(snakeKeys(json(command, stdout)));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw unreadable(command, `${issue?.path.join('.') || 'its top'}: ${issue?.message}`);
}

function json(command: Command, stdout: string): unknown {
  try {
    return JSON.parse(stdout);
  } catch {
    throw unreadable(command, 'it is not JSON');
  }
}

function unreadable(command: Command, why: string): Problem {
  return new Problem({
    code: 'fly-unreadable',
    what: `The answer of "${asTyped(command)}" cannot be read: ${why}.`,
    means:
      'flyctl prints its help and exit code 0 for a command that it does not know; its version may be too old or too new.',
    next: [asTyped(command), 'flyctl version'],
  });
}

export interface ReadOptions {
  /** Instead of the step's: to look at what is left after the step was stopped. */
  signal?: AbortSignal;
  timeoutMs?: number;
}

/**
 * Runs a command that only reads, out of the live tail, and returns what it printed.
 *
 * @throws Problem what flyctl refused: `fly-auth`, `fly-app-not-found`, …
 */
export async function ask(context: TaskContext, command: Command, options: ReadOptions = {}): Promise<string> {
  const exit = await context.exec(
    { ...command, timeoutMs: options.timeoutMs ?? READ_TIMEOUT_MS },
    { quiet: true, signal: options.signal ?? context.signal },
  );
  if (exit.code === 0) return exit.stdout;
  const problem = refusal(command, exit, context.signal);
  throw new Problem(problem, problem.code === 'fly-auth' ? EXIT.auth : EXIT.failed);
}

/** `ask`, its JSON parsed. @throws Problem as `ask`, or `fly-unreadable` */
export async function read<T>(
  context: TaskContext,
  command: Command,
  schema: z.ZodType<T>,
  options: ReadOptions = {},
): Promise<T> {
  return parse(schema, command, await ask(context, command, options));
}
