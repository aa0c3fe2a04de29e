import type { Exit } from '../../src/exec/command.ts';
import type { ProblemDetail } from '../../src/problem.ts';
import { cutShort } from '../cut-short.ts';

/** What failed, in words and as an operator would type it. */
export interface Attempted {
  /** e.g. `the dump of salon_gbp`. */
  doing: string;
  typed: string;
  /** What is true now, e.g. `Production was not touched.` */
  means: string;
}

/**
 * Why a command around a database in a container failed. Pure.
 *
 * @param signal the step's, for the reason of a stop
 */
export function refusal({ doing, typed, means }: Attempted, exit: Exit, signal: AbortSignal): ProblemDetail {
  const cut = cutShort(exit, signal);
  if (cut) return { code: 'backup-interrupted', what: `${capital(doing)} ${cut}.`, means, next: [typed] };
  const text = `${exit.stderr}\n${exit.stdout}`;
  const missing = /No such container: (\S+)|container (\S+) is not running/i.exec(text);
  if (missing) {
    const name = missing[1] ?? missing[2] ?? '';
    const what = `The container ${name} ${missing[1] ? 'does not exist' : 'does not run'}, so ${doing} could not be done.`;
    return { code: 'backup-container', what, means, next: ['docker ps -a', `docker start ${name}`] };
  }
  if (/No space left on device|could not write .*: (?:disk full|ENOSPC)/i.test(text)) {
    return { code: 'backup-no-space', what: `The disk is full: ${doing} could not be done.`, means, next: ['df -h'] };
  }
  const said = lastErrorLine(exit);
  if (/database "[^"]*" does not exist/.test(text)) {
    const what = `${capital(doing)} failed: ${said}.`;
    return { code: 'backup-no-database', what, means, next: ['see which databases there are: psql -l'] };
  }
  return {
    code: 'backup-failed',
    what: `${capital(doing)} failed: ${said ?? `exit code ${exit.code}, and no word why`}.`,
    means,
    next: [typed],
  };
}

/** The programs' own last line on standard error that says what is wrong; hints and details come after it. */
export function lastErrorLine({ stderr }: Pick<Exit, 'stderr'>): string | undefined {
  const lines = stderr.split('\n').map((line) => line.trim());
  const line = lines.findLast((text) => /error|fatal/i.test(text)) ?? lines.findLast((text) => text !== '');
  return line?.replace(/\.$/, '').slice(0, 500);
}

function capital(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}
