import type { ProblemDetail } from '../../src/problem.ts';

/** What flyctl says of an app whose machines all sleep (`ssh/console.go`); the lines after it name no reason. */
const ASLEEP = /\bapp (\S+) has no started VMs/;

/**
 * Why nothing was run on a Fly machine: none is started, and `flyctl ssh console` starts none. Pure.
 *
 * @param text what the command printed
 */
export function asleep(text: string): ProblemDetail | undefined {
  const app = ASLEEP.exec(text)?.[1];
  if (app === undefined) return undefined;
  return {
    code: 'fly-asleep',
    what: `No machine of ${app} is started, and flyctl ssh console starts none.`,
    means: 'Nothing was run there. An app that may sleep goes back to sleep when nobody asks for it.',
    next: [`flyctl machine list -a ${app}`, `flyctl machine start MACHINE -a ${app}   # then try again (r)`],
  };
}
