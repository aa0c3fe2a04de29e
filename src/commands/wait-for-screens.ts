import { EXIT, Problem } from '../problem.ts';
import { parseDuration } from '../runbook/duration.ts';

/** A rehearsal holds a database and a platform, so it waits less. */
const REHEARSAL_MS = 10 * 60_000;

/**
 * How long a run without screens waits for them before it is suspended, in milliseconds: `TEJUN_WAIT_FOR_SCREENS` (a duration
 * as in a runbook, at most a day), else as the operator prefers, or ten minutes in a rehearsal.
 *
 * @throws Problem bad-wait for a text that is no duration
 */
export function waitForScreens(
  env: Readonly<Record<string, string | undefined>>,
  rehearsal: boolean,
  preferredMs: number,
): number {
  const text = env['TEJUN_WAIT_FOR_SCREENS'];
  if (!text) return rehearsal ? REHEARSAL_MS : preferredMs;
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
