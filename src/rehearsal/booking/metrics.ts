/** Counters and one histogram in Prometheus's text format. */

/** Upper bounds of the histogram's buckets, in seconds. */
const BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5] as const;

export interface Metrics {
  /** Counts one request. `route` is a route's pattern, never a raw path. */
  observe(method: string, route: string, status: number, seconds: number): void;
  /** Counts a reservation that was refused because the room was taken. */
  overlap(): void;
  /** The text of `GET /metrics`. */
  text(): string;
}

export function createMetrics(): Metrics {
  const requests = new Map<string, number>();
  const buckets: number[] = BUCKETS.map(() => 0);
  let count = 0;
  let sum = 0;
  let overlaps = 0;
  return {
    observe(method, route, status, seconds) {
      const labels = `method="${method}",route="${route}",status="${status}"`;
      requests.set(labels, (requests.get(labels) ?? 0) + 1);
      BUCKETS.forEach((bound, index) => {
        if (seconds <= bound) buckets[index] = (buckets[index] ?? 0) + 1;
      });
      count += 1;
      sum += seconds;
    },
    overlap() {
      overlaps += 1;
    },
    text() {
      return [
        '# HELP http_requests_total Requests served.',
        '# TYPE http_requests_total counter',
        ...[...requests].map(([labels, value]) => `http_requests_total{${labels}} ${value}`),
        '# HELP reservation_overlaps_total Reservations refused because the dates were taken.',
        '# TYPE reservation_overlaps_total counter',
        `reservation_overlaps_total ${overlaps}`,
        '# HELP http_request_duration_seconds Time to serve a request.',
        '# TYPE http_request_duration_seconds histogram',
        ...BUCKETS.map((bound, index) => `http_request_duration_seconds_bucket{le="${bound}"} ${buckets[index]}`),
        `http_request_duration_seconds_bucket{le="+Inf"} ${count}`,
        `http_request_duration_seconds_sum ${sum}`,
        `http_request_duration_seconds_count ${count}`,
        '',
      ].join('\n');
    },
  };
}
