import { expect, it } from 'vitest';
import { benchmarkLines, sparkline, squeeze } from '../../screens/components/benchmark.ts';
import { figuresOf } from '../../src/engine/latencies.ts';
import { modelOf } from './fixtures/models.ts';

it.each([
  [[0, 1, 100], '▁▂▇'],
  [[5, 5, 5], '▇▇▇'],
  [[], ''],
])('%j is drawn as %s: what is little is still seen', (counts, drawn) => {
  expect(sparkline(counts, [...'▁▂▃▄▅▆▇'])).toBe(drawn);
});

it('adds neighbours up where there are too many of them', () => {
  expect(squeeze([1, 2, 3, 4, 5], 3)).toEqual([3, 7, 5]);
  expect(squeeze([1, 2], 18)).toEqual([1, 2]);
});

it('finds the figures in a benchmark’s evidence, and none in other evidence', () => {
  const row = { path: '/healthz', p50: 12, p95: 48, errorRate: 0, histogram: [{ upToMs: 20, count: 3 }] };
  expect(figuresOf({ base_url: 'http://127.0.0.1', paths: [row] })).toEqual([row]);
  expect(figuresOf({ machines: [{ id: 'x' }] })).toEqual([]);
  expect(figuresOf(undefined)).toEqual([]);
});

it('draws all paths on one scale: further right is slower', () => {
  const figures = [
    { path: '/fast', p50: 1, p95: 2, errorRate: 0, histogram: [{ upToMs: 10, count: 4 }] },
    { path: '/slow', p50: 80, p95: 90, errorRate: 0.01, histogram: [{ upToMs: 100, count: 4 }] },
  ];
  const rows = benchmarkLines(modelOf('verify, figures'), figures).map((row) => row.map(({ text }) => text).join(''));
  expect(rows).toEqual([
    '  path        p50    p95  errors  10 ms … 100 ms',
    '  /fast      1 ms   2 ms     0 %  ▇▁',
    '  /slow     80 ms  90 ms   1.0 %  ▁▇',
  ]);
});
