import { EXIT, Problem } from '../problem.ts';
import { parseDuration } from '../runbook/duration.ts';

/** A rehearsal holds a database and a platform, so it waits less. */
const DEFAULT_MS = { rehearsal: 10 * 60_000, real: 8 * 3_600_000 };

/**
 * How long a run without screens waits for them before it is suspended, in milliseconds: `TEJUN_WAIT_FOR_SCREENS` (a duration
 * as in a runbook, at most a day), else eight hours, or ten minutes in a rehearsal.
 *
 * @throws Problem bad-wait for a text that is no duration
 */
export function waitForScreens(env: Readonly<Record<string, string | undefined>>, rehearsal: boolean): number {
  const text = env['TEJUN_WAIT_FOR_SCREENS'];
  if (!text) return rehearsal ? DEFAULT_MS.rehearsal : DEFAULT_MS.real;
  const ms = parseDuration(text);
  if (ms !== undefined) return ms;
  throw new Problem(
    {
      code: 'bad-wait',
      what: `TEJUN_WAIT_FOR_SCREENS=${text} is not a duration.`,
      means: 'Nothing was started.',
      next: ['write a number and a unit: 90s, 15m, 8h'],
    },
    EXIT.usage,
  );
}
