/** Figures of a set of latencies in milliseconds; all zero for an empty set. */
export interface Latency {
  p50: number;
  p95: number;
  p99: number;
  max: number;
}

/** A bar of a histogram: how many latencies are at most `upToMs` and above the bar before. */
export type Bar = { upToMs: number; count: number };

/** Percentiles by nearest rank: each is a latency that really occurred. Pure. */
export function latencyOf(samples: readonly number[]): Latency {
  const sorted = [...samples].sort((a, b) => a - b);
  const rank = (percent: number) => rounded(sorted[Math.ceil((percent / 100) * sorted.length) - 1] ?? 0);
  return { p50: rank(50), p95: rank(95), p99: rank(99), max: rank(100) };
}

/** Bars whose bounds double (1, 2, 4 … ms), from the first that holds something to the last. Pure. */
export function histogramOf(samples: readonly number[]): Bar[] {
  const counts = new Map<number, number>();
  for (const ms of samples) {
    const exponent = Math.max(0, Math.ceil(Math.log2(Math.max(ms, 1))));
    counts.set(exponent, (counts.get(exponent) ?? 0) + 1);
  }
  if (counts.size === 0) return [];
  const [first, last] = [Math.min(...counts.keys()), Math.max(...counts.keys())];
  return Array.from({ length: last - first + 1 }, (_, at) => ({
    upToMs: 2 ** (first + at),
    count: counts.get(first + at) ?? 0,
  }));
}

/** To a tenth of a millisecond. */
function rounded(ms: number): number {
  return Math.round(ms * 10) / 10;
}
