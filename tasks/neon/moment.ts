import * as z from 'zod';
import type { ProblemDetail } from '../../src/problem.ts';

const AGO = /^(\d+)(s|m|h|d)$/;
const UNITS: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** A point in time: RFC 3339 with its offset (a time without one is somebody's guess), or how long ago: `15m`. */
export const moment = z.union([z.string().regex(AGO), z.iso.datetime({ offset: true })], {
  error: 'a time such as 2026-03-01T02:40:00+09:00, or how long ago: 15m',
});

/** A length of time: `6h`, `7d`. */
export const span = z.string().regex(AGO, 'a length of time, e.g. 6h or 7d');

/** The milliseconds of a `span`; undefined for any other text. Pure. */
export function spanMs(text: string): number | undefined {
  const [, count, unit] = AGO.exec(text) ?? [];
  return count === undefined ? undefined : Number(count) * (UNITS[unit ?? ''] ?? 0);
}

/** The point in time as Neon takes it. Pure. */
export function momentAt(text: string, now: Date): Date {
  const ago = spanMs(text);
  return ago === undefined ? new Date(text) : new Date(now.getTime() - ago);
}

/** Why a project cannot go back to this point in time; undefined when it can. Pure. @param retention seconds */
export function outsideHistory(
  at: Date,
  { now, retention }: { now: Date; retention: number },
): ProblemDetail | undefined {
  const oldest = new Date(now.getTime() - retention * 1000);
  if (at <= now && at >= oldest) return undefined;
  return {
    code: 'neon-outside-history',
    what: `${at.toISOString()} is ${at > now ? 'in the future' : 'older than the history that Neon keeps'}.`,
    means: `The history of this project goes back to ${oldest.toISOString()} (${inHours(retention)}). Nothing was changed.`,
    next: ['choose a time in between', 'an older state is only in a snapshot or a backup of your own'],
  };
}

/** A length of time in words: `6 h`, `7 d`. Pure. */
export function inHours(seconds: number): string {
  const hours = seconds / 3600;
  return hours >= 48 ? `${Math.round(hours / 24)} d` : `${Math.round(hours * 10) / 10} h`;
}
