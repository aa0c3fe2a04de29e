import { describe, expect, test } from 'vitest';
import { isDue, routineRun } from '../../src/engine/routine.ts';
import type { Entry } from '../../src/journal/records.ts';
import { plannedStep, planOf, stateOf } from './fixtures.ts';

describe('a routine is due', () => {
  test.each([
    ['day', undefined, '2026-11-25T00:00:00Z', 'UTC', true],
    ['day', '2026-11-25T00:10:00Z', '2026-11-25T23:59:00Z', 'UTC', false],
    ['day', '2026-11-24T23:59:00Z', '2026-11-25T00:01:00Z', 'UTC', true],
    // 23:30 UTC is the next morning in Tokyo: done on the 25th there, and not due before the 26th begins there.
    ['day', '2026-11-24T23:30:00Z', '2026-11-25T14:59:00Z', 'Asia/Tokyo', false],
    ['day', '2026-11-24T23:30:00Z', '2026-11-25T15:00:00Z', 'Asia/Tokyo', true],
    ['week', '2026-11-18T22:00:00Z', '2026-11-24T23:00:00Z', 'UTC', false],
    ['week', '2026-11-18T22:00:00Z', '2026-11-25T01:00:00Z', 'UTC', true],
    ['month', '2026-01-31T12:00:00Z', '2026-02-27T12:00:00Z', 'UTC', false],
    ['month', '2026-01-31T12:00:00Z', '2026-02-28T12:00:00Z', 'UTC', true],
    ['month', '2026-12-15T12:00:00Z', '2027-01-14T12:00:00Z', 'UTC', false],
    ['month', '2026-12-15T12:00:00Z', '2027-01-15T00:00:00Z', 'UTC', true],
  ] as const)('every %s, last %s, at %s in %s: %s', (every, last, now, timezone, due) => {
    expect(isDue(every, last, new Date(now), timezone)).toBe(due);
  });
});

describe('what counts as a walk of a routine', () => {
  const counts = { passed: 1, failed: 0, skipped: 0, refused: 0, unknown: 0 };
  const seal: Entry = { type: 'seal', outcome: 'completed', open: [], counts, by: 'ana@ops' };
  const plan = planOf([plannedStep('a', { stage: 'routine' })], { flow: 'routine', section: 'Daily', path: ['a'] });

  test('a sealed run of its section, by whoever sealed it', () => {
    expect(routineRun(stateOf(plan, [seal]))).toMatchObject({
      section: 'Daily',
      by: 'ana@ops',
      environment: 'staging',
      completed: true,
    });
    expect(routineRun(stateOf(plan, [{ ...seal, outcome: 'failed' }]))).toMatchObject({ completed: false });
  });

  test('no unfinished run, no other flow, no rehearsal', () => {
    expect(routineRun(stateOf(plan))).toBeUndefined();
    expect(routineRun(stateOf({ ...plan, flow: 'setup' }, [seal]))).toBeUndefined();
    const environment = { name: 'rehearsal', guard: 'open', rehearsal: true } as const;
    expect(routineRun(stateOf({ ...plan, environment }, [seal]))).toBeUndefined();
  });
});
