import { z } from 'zod';
import { Problem } from '../../src/problem.ts';
import { asTyped } from '../as-typed.ts';
import { appName } from '../input.ts';
import type { Task } from '../task.ts';
import { status, version, whoami } from './commands.ts';
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
    return {
      outcome: 'passed',
      summary: [`v${found.replace(/^v/, '')}`, email, ...(app ? [app] : [])].join(' · '),
      evidence: { version: found, account: email, ...(app ? { app } : {}) },
    };
  },
};

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
