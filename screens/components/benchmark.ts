import type { PathFigures } from '../../src/engine/latencies.ts';
import { latency, share } from '../layout/format.ts';
import { type Line, line, span } from '../layout/line.ts';
import { pad, truncateMiddle, widthOf } from '../layout/text.ts';
import type { Model } from '../ui-state.ts';

/** Counts as one sign each, from least to most; a bucket with anything in it is never drawn as empty. */
export function sparkline(counts: readonly number[], levels: readonly string[]): string {
  const most = Math.max(...counts, 1);
  const top = levels.length - 1;
  return counts.map((count) => levels[count === 0 ? 0 : Math.max(1, Math.round((count / most) * top))] ?? ' ').join('');
}

/** Neighbouring counts added up until there are at most `columns` of them. */
export function squeeze(counts: readonly number[], columns: number): number[] {
  const per = Math.max(1, Math.ceil(counts.length / Math.max(1, columns)));
  const out: number[] = [];
  for (let at = 0; at < counts.length; at += per) out.push(counts.slice(at, at + per).reduce((sum, n) => sum + n, 0));
  return out;
}

/** The table of a benchmark: a row a path, with how its latencies are spread. Narrow screens leave out the spread, then p50. */
export function benchmarkLines(model: Model, figures: readonly PathFigures[]): Line[] {
  if (figures.length === 0) return [];
  const { messages, glyphs, width } = model;
  const { verify } = messages;
  // One scale for all paths, so that what stands further right is slower.
  const bounds = [...new Set(figures.flatMap(({ histogram }) => histogram.map(({ upToMs }) => upToMs)))].sort(
    (a, b) => a - b,
  );
  const rows = figures.map((row) => ({
    path: row.path,
    p50: latency(row.p50, messages),
    p95: latency(row.p95, messages),
    errors: share(row.errorRate, messages),
    spread: bounds.map((bound) => row.histogram.find(({ upToMs }) => upToMs === bound)?.count ?? 0),
  }));
  const column = (key: 'p50' | 'p95' | 'errors') =>
    Math.max(...rows.map((row) => widthOf(row[key])), widthOf(verify[key]));
  const [p50, p95, errors] = [column('p50'), column('p95'), column('errors')];
  const roomy = width >= 60;
  const spread = roomy ? 18 : 0;
  const fixed = p95 + errors + 4 + (roomy ? p50 + 2 + spread + 2 : 0) + 2;
  const path = Math.min(Math.max(...rows.map((row) => widthOf(row.path)), 8), Math.max(8, width - fixed));
  const [fastest = 0, slowest = 0] = [bounds[0], bounds.at(-1)];
  const scale = bounds.length === 0 ? '' : `${latency(fastest, messages)} … ${latency(slowest, messages)}`;
  const head = line(
    span(
      `  ${pad(verify.path, path)}  ${roomy ? `${pad(verify.p50, p50, 'right')}  ` : ''}${pad(verify.p95, p95, 'right')}  ${pad(verify.errors, errors, 'right')}${roomy ? `  ${scale}` : ''}`,
      'dim',
    ),
  );
  return [
    head,
    ...rows.map((row) =>
      line(
        span(`  ${pad(truncateMiddle(row.path, path), path)}  `),
        ...(roomy ? [span(`${pad(row.p50, p50, 'right')}  `)] : []),
        span(pad(row.p95, p95, 'right'), 'strong'),
        span(`  ${pad(row.errors, errors, 'right')}`),
        ...(roomy ? [span(`  ${sparkline(squeeze(row.spread, spread), glyphs.levels)}`, 'accent')] : []),
      ),
    ),
  ];
}
