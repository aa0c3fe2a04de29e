/** Requests a minute, as Render's page on rate limiting says. */
const LIMITS = { get: 400, job: 2000, service: 10, other: 30 } as const;
const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;

export interface Limit {
  /** What is counted together. */
  bucket: string;
  limit: number;
  windowMs: number;
}

/** Which limit a request falls under: deploys and changes of one service have the tightest. Pure. */
export function limitOf(method: string, path: string): Limit {
  if (method === 'GET') return { bucket: 'get', limit: LIMITS.get, windowMs: MINUTE_MS };
  const [, id, what] = /^\/services\/([^/]+)(?:\/([^/]+))?$/.exec(path) ?? [];
  if (what === 'jobs') return { bucket: 'job', limit: LIMITS.job, windowMs: HOUR_MS };
  if (id !== undefined && (what === undefined || /^(deploys|suspend|resume)$/.test(what))) {
    return { bucket: `service ${id}`, limit: LIMITS.service, windowMs: MINUTE_MS };
  }
  return { bucket: 'other', limit: LIMITS.other, windowMs: MINUTE_MS };
}

/** Counts requests; each gives the headers of its answer, and whether it is one too many. */
export function createLimiter(now: () => number = Date.now) {
  const counts = new Map<string, { began: number; used: number }>();
  return (method: string, path: string): { refused: boolean; headers: Record<string, string> } => {
    const { bucket, limit, windowMs } = limitOf(method, path);
    const found = counts.get(bucket);
    const window = found && now() - found.began < windowMs ? found : { began: now(), used: 0 };
    window.used += 1;
    counts.set(bucket, window);
    return {
      refused: window.used > limit,
      headers: {
        'ratelimit-limit': String(limit),
        'ratelimit-remaining': String(Math.max(0, limit - window.used)),
        'ratelimit-reset': String(Math.ceil((window.began + windowMs - now()) / 1000)),
      },
    };
  };
}
