import type { Command, Exit } from '../../src/exec/command.ts';
import type { ProblemDetail } from '../../src/problem.ts';
import { asTyped } from '../as-typed.ts';
import { cutShort } from '../cut-short.ts';

/** Texts that mean: these credentials do not do. From flyctl's sources and issues 4261, 4682, and fly-pr-review-apps 60. */
const AUTH = [
  /no access token available/i,
  /must be authenticated to view this/i,
  /failed to fetch discharge tokens/i,
  /not authorized/i,
  /\b401\b.*unauthorized/i,
];

/** Since fly-go of 2025-10 a whole GraphQL query precedes it: only the name is taken from the text. */
const NO_APP = /Could not find App(?: "([^"]+)")?|the app name (\S+) could not be found|app not found/i;

/** Whether flyctl said that there is no such app that these credentials can see. */
export function saysNoApp(exit: Pick<Exit, 'stderr' | 'stdout'>): boolean {
  return NO_APP.test(exit.stderr) || NO_APP.test(exit.stdout);
}

/**
 * The platform's own last error line, without its `Error:` and request id, and without the GraphQL that newer versions
 * print in front; undefined when it printed nothing on standard error.
 */
export function lastErrorLine({ stderr }: Pick<Exit, 'stderr'>): string | undefined {
  const lines = stderr.split('\n').map((line) => line.trim());
  const line = lines.findLast((text) => /^Error\b/.test(text)) ?? lines.findLast((text) => text !== '');
  return line
    ?.replace(/^Error:?\s*/, '')
    .replace(/\s*\((?:Request|Trace) ID: [^)]*\)/g, '')
    .replace(/failed to run (?:query|mutation)[\s\S]*\}:\s*/, '')
    .slice(0, 500);
}

/** Why a flyctl command failed, and what to do. Pure. @param signal the step's, for the reason of a stop */
export function refusal(command: Command, exit: Exit, signal: AbortSignal): ProblemDetail {
  const ran = asTyped(command);
  const cut = cutShort(exit, signal);
  if (cut) return { code: 'fly-interrupted', what: `"${ran}" ${cut} before it answered.`, next: [ran] };
  const text = `${exit.stderr}\n${exit.stdout}`;
  if (AUTH.some((pattern) => pattern.test(text))) {
    return {
      code: 'fly-auth',
      what: 'Fly refused the credentials, or there are none.',
      means: 'FLY_ACCESS_TOKEN and FLY_API_TOKEN beat a saved login, and a token of one app cannot see another.',
      next: ['flyctl auth login', 'flyctl auth whoami'],
    };
  }
  const missing = NO_APP.exec(text);
  if (missing) {
    const app = missing[1] ?? missing[2] ?? appOf(command);
    return {
      code: 'fly-app-not-found',
      what: `Fly knows no app${app ? ` "${app}"` : ''} that these credentials can see.`,
      means: 'It does not exist, is spelt otherwise, or belongs to an organization that this login is not in.',
      next: ['flyctl apps list', 'flyctl auth whoami'],
    };
  }
  return {
    code: 'fly-failed',
    what: `"${ran}" failed: ${lastErrorLine(exit) ?? `exit code ${exit.code}, and no word why`}`,
    next: [ran],
  };
}

function appOf({ args }: Command): string | undefined {
  const at = args.indexOf('-a');
  return at < 0 ? undefined : args[at + 1];
}
