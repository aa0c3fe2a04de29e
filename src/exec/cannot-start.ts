import { existsSync } from 'node:fs';
import { EXIT, Problem } from '../problem.ts';
import type { ProblemCode } from '../problem-codes.ts';

/**
 * Says why a program could not be started. Built from the error's code only: its message and its other fields hold the
 * whole command line (execa and Node alike).
 *
 * @param code of the system error, e.g. `ENOENT`
 */
export function cannotStart(
  code: string | undefined,
  file: string,
  cwd: string,
  env: Readonly<Record<string, string>>,
): Problem {
  if (!existsSync(cwd)) {
    return problem('directory-missing', `The working directory ${cwd} does not exist.`, [`mkdir -p ${cwd}`]);
  }
  if (code === 'ENOENT' || code === 'EACCES' || code === 'ENOTDIR') {
    return problem('command-not-found', notFound(code, file, env['PATH']), [
      `install ${file}, or add the directory that it is in to PATH`,
      `see where the shell finds it: command -v ${file}`,
    ]);
  }
  if (code === 'E2BIG') {
    return problem('command-too-long', `The arguments or the environment of ${file} are too long for the system.`, [
      'hand the long part over by standard input or a file',
    ]);
  }
  return problem('command-not-started', `${file} could not be started (${code ?? 'unknown error'}).`, [
    'try it by hand in another terminal',
  ]);
}

function notFound(code: string, file: string, path: string | undefined): string {
  if (file.includes('/')) {
    return existsSync(file) ? `${file} is there but cannot be run (${code}).` : `There is no program ${file}.`;
  }
  const reason = code === 'EACCES' ? 'cannot be run' : 'was not found';
  return `The program ${file} ${reason} in PATH (${path ?? 'which is not set'}).`;
}

function problem(code: ProblemCode, what: string, next: readonly string[]): Problem {
  return new Problem({ code, what, means: 'The command was not started; it changed nothing.', next }, EXIT.failed);
}
