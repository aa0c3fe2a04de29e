import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { excesses, httpBenchmark, type Measured } from '../../../tasks/http/benchmark.ts';
import { histogramOf, latencyOf } from '../../../tasks/http/latency.ts';
import { contextFor } from '../context.ts';
import { serve } from './server.ts';

let service: Awaited<ReturnType<typeof serve>>;
const hits = new Map<string, number>();

beforeAll(async () => {
  service = await serve((request, response) => {
    const path = request.url ?? '';
    const hit = (hits.get(path) ?? 0) + 1;
    hits.set(path, hit);
    if (path === '/slow') return void setTimeout(() => response.end('late'), 1500);
    if (path === '/flaky' && hit % 4 === 0) return response.writeHead(500).end();
    if (path === '/never') return;
    return response.end('ok');
  });
});

afterAll(() => service.close());

const bench = (input: Record<string, unknown>, given = {}) => {
  const context = contextFor(given);
  return {
    context,
    result: httpBenchmark.run(httpBenchmark.input.parse({ base_url: service.url, ...input }), context),
  };
};

describe('http/benchmark', () => {
  test('sends exactly the requests that it was told, to each path, and reports each', async () => {
    const { context, result } = bench({ paths: ['/a', '/b'], requests: 40, concurrency: 4 });
    const { outcome, evidence } = await result;
    expect(outcome).toBe('passed');
    expect([hits.get('/a'), hits.get('/b')]).toEqual([40, 40]);
    const { paths } = evidence as unknown as { paths: Measured[] };
    expect(paths).toMatchObject([
      { path: '/a', requests: 40, errors: 0, non2xx: 0, errorRate: 0 },
      { path: '/b', requests: 40, errors: 0, non2xx: 0, errorRate: 0 },
    ]);
    for (const { histogram, p50, p95, p99, max } of paths) {
      expect(histogram.reduce((sum, { count }) => sum + count, 0)).toBe(40);
      expect([p50, p95, p99, max]).toEqual([p50, p95, p99, max].sort((a, b) => a - b));
    }
    expect(context.reported.at(-1)).toEqual({ paths });
  });

  test('names the path and the figure that breaks a limit', async () => {
    const { result } = bench({ paths: ['/a', '/slow'], requests: 10, p95_ms: 1000 });
    const { outcome, problem } = await result;
    expect(outcome).toBe('failed');
    expect(problem).toMatchObject({
      code: 'benchmark-limit',
      what: expect.stringMatching(/^\/slow: p95 is [\d.]+ m?s, the limit is 1000 ms\.$/),
    });
  });

  test('counts answers that are no success', async () => {
    const { result } = bench({ paths: ['/flaky'], requests: 20 });
    const { problem, evidence } = await result;
    expect(problem?.what).toBe('/flaky: 5 of 20 failed (25 %), the limit is 1 %.');
    expect(evidence).toMatchObject({ paths: [{ non2xx: 5, errors: 0, errorRate: 0.25 }] });
  });

  test('ends when nothing listens', async () => {
    const closed = await serve(() => {});
    await closed.close();
    const { result } = bench({ base_url: closed.url, paths: ['/a'], requests: 20, concurrency: 4 });
    const { outcome, evidence, problem } = await result;
    expect(outcome).toBe('failed');
    expect(evidence).toMatchObject({ paths: [{ errorRate: 1 }] });
    expect(problem?.what).toContain('(100 %)');
  });

  test('ends when the step is stopped', async () => {
    const stop = new AbortController();
    setTimeout(() => stop.abort('stopped'), 200);
    const { result } = bench({ paths: ['/never', '/a'], requests: 5 }, { signal: stop.signal });
    expect(await result).toMatchObject({ outcome: 'failed', problem: { code: 'benchmark-stopped' } });
  });

  test('the plan shows a command that can be typed', () => {
    const input = httpBenchmark.input.parse({ base_url: 'https://booking.example/', paths: ['/api/v1/healthz'] });
    expect(httpBenchmark.describe(input)).toEqual([
      'npx autocannon -c 10 -a 100 https://booking.example/api/v1/healthz',
    ]);
  });

  test.each([
    [{ base_url: 'ftp://booking.example', paths: ['/a'] }],
    [{ base_url: 'https://booking.example', paths: [] }],
    [{ base_url: 'https://booking.example', paths: ['a'] }],
    [{ base_url: 'https://booking.example', paths: ['/a'], p95: 3 }],
    [{ base_url: 'https://booking.example', paths: ['/a'], requests: 0 }],
  ])('does not take %j', (input) => {
    expect(httpBenchmark.input.safeParse(input).success).toBe(false);
  });

  test('numbers may stand as text, because values are put in as text', () => {
    const parsed = httpBenchmark.input.parse({
      base_url: 'https://b.example',
      paths: ['/a'],
      requests: '20',
      error_rate: '0.05',
    });
    expect(parsed).toMatchObject({ requests: 20, error_rate: 0.05 });
  });
});

describe('the figures', () => {
  test('percentiles are latencies that occurred', () => {
    expect(latencyOf(Array.from({ length: 100 }, (_, at) => at + 1))).toEqual({ p50: 50, p95: 95, p99: 99, max: 100 });
    expect(latencyOf([7.04])).toEqual({ p50: 7, p95: 7, p99: 7, max: 7 });
    expect(latencyOf([])).toEqual({ p50: 0, p95: 0, p99: 0, max: 0 });
  });

  test('bars double, and gaps between them stay', () => {
    expect(histogramOf([0.4, 1, 1.5, 9])).toEqual([
      { upToMs: 1, count: 2 },
      { upToMs: 2, count: 1 },
      { upToMs: 4, count: 0 },
      { upToMs: 8, count: 0 },
      { upToMs: 16, count: 1 },
    ]);
  });

  test('every latency is in the one bar that it fits', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 60_000, noNaN: true }), { minLength: 1 }), (samples) => {
        const bars = histogramOf(samples);
        expect(bars.reduce((sum, { count }) => sum + count, 0)).toBe(samples.length);
        expect(bars.at(-1)?.upToMs).toBeGreaterThanOrEqual(Math.max(...samples));
        expect(bars[0]?.count).toBeGreaterThan(0);
      }),
    );
  });

  test('a limit is reached at its own figure, and no error keeps any limit', () => {
    const measured: Measured = {
      path: '/a',
      requests: 100,
      p50: 1,
      p95: 3000,
      p99: 1,
      max: 1,
      errors: 1,
      non2xx: 0,
      errorRate: 0.01,
      histogram: [],
    };
    expect(excesses(measured, { p95_ms: 3000, error_rate: 0.01 })).toHaveLength(2);
    expect(excesses({ ...measured, p95: 2999.9, errors: 0, errorRate: 0 }, { p95_ms: 3000, error_rate: 0 })).toEqual(
      [],
    );
  });
});
