import type { z } from 'zod';
import type { Command, Exit } from '../../src/exec/command.ts';
import { EXIT, Problem, type ProblemDetail } from '../../src/problem.ts';
import { asTyped } from '../as-typed.ts';
import { cutShort } from '../cut-short.ts';
import { lastLine } from '../last-line.ts';
import type { TaskContext } from '../task.ts';

/** Longest wait for one answer. */
const READ_TIMEOUT_MS = 30_000;

/** Exit code of gh without a login (cli/cli internal/ghcmd/cmd.go). */
const NOT_LOGGED_IN = 4;

/** A command as it is typed: what keeps gh from asking is tejun's own matter. */
export const shown = ({ file, args }: Command): string => asTyped({ file, args });

/** Runs a `gh` command that only reads and parses its JSON. @throws Problem `github-…` */
export async function read<T>(context: TaskContext, command: Command, schema: z.ZodType<T>): Promise<T> {
  const exit = await run(context, command, { quiet: true });
  if (exit.code !== 0) {
    const problem = refusal(command, exit, context.signal);
    throw new Problem(problem, problem.code === 'github-auth' ? EXIT.auth : EXIT.failed);
  }
  return parse(schema, command, exit.stdout);
}

/** Runs a `gh` command. @throws Problem `github-no-gh` when there is none */
export async function run(
  context: TaskContext,
  command: Command,
  options: { quiet?: boolean; timeoutMs?: number } = {},
): Promise<Exit> {
  try {
    return await context.exec(
      { ...command, timeoutMs: options.timeoutMs ?? READ_TIMEOUT_MS },
      options.quiet ? { quiet: true } : {},
    );
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    const next = ['install it: https://cli.github.com', 'gh auth login'];
    throw new Problem({ code: 'github-no-gh', what: 'gh cannot be started.', means: error.what, next }, error.exit);
  }
}

/** Parses what a command printed. Pure. @throws Problem `github-unreadable` */
export function parse<T>(schema: z.ZodType<T>, command: Command, stdout: string): T {
  let json: unknown;
  try {
    json = JSON.parse(stdout);
  } catch {
    throw unreadable(command, 'it is not JSON');
  }
  const found = schema.safeParse(json);
  if (found.success) return found.data;
  const [issue] = found.error.issues;
  throw unreadable(command, `${issue?.path.join('.') || 'its top'}: ${issue?.message}`);
}

function unreadable(command: Command, why: string): Problem {
  return new Problem({
    code: 'github-unreadable',
    what: `The answer of "${shown(command)}" cannot be read: ${why}.`,
    next: [shown(command), 'gh --version'],
  });
}

/** Why a `gh` command failed, and what to do. Pure. @param signal the step's, for the reason of a stop */
export function refusal(command: Command, exit: Exit, signal: AbortSignal): ProblemDetail {
  const ran = shown(command);
  const cut = cutShort(exit, signal);
  if (cut) return { code: 'github-interrupted', what: `"${ran}" ${cut} before it answered.`, next: [ran] };
  const text = exit.stderr.trim();
  if (exit.code === NOT_LOGGED_IN || /HTTP 401|Bad credentials/i.test(text)) {
    return {
      code: 'github-auth',
      what: 'GitHub refused the login, or there is none.',
      means: 'GH_TOKEN beats a saved login. A fine-grained token needs Actions, Environments, Secrets and Variables.',
      next: ['gh auth login', 'gh auth status'],
    };
  }
  if (/HTTP 403/.test(text)) {
    return {
      code: 'github-forbidden',
      what: `GitHub does not let this login do that: ${lastLine(text)}`,
      next: ['gh auth status'],
    };
  }
  if (/HTTP 404|could not find any workflows|could not resolve to a Repository/i.test(text)) {
    return {
      code: 'github-not-found',
      what: `GitHub does not know it: ${lastLine(text)}`,
      means: 'It does not exist, is spelt otherwise, or this login may not see it.',
      next: ['check the repository, the environment and the workflow file', 'gh auth status'],
    };
  }
  return { code: 'github-failed', what: `"${ran}" failed: ${lastLine(text) ?? `exit code ${exit.code}`}`, next: [ran] };
}
