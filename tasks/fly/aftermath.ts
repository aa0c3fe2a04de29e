import type { Command, Exit } from '../../src/exec/command.ts';
import type { Json } from '../../src/journal/records.ts';
import type { ProblemDetail } from '../../src/problem.ts';
import { cutShort } from '../cut-short.ts';
import { type AppStatus, ailments, inWords, isHealthy, machineRows, runningVersion } from './machines.ts';
import { lastErrorLine, refusal } from './refusal.ts';
import { type Release, rollbackTargets } from './releases.ts';

/** What is known of an app once `flyctl deploy` has ended, however it ended. */
export interface Aftermath {
  /** The newest release that a machine ran before; 0 when none ran. */
  before: number;
  /** Undefined when it could not be read. */
  status?: AppStatus;
  releases?: readonly Release[];
}

/**
 * Two questions that one exit code cannot answer: does the new release run (*released*), and does it run well (*healthy*)?
 *
 * - `healthy` released, healthy, and flyctl ended well
 * - `unhealthy` the new release runs, at least in part, and something is wrong with it
 * - `not-released` what runs is what ran before
 * - `flyctl-failed` the new release runs and is healthy, yet flyctl reported an error after that
 * - `interrupted` the deploy was cut short
 * - `unverified` flyctl ended by itself, and what runs now could not be read: nothing is claimed about it
 */
export type Finding = 'healthy' | 'unhealthy' | 'not-released' | 'flyctl-failed' | 'interrupted' | 'unverified';

/** Number of the release that runs now and did not before; undefined when none does. Pure. */
export function releasedVersion({ before, status, releases }: Aftermath): number | undefined {
  const running = status && runningVersion(status);
  // A machine on an unreachable host does not tell its release; then the list of releases has to do.
  const newest = running ?? releases?.find((release) => release.status === 'complete')?.version;
  return newest !== undefined && newest > before ? newest : undefined;
}

/** @param cut how the deploy was cut short, if it was. Pure. */
export function findOut(exit: Exit, aftermath: Aftermath, cut: string | undefined): Finding {
  if (cut !== undefined) return 'interrupted';
  if (!aftermath.status) return 'unverified';
  if (releasedVersion(aftermath) === undefined) return 'not-released';
  if (!isHealthy(aftermath.status)) return 'unhealthy';
  return exit.code === 0 ? 'healthy' : 'flyctl-failed';
}

/** For the journal: `{version, image, released, healthy, machines}`; `version` and `image` are those that run now. */
export function evidenceOf(aftermath: Aftermath): { [key: string]: Json } {
  const { status } = aftermath;
  const version = status && runningVersion(status);
  const image = status?.machines.find((machine) => machine.version === version)?.image;
  return {
    version: version ?? null,
    image: image?.ref ?? null,
    released: releasedVersion(aftermath) !== undefined,
    healthy: status !== undefined && isHealthy(status),
    machines: status ? machineRows(status) : [],
  };
}

/** One line for the table. */
export function summarize(finding: Finding, { status }: Aftermath, cut: string | undefined): string {
  const now = status ? inWords(status) : 'the state could not be read';
  switch (finding) {
    case 'healthy':
      return now;
    case 'unhealthy':
      return `released, not healthy · ${now}`;
    case 'not-released':
      return `not released · ${now}`;
    case 'flyctl-failed':
      return `released and healthy, yet flyctl failed · ${now}`;
    case 'interrupted':
      return `the deploy ${cut} · ${now}`;
    case 'unverified':
      return `not verified · ${now}`;
  }
}

/** What a finding means for the operator, and what to do. Pure. */
export function explain(
  finding: Exclude<Finding, 'healthy'>,
  known: { app: string; command: Command; exit: Exit; aftermath: Aftermath; signal: AbortSignal },
): ProblemDetail {
  const { app, command, exit, aftermath, signal } = known;
  const look = [`flyctl logs -a ${app}`, `flyctl status -a ${app}`];
  const still = stillRuns(aftermath);
  const said = lastErrorLine(exit);
  switch (finding) {
    case 'unhealthy': {
      const { status } = aftermath;
      return {
        code: 'released-not-healthy',
        what: `Release ${releasedVersion(aftermath)} runs, but is not healthy: ${status ? ailments(status).join('; ') : 'unknown'}.`,
        means: `${where(status)}${said && exit.code !== 0 ? ` flyctl: ${said}` : ''}`.trim(),
        next: [...(canGoBack(aftermath) ? ['go back to the last good release (rollback)'] : []), ...look],
      };
    }
    case 'not-released': {
      const refused = refusal(command, exit, signal);
      if (exit.code !== 0 && refused.code !== 'fly-failed') return { ...refused, means: refused.means ?? still };
      return {
        code: 'not-released',
        what:
          exit.code === 0
            ? 'flyctl reported no error, yet no machine runs a new release.'
            : `Nothing was released: ${said ?? `flyctl ended with ${exit.code} and no word why`}`,
        means: still,
        next: ['read its output (l)', `flyctl releases -a ${app}`, ...look],
      };
    }
    case 'flyctl-failed':
      return {
        code: 'released-with-error',
        what: `flyctl reported an error after the release: ${said ?? `exit code ${exit.code}`}`,
        means: still,
        next: ['read its output (l)', 'go on by hand when it is harmless', ...look],
      };
    case 'interrupted':
      return {
        code: 'deploy-interrupted',
        what: `The deploy ${cutShort(exit, signal)} before it ended.`,
        means: `${newestAttempt(aftermath)}${still}`,
        next: [
          ...look,
          'run the deploy again: it takes up what is there',
          ...(canGoBack(aftermath) ? ['go back to the last good release (rollback)'] : []),
        ],
      };
    case 'unverified': {
      const refused = refusal(command, exit, signal);
      if (exit.code !== 0 && refused.code !== 'fly-failed') return { ...refused, means: refused.means ?? still };
      return {
        code: 'deploy-unverified',
        what: exit.code === 0 ? 'flyctl reported no error, but what runs now could not be read.' : refused.what,
        means: exit.code === 0 ? 'The release may run or not.' : `${still} The release may run or not.`,
        next: look,
      };
    }
  }
}

function canGoBack({ status, releases }: Aftermath): boolean {
  return status !== undefined && releases !== undefined && rollbackTargets(releases, status).length > 0;
}

function stillRuns(aftermath: Aftermath): string {
  const { status, before } = aftermath;
  if (!status) return 'What runs now could not be read.';
  const released = releasedVersion(aftermath);
  const healthy = isHealthy(status) ? 'healthy' : ailments(status).join('; ');
  if (released !== undefined) return `What runs now is release ${released} (${healthy}).`;
  if (before === 0) return 'The app was not deployed before, and nothing runs.';
  return `What still runs is release ${before}: ${inWords(status)}.`;
}

function where(status: AppStatus | undefined): string {
  const rows = (status?.machines ?? []).map(
    ({ id, region, state, version }) => `${id} (${region}) ${state}, release ${version ?? 'unknown'}`,
  );
  return rows.length === 0 ? '' : `Running now: ${rows.join('; ')}.`;
}

function newestAttempt({ before, releases }: Aftermath): string {
  const newest = releases?.[0];
  return newest && newest.version > before ? `Fly lists release ${newest.version} as ${newest.status}. ` : '';
}
