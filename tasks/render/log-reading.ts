import { type LogLine, logsAnswer } from './answers.ts';
import type { RenderClient } from './client.ts';
import { type LogQuery, logs, PAGE } from './requests.ts';

/** Reads logs page by page, up to `most` lines; given in the order of time, whatever the query's direction. */
export async function readLogs(client: RenderClient, query: Omit<LogQuery, 'limit'>, most: number): Promise<LogLine[]> {
  const lines = new Map<string, LogLine>();
  let { start, end } = query;
  for (;;) {
    const limit = Math.min(PAGE, most - lines.size);
    const page = await client.read(logs({ ...query, start, ...(end === undefined ? {} : { end }), limit }), logsAnswer);
    const before = lines.size;
    for (const line of page.logs) lines.set(line.id, line);
    if (!page.hasMore || lines.size >= most || lines.size === before) break;
    start = page.nextStartTime ?? start;
    end = page.nextEndTime ?? end;
  }
  // Lines of one moment stay in the order in which they came.
  const all = [...lines.values()];
  if (query.direction === 'backward') all.reverse();
  return all.toSorted((a, b) => moment(a) - moment(b));
}

/** Milliseconds since 1970, with their fraction: Render's timestamps have nanoseconds. */
function moment({ timestamp }: LogLine): number {
  const fraction = /\.\d{3}(\d*)/.exec(timestamp)?.[1] ?? '';
  return Date.parse(timestamp) + (fraction === '' ? 0 : Number(`0.${fraction}`));
}

/** How far back a follower looks again: a line can arrive after a later one. */
const OVERLAP_MS = 5_000;
const MOST_AT_ONCE = 1000;

/** Follows a resource's log: each call gives the lines that are new since the one before. */
export function followLogs(
  client: RenderClient,
  { owner, resource, since }: { owner: string; resource: string; since: number },
): () => Promise<LogLine[]> {
  const seen = new Set<string>();
  let from = since;
  return async () => {
    const start = new Date(Math.max(since, from - OVERLAP_MS)).toISOString();
    const lines = await readLogs(client, { owner, resource, start, direction: 'forward' }, MOST_AT_ONCE);
    const fresh = lines.filter(({ id }) => !seen.has(id));
    for (const line of fresh) {
      seen.add(line.id);
      from = Math.max(from, Date.parse(line.timestamp));
    }
    return fresh;
  };
}
