import { describe, expect, test } from 'vitest';
import { dateIn, httpLocalToday } from '../../../tasks/http/local-today.ts';
import { contextFor } from '../context.ts';
import { serve } from './server.ts';

/** 00:30 in Japan, when it is still the day before in UTC; and noon, when it is the same day. */
const AFTER_MIDNIGHT = 'Sun, 14 Dec 2025 15:30:00 GMT';
const NOON = 'Mon, 15 Dec 2025 03:00:00 GMT';

const day = (date: string, is_today: boolean, slots = 0) => ({ date, is_today, slots: Array(slots).fill({}) });

async function judge(date: string, days: object[], more: { today_available?: boolean; boundary?: 'required' } = {}) {
  const { today_available = false, boundary } = more;
  const body = JSON.stringify({ today_available, availability_calendar: { days } });
  const { url, close } = await serve((_, response) => {
    response.setHeader('date', date);
    response.end(body);
  });
  try {
    const input = httpLocalToday.input.parse({ url, timezone: 'Asia/Tokyo', ...(boundary ? { boundary } : {}) });
    return await httpLocalToday.run(input, contextFor());
  } finally {
    await close();
  }
}

test('dates of a moment', () => {
  expect(dateIn('UTC', new Date(AFTER_MIDNIGHT))).toBe('2025-12-14');
  expect(dateIn('Asia/Tokyo', new Date(AFTER_MIDNIGHT))).toBe('2025-12-15');
});

describe('half an hour after midnight in Japan', () => {
  test('the day that has begun there is today', async () => {
    const days = [day('2025-12-15', true, 1), day('2025-12-16', false)];
    expect(await judge(AFTER_MIDNIGHT, days, { today_available: true, boundary: 'required' })).toMatchObject({
      outcome: 'passed',
      evidence: { utcDate: '2025-12-14', localDate: '2025-12-15', differ: true },
    });
  });

  test.each([
    ['the day of UTC', [day('2025-12-14', true), day('2025-12-15', false)], '2025-12-14 has is_today=true'],
    ['no day at all', [day('2025-12-15', false), day('2025-12-16', false)], '2025-12-15 has is_today=false'],
    ['a calendar that lacks it', [day('2025-12-14', true)], 'the calendar has no 2025-12-15'],
  ])('%s is not', async (_, days, what) => {
    expect(await judge(AFTER_MIDNIGHT, days)).toMatchObject({
      outcome: 'failed',
      problem: { code: 'today-wrong', what: expect.stringContaining(what) },
    });
  });

  test('something free today needs a slot today', async () => {
    expect(await judge(AFTER_MIDNIGHT, [day('2025-12-15', true)], { today_available: true })).toMatchObject({
      problem: { what: expect.stringContaining('today has no slot') },
    });
  });
});

test('at noon the dates are the same: that is told, and is a failure where the boundary is required', async () => {
  const days = [day('2025-12-15', true)];
  expect(await judge(NOON, days)).toMatchObject({ outcome: 'passed', evidence: { differ: false } });
  expect(await judge(NOON, days, { boundary: 'required' })).toMatchObject({
    outcome: 'failed',
    problem: { code: 'today-not-at-boundary' },
  });
});

test('an answer that is no calendar is not judged', async () => {
  expect(await judge(NOON, [])).toMatchObject({ outcome: 'failed', problem: { code: 'today-unreadable' } });
});
