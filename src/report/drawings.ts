import type { PathFigures } from '../engine/latencies.ts';
import type { ReportMessages } from '../locale/report/index.ts';
import { duration } from '../locale/units.ts';
import { text } from './escape.ts';
import type { Report } from './report.ts';

/**
 * Drawings as SVG without a view box: places are per cent of the page's width and text keeps its size, so that a phone and a
 * sheet of paper read the same file. Pure.
 */

const ROW = 38;
const BAR = 10;
const AXIS = 24;
/** Per cent of the width: short steps can still be seen. */
const THINNEST = 0.6;
const TICKS = 4;

/** Every execution of a step as a bar from its intent to its result, in order, over the whole length of the run. */
export function timelineSvg({ timeline, ms }: Report, messages: ReportMessages): string {
  if (timeline.length === 0) return '';
  const whole = Math.max(ms, 1, ...timeline.map(({ to }) => to));
  const at = (value: number) => round((value / whole) * 100);
  const height = AXIS + timeline.length * ROW + 4;
  const ticks = Array.from({ length: TICKS + 1 }, (_, tick) => {
    const x = round((tick / TICKS) * 100);
    const anchor = tick === 0 ? 'start' : tick === TICKS ? 'end' : 'middle';
    return `<line x1="${x}%" x2="${x}%" y1="${AXIS - 6}" y2="${height}" class="grid"/><text x="${x}%" y="12" text-anchor="${anchor}" class="tick">${text(duration((whole * tick) / TICKS, messages))}</text>`;
  });
  const bars = timeline.map(({ title, attempt, from, to, outcome }, index) => {
    const y = AXIS + index * ROW;
    const again = attempt > 1 ? ` (${attempt})` : '';
    const label = `${duration(to - from, messages)} · ${title}${again} · ${messages.status[outcome]}`;
    const width = Math.max(at(to) - at(from), THINNEST);
    const x = Math.min(at(from), 100 - width);
    return `<text x="0" y="${y + 14}">${text(label)}</text><rect x="${round(x)}%" y="${y + 20}" width="${round(width)}%" height="${BAR}" rx="2" class="bar ${outcome}"/>`;
  });
  return svg(height, text(messages.sections.timeline), [...ticks, ...bars]);
}

const HISTOGRAM = { height: 84, top: 14, bottom: 66 };

/** How many requests took up to so many milliseconds: a column a bucket. */
export function histogramSvg(histogram: PathFigures['histogram'], title: string): string {
  const most = Math.max(1, ...histogram.map(({ count }) => count));
  const column = 100 / Math.max(1, histogram.length);
  const { height, top, bottom } = HISTOGRAM;
  const columns = histogram.map(({ upToMs, count }, index) => {
    const tall = count === 0 ? 0 : Math.max(2, Math.round((count / most) * (bottom - top)));
    const middle = round((index + 0.5) * column);
    return `<rect x="${round((index + 0.1) * column)}%" y="${bottom - tall}" width="${round(column * 0.8)}%" height="${tall}" class="bar figure"/><text x="${middle}%" y="${bottom - tall - 3}" text-anchor="middle" class="tick">${count}</text><text x="${middle}%" y="${height - 4}" text-anchor="middle" class="tick">${upToMs}</text>`;
  });
  return svg(height, text(title), columns);
}

function svg(height: number, title: string, parts: readonly string[]): string {
  return `<svg width="100%" height="${height}" role="img" aria-label="${title}">\n${parts.join('\n')}\n</svg>`;
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
