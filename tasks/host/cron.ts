import * as z from 'zod';
import type { Command, Exit } from '../../src/exec/command.ts';
import { EXIT, Problem, type ProblemDetail } from '../../src/problem.ts';
import { cutShort } from '../cut-short.ts';
import type { Task, TaskContext, TaskResult } from '../task.ts';
import { type Block, blockLines, difference, faultsOf, merge, rivals } from './crontab.ts';

const line = z.string().superRefine((text, issues) => {
  for (const fault of faultsOf(text)) issues.addIssue({ code: 'custom', message: `a line of cron: ${fault}` });
});

const input = z.strictObject({
  /** Marks the block in the crontab. */
  name: z.string().regex(/^[a-z0-9][a-z0-9-]*$/, 'lower-case letters, digits and dashes'),
  lines: z.array(line).min(1),
  /** cron's own is /bin/sh, which has no pipefail on Debian. */
  shell: z
    .string()
    .regex(/^\/\S+$/, 'the path of a shell')
    .default('/bin/bash'),
  /** Who gets what the jobs print. */
  mailto: z
    .string()
    .regex(/^[^\s"']+$/, 'an address without spaces')
    .optional(),
  /** Text in a line of others that does the same job: such a line must go first. */
  instead_of: z.array(z.string().min(1)).default([]),
});

type Input = z.infer<typeof input>;

const LIST: Command = { file: 'crontab', args: ['-l'] };

/** Puts the block of lines into the crontab, after it has shown what changes. Lines of others stay. */
export const hostCron: Task<Input> = {
  name: 'host/cron',
  input,
  effect: 'write',
  describe: (given) => ['crontab -l', ...blockLines(blockOf(given)).map((text) => `+ ${text}`), 'crontab -'],
  async run(given, context) {
    const block = blockOf(given);
    const before = await read(context);
    const after = merge(before, block);
    const changes = difference(before, after);
    const rival = rivals(before, block, given.instead_of);
    if (rival.length > 0) return failed(rivalProblem(rival));
    if (changes.length === 0) {
      return { outcome: 'passed', summary: 'the crontab has these lines already', evidence: { changed: false } };
    }
    for (const text of changes) context.say(text);
    const exit = await context.exec({ file: 'crontab', args: ['-'], stdin: after });
    if (exit.code !== 0) return failed(refusal(exit, context.signal));
    const now = await read(context, 'crontab took the lines; whether it has them was not seen.');
    if (difference(now, after).length > 0) {
      return failed({
        code: 'cron-not-installed',
        what: 'crontab took the lines, but does not have them afterwards.',
        means: 'Somebody else may have changed it at the same moment.',
        next: ['crontab -l', 'run this again'],
      });
    }
    const [added, removed] = ['+ ', '- '].map((sign) => changes.filter((text) => text.startsWith(sign)).length);
    return {
      outcome: 'passed',
      summary: `crontab: ${added} lines added, ${removed} removed`,
      evidence: { changed: true, changes: changes.slice(0, 100) },
    };
  },
};

/** The block of lines is in the crontab as it should be, and no line of others does the same job. */
export const hostCronPresent: Task<Input> = {
  name: 'host/cron-present',
  input,
  effect: 'read',
  describe: () => ['crontab -l'],
  async run(given, context) {
    const block = blockOf(given);
    const before = await read(context);
    const missing = difference(before, merge(before, block));
    const rival = rivals(before, block, given.instead_of);
    for (const text of missing) context.say(text);
    if (rival.length > 0) return failed(rivalProblem(rival));
    if (missing.length === 0) {
      return { outcome: 'passed', summary: `${given.lines.length} jobs are in the crontab`, evidence: { missing } };
    }
    return failed(
      {
        code: 'cron-differs',
        what: 'The crontab has not the lines that it should have.',
        means: `${missing.length} lines differ; + is what would come, - what would go.`,
        next: ['install them', 'crontab -l'],
      },
      { missing: missing.slice(0, 100) },
    );
  },
};

function blockOf({ name, lines, shell, mailto }: Input): Block {
  return { name, lines, settings: { SHELL: shell, ...(mailto === undefined ? {} : { MAILTO: mailto }) } };
}

/** The crontab of this user; empty when there is none, which `crontab -l` says with exit code 1. */
async function read(context: TaskContext, means?: string): Promise<string> {
  const exit = await context.exec(LIST, { quiet: true });
  if (exit.code === 0) return exit.stdout;
  if (exit.code === 1 && /^no crontab for /im.test(exit.stderr)) return '';
  throw new Problem(refusal(exit, context.signal, means), EXIT.failed);
}

function refusal(exit: Exit, signal: AbortSignal, means = 'The crontab is as it was.'): ProblemDetail {
  const cut = cutShort(exit, signal);
  const said = exit.stderr
    .split('\n')
    .find((text) => text.trim() !== '')
    ?.trim();
  return {
    code: 'cron-refused',
    what: cut ? `crontab ${cut}.` : `crontab refused: ${said ?? `exit code ${exit.code}`}.`,
    means,
    next: ['crontab -l', 'see whether this user may have one: /etc/cron.allow, /etc/cron.deny'],
  };
}

function rivalProblem(lines: readonly string[]): ProblemDetail {
  return {
    code: 'cron-rival',
    what: `The crontab has ${lines.length === 1 ? 'a line' : `${lines.length} lines`} of its own for the same job: ${lines.join(' · ').slice(0, 300)}`,
    means: 'Both would run. tejun changes no line that it did not write; the crontab is as it was.',
    next: ['take it out: crontab -e', 'then run this again'],
  };
}

function failed(problem: ProblemDetail, evidence?: { missing: readonly string[] }): TaskResult {
  return { outcome: 'failed', summary: problem.what, problem, ...(evidence ? { evidence } : {}) };
}
