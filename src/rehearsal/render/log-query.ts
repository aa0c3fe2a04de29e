import type { LogLine, Workspace } from './model.ts';
import { limitOf, momentOf, oneOf, Refusal } from './reading.ts';
import { logJson } from './shapes.ts';

const HOUR_MS = 3_600_000;

/** `GET /logs`: a page of the lines of the last hour, or of the time that is asked for. */
export function queryLogs(workspace: Workspace, query: URLSearchParams): object {
  const resources = query.getAll('resource');
  if (query.get('ownerId') === null) throw new Refusal(400, 'ownerId is required');
  if (resources.length === 0) throw new Refusal(400, 'resource is required');
  if (query.get('ownerId') !== workspace.owner.id) throw new Refusal(404, 'not found: owner');
  const direction = oneOf(query, 'direction', ['forward', 'backward']) ?? 'backward';
  const type = oneOf(query, 'type', ['app', 'request', 'build']);
  const limit = limitOf(query);
  const end = momentOf(query, 'endTime', Date.now() + 1000);
  const start = momentOf(query, 'startTime', end - HOUR_MS);
  const text = query.get('text')?.toLowerCase();
  const level = query.get('level');
  const found = workspace.logs.filter(
    (line) =>
      resources.includes(line.resource) &&
      (type === undefined || line.type === type) &&
      (level === null || line.level === level) &&
      (text === undefined || line.message.toLowerCase().includes(text)) &&
      within(line, query, start, end),
  );
  if (direction === 'backward') found.reverse();
  const page = found.slice(0, limit);
  const last = page.at(-1)?.timestamp;
  return {
    hasMore: found.length > page.length,
    nextStartTime: direction === 'forward' && last !== undefined ? last : new Date(start).toISOString(),
    nextEndTime: direction === 'backward' && last !== undefined ? last : new Date(end).toISOString(),
    logs: page.map(logJson),
  };
}

/** Moments have nanoseconds, which a number of milliseconds cannot tell apart: texts of one form are compared. */
function within({ timestamp }: LogLine, query: URLSearchParams, start: number, end: number): boolean {
  const from = query.get('startTime');
  const to = query.get('endTime');
  const after = from !== null && isFine(from) ? timestamp >= from : Date.parse(timestamp) >= start;
  const before = to !== null && isFine(to) ? timestamp <= to : Date.parse(timestamp) <= end;
  return after && before;
}

function isFine(text: string): boolean {
  return /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z$/.test(text);
}
