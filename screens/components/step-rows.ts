import type { PlannedStep } from '../../src/engine/plan.ts';
import { EMPTY_RUN, type StepState } from '../../src/engine/state.ts';
import { duration } from '../layout/format.ts';
import { type Line, line, span, type Tone } from '../layout/line.ts';
import { pad, truncate, widthOf } from '../layout/text.ts';
import type { Model } from '../ui-state.ts';
import { stepState } from '../walk.ts';

const TONES: Readonly<Record<StepState['status'], Tone>> = {
  waiting: 'dim',
  running: 'accent',
  passed: 'good',
  failed: 'bad',
  skipped: 'dim',
  refused: 'bad',
  unknown: 'warn',
};

/** The sign and word of a status, with how long it took. */
export function statusWord({ messages }: Pick<Model, 'messages'>, { status, ms }: StepState): string {
  const took = ms === undefined || status === 'waiting' || status === 'running' ? '' : ` ${duration(ms, messages)}`;
  return `${messages.status[status]}${took}`;
}

/**
 * Steps as rows: sign, title, what came of it, and at the right the status in a word. `at` is marked, either as the
 * cursor or as the one that Enter is about.
 */
export function stepRows(model: Model, steps: readonly PlannedStep[], at: number | undefined): Line[] {
  const { session, glyphs, width } = model;
  const states = steps.map(({ id }) => stepState(session?.state ?? EMPTY_RUN, id));
  const words = states.map((state) => statusWord(model, state));
  const wordWidth = Math.max(...words.map(widthOf), 0);
  const left = width - wordWidth - 6;
  const summaries = states.map(({ summary, status }) => (status === 'waiting' ? '' : (summary ?? '')));
  const longest = Math.max(...steps.map(({ title }) => widthOf(title)), 0);
  // A summary is worth showing from some width on; below it the title has the room to itself.
  const titleWidth = summaries.some(Boolean) && left >= 48 ? Math.min(longest, Math.floor(left * 0.55)) : left;
  return steps.map((step, index) => {
    const state = states[index];
    const status = state?.status ?? 'waiting';
    const tone = TONES[status];
    const summaryWidth = left - titleWidth;
    return line(
      span(index === at ? `${glyphs.cursor} ` : '  ', 'accent'),
      span(`${glyphs[status]} `, tone),
      span(pad(step.title, titleWidth), index === at ? 'strong' : 'plain'),
      span(pad(summaryWidth > 2 ? `  ${truncate(summaries[index] ?? '', summaryWidth - 2)}` : '', summaryWidth), 'dim'),
      span('  '),
      span(pad(words[index] ?? '', wordWidth, 'right'), tone),
    );
  });
}
