import * as z from 'zod';
import type { Json } from '../../src/journal/records.ts';
import { amount, count, httpUrl } from '../input.ts';
import type { Task, TaskContext } from '../task.ts';
import { type Bar, histogramOf, type Latency, latencyOf } from './latency.ts';
import { shown } from './unreachable.ts';

/** Seconds until a request without an answer counts as an error. */
const REQUEST_TIMEOUT_S = 10;
/** autocannon looks at its end only so often; its own default, a second, would be most of a short run. */
const SAMPLE_MS = 20;
/** The screen is told at most so often. */
const PROGRESS_EVERY_MS = 250;

const input = z.strictObject({
  base_url: httpUrl,
  paths: z.array(z.string().regex(/^\//, 'a path begins with "/"')).min(1),
  concurrency: count.default(10),
  /** Of each path. */
  requests: count.default(100),
  p95_ms: amount.default(3000),
  error_rate: amount.default(0.01),
});

type Input = z.infer<typeof input>;

/** What was measured on one path. `errors` got no answer, `non2xx` got another than a success. */
export type Measured = Latency & {
  path: string;
  requests: number;
  errors: number;
  non2xx: number;
  errorRate: number;
  histogram: Bar[];
};

/** Measures each path in turn with autocannon, and holds the figures against the runbook's limits. */
export const httpBenchmark: Task<Input> = {
  name: 'http/benchmark',
  input,
  effect: 'read',
  describe: ({ base_url, paths, concurrency, requests }) =>
    paths.map(
      (path) => `npx autocannon -c ${Math.min(concurrency, requests)} -a ${requests} ${shown(joined(base_url, path))}`,
    ),
  async run(given, context) {
    const done: Measured[] = [];
    for (const path of given.paths) {
      const measured = await measure(given, path, context, (now) =>
        context.progress({ paths: asJson([...done, now]) }),
      );
      done.push(measured);
      context.progress({ paths: asJson(done) });
      context.say(inWords(measured));
      if (context.signal.aborted) break;
    }
    const limits = { p95_ms: given.p95_ms, error_rate: given.error_rate };
    const evidence = { base_url: shown(given.base_url), limits, paths: asJson(done) };
    const broken = done.flatMap((measured) => excesses(measured, limits));
    const worst = Math.max(...done.map(({ p95 }) => p95));
    const errors = done.reduce((sum, one) => sum + one.errors + one.non2xx, 0);
    const summary = `worst p95 ${worst} ms · ${errors} error${errors === 1 ? '' : 's'} in ${done.reduce((sum, one) => sum + one.requests, 0)} requests`;
    if (context.signal.aborted) {
      return {
        outcome: 'failed',
        summary: `stopped after ${done.length} of ${given.paths.length} paths · ${summary}`,
        evidence,
        problem: {
          code: 'benchmark-stopped',
          what: `The benchmark ended after ${done.length} of ${given.paths.length} paths.`,
        },
      };
    }
    if (broken.length === 0) return { outcome: 'passed', summary, evidence };
    return {
      outcome: 'failed',
      summary: `${broken[0]}${broken.length > 1 ? ` · and ${broken.length - 1} more` : ''}`,
      evidence,
      problem: {
        code: 'benchmark-limit',
        what: `${broken.join('; ')}.`,
        means: 'The service answers more slowly, or fails more often, than the runbook allows.',
        next: ['run it again (r): a first run also measures a cold start', 'read the logs of the service'],
      },
    };
  },
};

/** The limits that a path does not keep, as sentences. A rate of 0 keeps any limit. Pure. */
export function excesses(
  { path, p95, errorRate, errors, non2xx, requests }: Measured,
  limits: { p95_ms: number; error_rate: number },
): string[] {
  const slow = p95 >= limits.p95_ms ? [`${path}: p95 is ${p95} ms, the limit is ${limits.p95_ms} ms`] : [];
  const wrong =
    errorRate > 0 && errorRate >= limits.error_rate
      ? [
          `${path}: ${errors + non2xx} of ${requests} failed (${percent(errorRate)}), the limit is ${percent(limits.error_rate)}`,
        ]
      : [];
  return [...wrong, ...slow];
}

async function measure(
  { base_url, concurrency, requests }: Input,
  path: string,
  { signal }: TaskContext,
  report: (now: Measured) => void,
): Promise<Measured> {
  // Loaded when it is used: it is large, and stays outside the bundle.
  const { default: autocannon } = await import('autocannon');
  const samples: number[] = [];
  let errors = 0;
  let non2xx = 0;
  let reported = 0;
  const now = (): Measured => {
    const answered = samples.length + errors;
    return {
      path,
      requests: answered,
      ...latencyOf(samples),
      errors,
      non2xx,
      errorRate: answered === 0 ? 0 : (errors + non2xx) / answered,
      histogram: histogramOf(samples),
    };
  };
  const tell = () => {
    if (performance.now() - reported < PROGRESS_EVERY_MS) return;
    reported = performance.now();
    report(now());
  };
  await new Promise<void>((resolve, reject) => {
    const instance = autocannon(
      {
        url: joined(base_url, path),
        connections: Math.min(concurrency, requests),
        amount: requests,
        timeout: REQUEST_TIMEOUT_S,
        sampleInt: SAMPLE_MS,
        // A refused connection does not count towards `amount`: without this a dead host would be asked for ever.
        bailout: requests,
      },
      (error) => (error ? reject(error) : resolve()),
    );
    instance.on('response', (_client: unknown, status: number, _bytes: number, ms: number) => {
      samples.push(ms);
      if (status < 200 || status > 299) non2xx += 1;
      tell();
    });
    instance.on('reqError', () => {
      errors += 1;
      tell();
    });
    const stop = () => instance.stop();
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
  });
  return now();
}

/** The path below the base, which may have a path of its own. */
function joined(base: string, path: string): string {
  return base.replace(/\/+$/, '') + path;
}

function inWords({ path, p50, p95, p99, max, errors, non2xx, requests }: Measured): string {
  return `${path}: p50 ${p50} · p95 ${p95} · p99 ${p99} · max ${max} ms · ${errors + non2xx} of ${requests} failed`;
}

function percent(rate: number): string {
  return `${Math.round(rate * 10_000) / 100} %`;
}

function asJson(measured: readonly Measured[]): Json {
  return measured.map((one) => ({ ...one, histogram: one.histogram.map((bar) => ({ ...bar })) }));
}
