import type { Messages } from '../../src/locale/types.ts';
import { clock } from '../../src/locale/units.ts';

export { clock, duration, latency, share } from '../../src/locale/units.ts';

/** How long a step runs, and of how long at most where that is known (milliseconds). */
export function runningFor({ stage }: Messages, elapsedMs: number, timeoutMs: number): string {
  return timeoutMs > 0 ? stage.elapsed(clock(elapsedMs), clock(timeoutMs)) : clock(elapsedMs);
}

/** `03:12:07` in an IANA time zone. */
export function clockTime(iso: string, timeZone: string): string {
  return formatter(timeZone, { timeStyle: 'medium' }).format(new Date(iso));
}

const formatters = new Map<string, Intl.DateTimeFormat>();

/** A format is dear to make, and a timeline has hundreds of moments; those that were made are kept. Throws for an unknown zone. */
function formatter(timeZone: string, style: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${timeZone} ${JSON.stringify(style)}`;
  const made = formatters.get(key) ?? new Intl.DateTimeFormat('sv-SE', { timeZone, ...style });
  formatters.set(key, made);
  return made;
}

/** `2025-11-15 03:12 (06:12 UTC)`: a moment in an IANA time zone, UTC behind it, with its date where that is another one. */
export function bothClocks(iso: string, timeZone: string): string {
  const own = wallClock(iso, timeZone);
  if (timeZone === 'UTC') return `${own} UTC`;
  const utc = wallClock(iso, 'UTC');
  return `${own} (${utc.slice(0, 10) === own.slice(0, 10) ? utc.slice(11) : utc} UTC)`;
}

/** An option of a choice: its label, when it came about in an IANA time zone, and what else there is to say. */
export function optionLabel(
  { label, at, more }: { label: string; at?: string; more?: string },
  timeZone: string,
): string {
  return [label, at === undefined ? '' : bothClocks(at, timeZone), more].filter(Boolean).join(' · ');
}

/** `2025-11-15 03:12` in a time zone; the zone is IANA's, and a wrong one falls back to UTC. */
export function wallClock(iso: string, timeZone: string | undefined): string {
  const at = new Date(iso);
  if (Number.isNaN(at.getTime())) return iso;
  const parts = (zone: string) => formatter(zone, { dateStyle: 'short', timeStyle: 'short' }).format(at);
  try {
    return parts(timeZone ?? 'UTC');
  } catch {
    return parts('UTC');
  }
}
