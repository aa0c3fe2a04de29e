import type { Json } from '../journal/records.ts';

/** Latencies of one path, as the benchmark task records them. */
export interface PathFigures {
  path: string;
  p50: number;
  p95: number;
  errorRate: number;
  histogram: readonly { upToMs: number; count: number }[];
}

/** The figures in a step's evidence, when it is a benchmark's: a list of objects with `path` and `p95`. */
export function figuresOf(evidence: Json | undefined): PathFigures[] {
  if (evidence === undefined || evidence === null || typeof evidence !== 'object') return [];
  const lists = Array.isArray(evidence) ? [evidence as readonly Json[]] : Object.values(evidence).filter(Array.isArray);
  const rows = (lists as readonly (readonly Json[])[]).find((list) => list.some(isFigures)) ?? [];
  return rows.filter(isFigures).map((row) => {
    const record = row as Readonly<Record<string, Json>>;
    const number = (key: string) => (typeof record[key] === 'number' ? record[key] : 0);
    const histogram = Array.isArray(record['histogram']) ? (record['histogram'] as readonly Json[]) : [];
    return {
      path: String(record['path']),
      p50: number('p50'),
      p95: number('p95'),
      errorRate: number('errorRate'),
      histogram: histogram.flatMap((bucket) => {
        const { upToMs, count } = (bucket ?? {}) as { upToMs?: Json; count?: Json };
        return typeof upToMs === 'number' && typeof count === 'number' ? [{ upToMs, count }] : [];
      }),
    };
  });
}

function isFigures(row: Json | undefined): boolean {
  return row !== null && typeof row === 'object' && 'path' in row && 'p95' in row;
}
