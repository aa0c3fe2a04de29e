import * as z from 'zod';
import type { ProblemDetail } from '../../src/problem.ts';
import { httpUrl } from '../input.ts';
import type { Task, TaskContext } from '../task.ts';
import { readBounded } from './read-bounded.ts';
import { shown, unreachable } from './unreachable.ts';

const input = z.strictObject({
  url: httpUrl,
  /** Whose "today" the service means; an IANA name. */
  timezone: z.string().refine(isTimezone, 'an IANA name, e.g. Asia/Tokyo'),
  /** `required`: it must be a moment when the date there and in UTC differ; otherwise it is only told. */
  boundary: z.enum(['required', 'told']).default('told'),
});

/** What such a service answers: its days, of which one is today, and whether today has anything free. */
const calendar = z.looseObject({
  today_available: z.boolean(),
  availability_calendar: z.looseObject({
    days: z.array(z.looseObject({ date: z.iso.date(), is_today: z.boolean(), slots: z.array(z.unknown()) })).min(1),
  }),
});

/** The date at a moment in a timezone, YYYY-MM-DD. */
export function dateIn(timezone: string, at: Date): string {
  // The Swedish form of a date is ISO 8601's.
  return new Intl.DateTimeFormat('sv-SE', { timeZone: timezone, dateStyle: 'short' }).format(at);
}

/** What is wrong with a calendar at a moment, one sentence each; empty when its today is the timezone's. Pure. */
export function wrongDays(answer: z.infer<typeof calendar>, today: string): string[] {
  const { days } = answer.availability_calendar;
  const own = days.find(({ date }) => date === today);
  const free = (own?.slots.length ?? 0) > 0;
  return [
    ...(own ? [] : [`the calendar has no ${today}`]),
    ...days
      .filter(({ date, is_today }) => is_today !== (date === today))
      .map(({ date, is_today }) => `${date} has is_today=${is_today}`),
    // Today's last slot may be over: then slots without anything free are right.
    ...(answer.today_available && !free ? ['today_available is true, yet today has no slot'] : []),
  ];
}

/**
 * A service's "today" is that of a timezone and not UTC's. The moment is the answer's own `Date`, so that the service is
 * judged by its clock and not by this host's.
 */
export const httpLocalToday: Task<z.infer<typeof input>> = {
  name: 'http/local-today',
  input,
  effect: 'read',
  describe: ({ url, timezone }) => [`GET ${shown(url)}   # is_today and today_available by the date in ${timezone}`],
  async run({ url, timezone, boundary }, context) {
    const found = await look(url, context);
    if ('problem' in found) return { outcome: 'failed', summary: found.problem.what, problem: found.problem };
    const { at, answer } = found;
    const dates = { utc: dateIn('UTC', at), local: dateIn(timezone, at) };
    const differ = dates.utc !== dates.local;
    const wrong = wrongDays(answer, dates.local);
    const { days } = answer.availability_calendar;
    const evidence = {
      at: at.toISOString(),
      utcDate: dates.utc,
      localDate: dates.local,
      differ,
      todayAvailable: answer.today_available,
      days: days.map(({ date, is_today, slots }) => ({ date, is_today, slots: slots.length })),
    };
    const summary = `UTC ${dates.utc} · ${timezone} ${dates.local} · ${wrong.length === 0 ? 'today is right' : wrong.join('; ')}`;
    if (wrong.length > 0) {
      return {
        outcome: 'failed',
        summary,
        evidence,
        problem: {
          code: 'today-wrong',
          what: `At ${at.toISOString()} it is ${dates.local} in ${timezone}: ${wrong.join('; ')}.`,
          means: 'The service decides its today by another timezone.',
          next: [`curl -sS '${shown(url)}'`],
        },
      };
    }
    if (boundary === 'required' && !differ) {
      return {
        outcome: 'failed',
        summary: `${summary} · the dates do not differ now`,
        evidence,
        problem: {
          code: 'today-not-at-boundary',
          what: `It is ${dates.utc} both in UTC and in ${timezone}, so a wrong today would not show.`,
          next: [`do it again when the dates differ (for Asia/Tokyo from 0:00 to 9:00 there)`],
        },
      };
    }
    return { outcome: 'passed', summary, evidence };
  },
};

type Found = { at: Date; answer: z.infer<typeof calendar> } | { problem: ProblemDetail };

async function look(url: string, context: TaskContext): Promise<Found> {
  let status: number;
  let text: string;
  let date: string | null;
  try {
    const response = await fetch(url, { redirect: 'manual', signal: context.signal });
    [status, date, text] = [response.status, response.headers.get('date'), await readBounded(response)];
  } catch (error) {
    return { problem: unreachable(error, url, context.signal) };
  }
  context.say(`GET ${shown(url)} → ${status} · Date: ${date ?? 'none'}`);
  const at = new Date(date ?? '');
  const parsed = status === 200 ? calendar.safeParse(jsonIn(text)) : undefined;
  if (parsed?.success && !Number.isNaN(at.getTime())) return { at, answer: parsed.data };
  const [issue] = parsed?.error?.issues ?? [];
  const why =
    status !== 200 ? `the status is ${status}` : issue ? `${issue.path.join('.')}: ${issue.message}` : 'it has no Date';
  return {
    problem: {
      code: 'today-unreadable',
      what: `The answer of ${shown(url)} cannot be judged: ${why}.`,
      means: text.trim() === '' ? 'It was empty.' : `It answered: ${text.trim().slice(0, 200)}`,
      next: [`curl -i '${shown(url)}'`],
    },
  };
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isTimezone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
