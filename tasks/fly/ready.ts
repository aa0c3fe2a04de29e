import * as z from 'zod';
import { Problem } from '../../src/problem.ts';
import { asTyped } from '../as-typed.ts';
import { appName } from '../input.ts';
import type { Task, TaskContext } from '../task.ts';
import { lookForLog, status, version, whoami } from './commands.ts';
import { appStatus } from './machines.ts';
import { read } from './reading.ts';

const input = z.strictObject({
  app: appName.optional(),
  min_version: z
    .string()
    .regex(/^\d+(\.\d+){0,2}$/, 'a version, e.g. "0.4.0"')
    .default('0.4.0'),
});

const versionAnswer = z.looseObject({ version: z.string() });
const whoamiAnswer = z.looseObject({ email: z.string() });

/** flyctl is there and new enough, someone is logged in, and the login sees the app. */
export const flyReady: Task<z.infer<typeof input>> = {
  name: 'fly/ready',
  input,
  effect: 'read',
  describe: ({ app }) => [version(), whoami(), ...(app ? [status(app)] : [])].map(asTyped),
  async run({ app, min_version }, context) {
    const found = (await read(context, version(), versionAnswer).catch(missing)).version;
    if (olderThan(found, min_version)) {
      return {
        outcome: 'failed',
        summary: `flyctl ${found} is older than ${min_version}`,
        evidence: { version: found, min_version },
        problem: {
          code: 'fly-too-old',
          what: `flyctl is version ${found}; this runbook needs ${min_version} or newer.`,
          next: ['flyctl version upgrade'],
        },
      };
    }
    const { email } = await read(context, whoami(), whoamiAnswer);
    // An app's own token fails at `apps list`, yet works for the app: the app's status is the test of a token.
    if (app) await read(context, status(app), appStatus);
    const log = await ownLog(context);
    for (const line of log ? warningOf(log) : []) context.say(line);
    const parts = [...(log ? [inShort(log)] : []), `v${found.replace(/^v/, '')}`, email, ...(app ? [app] : [])];
    return {
      outcome: 'passed',
      summary: parts.join(' · '),
      evidence: { version: found, account: email, ...(app ? { app } : {}), ...(log ? { ownLog: { ...log } } : {}) },
    };
  },
};

/** What flyctl has written of itself on the host where it runs. */
type OwnLog = { directory: string; files: number; readableByOthers: number };

/** flyctl's debug log, where there is one; FLY_CONFIG_DIR moves it as it moves all that flyctl keeps. */
async function ownLog(context: TaskContext): Promise<OwnLog | undefined> {
  const { code, stdout } = await context.exec(lookForLog(), { quiet: true });
  const [directory = '', files = 0, readableByOthers = 0] = stdout.trimEnd().split('\n');
  const log = { directory, files: Number(files), readableByOthers: Number(readableByOthers) };
  return code === 0 && log.files > 0 ? log : undefined;
}

function inShort({ directory, readableByOthers }: OwnLog): string {
  return `warning: secrets may stand in ${directory}${readableByOthers > 0 ? ', which others can read' : ''}`;
}

/** No version is named: which is the first that keeps secrets out of it is not known (superfly/fly-go#309). */
function warningOf({ directory, files, readableByOthers }: OwnLog): string[] {
  return [
    `flyctl keeps a log of its own in ${directory}: ${files === 1 ? 'one file' : `${files} files`}, of which others can read ${readableByOthers === 0 ? 'none' : readableByOthers}.`,
    'Older versions of flyctl wrote secrets into it as they are (superfly/fly-go#309), also those that tejun hands over.',
    `Bring flyctl up to date (flyctl version upgrade), then take away what is there: rm -r ${directory}`,
    `After secrets were set, look whether a new file there holds one; until then: chmod -R go= ${directory}`,
  ];
}

/** Whether a dotted version comes before another. Pure; what stands behind a `-` or `+` is left out. */
export function olderThan(version: string, minimum: string): boolean {
  const numbers = (from: string) => from.replace(/^v/, '').split(/[-+]/, 1)[0]?.split('.').map(Number) ?? [];
  const [have, need] = [numbers(version), numbers(minimum)];
  for (let at = 0; at < 3; at += 1) {
    const difference = (have[at] ?? 0) - (need[at] ?? 0);
    if (difference !== 0) return difference < 0;
  }
  return false;
}

function missing(error: unknown): never {
  if (!(error instanceof Problem) || error.code.startsWith('fly-')) throw error;
  throw new Problem(
    {
      code: 'fly-missing',
      what: 'flyctl cannot be started.',
      means: error.what,
      next: ['install it: https://fly.io/docs/flyctl/install/', 'command -v flyctl'],
    },
    error.exit,
  );
}
