import type { Every } from '../runbook/types.ts';
import { todayIn } from './plan-values.ts';
import type { RunState } from './state.ts';

/** One time that a routine was walked to its end, or to another. */
export interface RoutineRun {
  run: string;
  /** When it was sealed: ISO 8601, UTC. */
  at: string;
  by: string;
  environment: string;
  completed: boolean;
}

/** The walk of a routine that a journal tells of; undefined for another run, an unfinished one, and a rehearsal. Pure. */
export function routineRun(
  state: RunState,
): (RoutineRun & { runbook: string; section: string | undefined }) | undefined {
  const { begin, seal } = state;
  if (!begin || !seal || begin.flow !== 'routine' || begin.rehearsal) return undefined;
  const { run, environment, runbook, section } = begin;
  const completed = seal.outcome === 'completed';
  return { run, at: seal.at, by: seal.by, environment, completed, runbook: runbook.path, section };
}

/**
 * Whether a routine is due: by the days of the calendar in the runbook's timezone, so that what is done every morning is due
 * every morning, at whatever hour it was done the day before. Pure.
 *
 * @param last when it was last completed, ISO 8601; undefined when never
 */
export function isDue(every: Every, last: string | undefined, now: Date, timezone: string): boolean {
  if (last === undefined) return true;
  const today = todayIn(timezone, now);
  return today >= dayAfter(every, todayIn(timezone, new Date(last)));
}

/** The first day on which it comes back, after a day (YYYY-MM-DD). What is done on the 31st comes back on the month's last day. */
function dayAfter(every: Every, day: string): string {
  const [year = 0, month = 1, date = 1] = day.split('-').map(Number);
  const next = {
    day: () => new Date(Date.UTC(year, month - 1, date + 1)),
    week: () => new Date(Date.UTC(year, month - 1, date + 7)),
    month: () => new Date(Date.UTC(year, month, Math.min(date, new Date(Date.UTC(year, month + 1, 0)).getUTCDate()))),
  }[every]();
  return next.toISOString().slice(0, 10);
}
