import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { costThresholds, readFigures } from '../../../tasks/cost/thresholds.ts';
import { contextFor } from '../context.ts';

const limits = { growth: 20, spent: 80 };
/** The middle of a month of 30 days. */
const date = '2026-04-15';

describe('the limits: more than 20 % above last week, more than 80 % spent, more than 100 % forecast', () => {
  test.each([
    ['nothing unusual', { week: 100, last_week: 100, month: 200, budget: 1000 }, 'fine', 0, 20, 40],
    ['exactly 20 % more', { week: 120, last_week: 100, month: 200, budget: 1000 }, 'fine', 20, 20, 40],
    ['a little over 20 %', { week: 120.1, last_week: 100, month: 200, budget: 1000 }, 'warning', 20.1, 20, 40],
    ['less than last week', { week: 50, last_week: 100, month: 200, budget: 1000 }, 'fine', -50, 20, 40],
    [
      'half of the budget at half of the month',
      { week: 1, last_week: 1, month: 500, budget: 1000 },
      'fine',
      0,
      50,
      100,
    ],
    ['a little more than that', { week: 1, last_week: 1, month: 501, budget: 1000 }, 'critical', 0, 50.1, 100.2],
    ['no last week', { week: 100, last_week: 0, month: 200, budget: 1000 }, 'fine', null, 20, 40],
  ] as const)('%s', (_, figures, level, growth, spent, forecast) => {
    expect(readFigures({ ...figures, date }, limits)).toMatchObject({ level, growth, spent, forecast });
  });

  test('over 80 % on the last day is a warning: the month will not be more than that', () => {
    const figures = { week: 1, last_week: 1, month: 801, budget: 1000, date: '2026-04-30' };
    expect(readFigures(figures, limits)).toMatchObject({ level: 'warning', spent: 80.1, forecast: 80.1 });
    expect(readFigures({ ...figures, month: 800 }, limits)).toMatchObject({ level: 'fine', spent: 80 });
  });

  test.each([
    ['2026-02-14', 28],
    ['2028-02-14', 29],
    ['2026-12-14', 31],
  ])('the forecast knows the days of the month: %s has %i', (day, days) => {
    const { forecast } = readFigures({ week: 1, last_week: 1, month: 14, budget: days, date: day }, limits);
    expect(forecast).toBe(100);
  });

  test('more cost never makes it less serious', () => {
    const seriousness = { fine: 0, warning: 1, critical: 2 };
    const cents = fc.integer({ min: 1, max: 100_000 });
    fc.assert(
      fc.property(cents, cents, cents, cents, cents, (week, last_week, month, budget, more) => {
        const less = readFigures({ week, last_week, month, budget, date }, limits);
        const after = readFigures({ week: week + more, last_week, month: month + more, budget, date }, limits);
        expect(seriousness[after.level]).toBeGreaterThanOrEqual(seriousness[less.level]);
      }),
    );
  });
});

describe('as a step', () => {
  const run = (input: object) => costThresholds.run(costThresholds.input.parse({ date, ...input }), contextFor());

  test('passes within the limits, with the figures as evidence', async () => {
    expect(await run({ week: '110', last_week: '100', month: '200', budget: '1000', deploys: '4' })).toMatchObject({
      outcome: 'passed',
      summary: 'week +10 % · 20 % spent · forecast 40 %',
      evidence: { deploys: 4, level: 'fine' },
    });
  });

  test('fails with the escalation beyond them', async () => {
    const escalation = ['tell the owner'];
    expect(await run({ week: 130, last_week: 100, month: 200, budget: 1000, escalation })).toMatchObject({
      outcome: 'failed',
      problem: { code: 'cost-warning', what: 'Costs are at a warning: 30 % above last week.', next: escalation },
    });
    expect((await run({ week: 1, last_week: 1, month: 900, budget: 1000, escalation })).problem).toMatchObject({
      code: 'cost-critical',
      what: expect.stringContaining('180 % of the budget'),
      next: escalation,
    });
  });

  test('figures that were not given are not taken for good news', async () => {
    expect((await run({ week: 0, last_week: 0, month: 0, budget: 0 })).problem).toMatchObject({
      code: 'cost-no-figures',
    });
  });
});
