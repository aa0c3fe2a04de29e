/** The service's clock, and the days of Japan, where its shops are. */

/** Japan has had no summer time since 1952. */
const JST_OFFSET_MS = 9 * 3_600_000;
const DAY_MS = 86_400_000;

export interface Clock {
  now(): Date;
  /** Whether it shows another time than this computer's; then answers carry its `Date`. */
  moved: boolean;
}

/**
 * The clock that the environment's `CLOCK` asks for. `jst-after-midnight` begins half an hour after the next midnight of
 * Japan, when it is still the day before in UTC: the hours in which a service that asks for the wrong "today" is found out.
 */
export function clockFor(kind: string | undefined, started = Date.now()): Clock {
  if (kind !== 'jst-after-midnight') return { now: () => new Date(), moved: false };
  const nextMidnight = (Math.floor((started + JST_OFFSET_MS) / DAY_MS) + 1) * DAY_MS - JST_OFFSET_MS;
  const ahead = nextMidnight + 30 * 60_000 - started;
  return { now: () => new Date(Date.now() + ahead), moved: true };
}

/** The date in Japan, YYYY-MM-DD. */
export function jstDate(at: Date): string {
  return new Date(at.getTime() + JST_OFFSET_MS).toISOString().slice(0, 10);
}

/** Minutes since midnight in Japan. */
export function jstMinutes(at: Date): number {
  return Math.floor(((at.getTime() + JST_OFFSET_MS) % DAY_MS) / 60_000);
}

/** Day of the week in Japan, 0 for Monday. */
export function jstWeekday(at: Date): number {
  return (new Date(at.getTime() + JST_OFFSET_MS).getUTCDay() + 6) % 7;
}

/** `2025-12-15T03:00:00+09:00`. */
export function jstText(at: Date): string {
  return `${new Date(at.getTime() + JST_OFFSET_MS).toISOString().slice(0, 19)}+09:00`;
}

/** The date so many days after `date`. */
export function dayAfter(date: string, days: number): string {
  return new Date(Date.parse(`${date}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10);
}
