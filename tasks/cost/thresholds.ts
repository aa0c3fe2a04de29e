import * as z from 'zod';
import { amount } from '../input.ts';
import type { Task, TaskResult } from '../task.ts';

const input = z.strictObject({
  /** This week's cost and last week's, in one currency. */
  week: amount,
  last_week: amount,
  /** The month's cost so far, and its budget. */
  month: amount,
  budget: amount,
  /** How often was deployed this week; kept beside the figures. */
  deploys: amount.optional(),
  /** The day that the figures are of: YYYY-MM-DD. */
  date: z.iso.date({ error: 'a date, YYYY-MM-DD' }),
  /** More than this above last week is a warning, in percent. */
  growth: amount.default(20),
  /** More than this of the budget is a warning, in percent. */
  spent: amount.default(80),
  escalation: z.array(z.string()).default([]),
});

type Input = z.infer<typeof input>;
export type Figures = Pick<Input, 'week' | 'last_week' | 'month' | 'budget' | 'date'> & {
  deploys?: number | undefined;
};

export interface Reading {
  level: 'fine' | 'warning' | 'critical';
  /** Percent above last week; null when there was no last week to compare with. */
  growth: number | null;
  /** Percent of the budget that is spent. */
  spent: number;
  /** Percent of the budget that the month will cost if it goes on as it has until now. */
  forecast: number;
  reasons: string[];
}

/** Compares costs with last week's and with the budget. */
export const costThresholds: Task<Input> = {
  name: 'cost/thresholds',
  input,
  effect: 'read',
  describe: ({ week, last_week, month, budget, date, growth, spent }) => [
    `(${week} - ${last_week}) / ${last_week}   # warning above ${growth} %`,
    `${month} / ${budget}   # warning above ${spent} %`,
    `${month} / ${elapsed(date).day} * ${elapsed(date).days} / ${budget}   # critical above 100 %`,
  ],
  async run(given) {
    return verdict(readFigures(given, given), given.escalation, given);
  },
};

/**
 * Reads the figures against the limits. Pure. The forecast goes on with the month's average per day, today included.
 *
 * @param limits percent
 */
export function readFigures(figures: Figures, limits: { growth: number; spent: number }): Reading {
  const { day, days } = elapsed(figures.date);
  const growth = figures.last_week === 0 ? null : percent(figures.week - figures.last_week, figures.last_week);
  const spent = percent(figures.month, figures.budget);
  const forecast = percent((figures.month / day) * days, figures.budget);
  const critical = forecast > 100 ? [`the month is forecast at ${forecast} % of the budget`] : [];
  const warnings = [
    ...(growth !== null && growth > limits.growth ? [`${growth} % above last week`] : []),
    ...(spent > limits.spent ? [`${spent} % of the budget is spent`] : []),
  ];
  const level = critical.length > 0 ? 'critical' : warnings.length > 0 ? 'warning' : 'fine';
  return { level, growth, spent, forecast, reasons: [...critical, ...warnings] };
}

/** Rounded up to a tenth, so that 80.04 % does not read as 80 %. */
function percent(part: number, whole: number): number {
  return Math.ceil(Number(((part / whole) * 1000).toFixed(6))) / 10;
}

/** Which day of its month a date is, and how many the month has. */
function elapsed(date: string): { day: number; days: number } {
  const [year = 0, month = 1, day = 1] = date.split('-').map(Number);
  return { day, days: new Date(Date.UTC(year, month, 0)).getUTCDate() };
}

function verdict(
  { level, growth, spent, forecast, reasons }: Reading,
  escalation: readonly string[],
  given: Figures,
): TaskResult {
  const { week, last_week, month, budget, deploys, date } = given;
  const evidence = {
    level,
    growth,
    spent,
    forecast,
    week,
    lastWeek: last_week,
    month,
    budget,
    deploys: deploys ?? null,
    date,
  };
  if (budget === 0 || month === 0) {
    return {
      outcome: 'failed',
      summary: 'the figures were not given',
      evidence,
      problem: {
        code: 'cost-no-figures',
        what: `The ${budget === 0 ? 'budget' : "month's cost"} is 0: the figures were not given.`,
        means: 'Nothing was judged.',
        next: ['read them from the dashboard, and begin again with them'],
      },
    };
  }
  const numbers = `week ${growth === null ? 'without comparison' : `${growth >= 0 ? '+' : ''}${growth} %`} · ${spent} % spent · forecast ${forecast} %`;
  if (level === 'fine') return { outcome: 'passed', summary: numbers, evidence };
  return {
    outcome: 'failed',
    summary: `${level}: ${numbers}`,
    evidence,
    problem: {
      code: `cost-${level}`,
      what: `Costs are ${level === 'critical' ? 'critical' : 'at a warning'}: ${reasons.join('; ')}.`,
      means: 'Nothing is broken. The runbook says who is told and what is cut back.',
      next: escalation,
    },
  };
}
