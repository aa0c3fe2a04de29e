import * as z from 'zod';
import type { Command } from '../../src/exec/command.ts';
import { LANGUAGES } from '../../src/runbook/types.ts';
import type { Secret } from '../../src/secrets/secret.ts';
import { cutShort } from '../cut-short.ts';
import { asleep } from '../fly/asleep.ts';
import { lastLine } from '../last-line.ts';
import type { ScriptInput, TaskContext, TaskResult } from '../task.ts';

/** The input of a language's own task. */
export const scriptInput: z.ZodType<ScriptInput> = z.strictObject({ language: z.enum(LANGUAGES), body: z.string() });

/**
 * Runs a fence's body with an interpreter. Values and the secrets of `secrets=` are variables of this one child.
 *
 * Exit code and output are handed back as they are: `exit=`, `expect=` and `capture=` are judged by the engine.
 */
export async function runScript(command: Command, context: TaskContext): Promise<TaskResult> {
  const env: Record<string, string | Secret> = {};
  // Values are in the local environment already, but a child on another host gets only what its command carries. One
  // that the host's own variable outranks (a value called PATH) stays outranked.
  for (const [name, value] of Object.entries(context.values)) if (context.env[name] === value) env[name] = value;
  for (const name of context.secretNames) env[name] = context.secret(name);
  const exit = await context.exec({ ...command, env });
  const cut = cutShort(exit, context.signal);
  const ended = {
    text: exit.stdout,
    ...(exit.code === null ? {} : { exit: exit.code }),
    ...(exit.signal === null ? {} : { signal: exit.signal }),
  };
  if (exit.code === 0 && !cut) return { outcome: 'passed', summary: lastLine(exit.stdout) ?? 'done', ...ended };
  const said = lastLine(exit.stderr) ?? lastLine(exit.stdout);
  return {
    outcome: 'failed',
    summary: cut ? `it ${cut}` : `exit code ${exit.code}${said ? ` · ${said}` : ''}`,
    ...ended,
    problem: asleep(exit.stderr) ?? {
      code: cut ? 'script-cut-short' : 'script-failed',
      what: cut ? `The script ${cut} before it ended.` : `The script ended with exit code ${exit.code}.`,
      means: said ? `Its last line: ${said}` : 'It printed nothing.',
      next: ['read its output (l), then run it again (r)'],
    },
  };
}
