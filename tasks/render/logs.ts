import * as z from 'zod';
import { count } from '../input.ts';
import type { Task, TaskContext } from '../task.ts';
import type { Service } from './answers.ts';
import { type RenderClient, renderClient } from './client.ts';
import { readLogs } from './log-reading.ts';
import { type LogQuery, logs, written } from './requests.ts';
import { finding, findService, serviceName } from './service.ts';

/** The most that is counted of a text. */
const MOST = 500;
/** Of each forbidden text that was found, so many lines are shown. */
const SHOWN = 3;

const input = z.strictObject({
  service: serviceName,
  type: z.enum(['app', 'request', 'build']).default('app'),
  text: z.string().min(1).optional(),
  level: z.string().min(1).optional(),
  minutes: count.default(60),
  lines: count.default(100),
  /** Texts that must not stand in it. */
  forbid: z.array(z.string().min(1)).default([]),
  /** Texts that may stand in it so often at most. */
  at_most: z.array(z.strictObject({ text: z.string().min(1), times: count })).default([]),
});
type Input = z.infer<typeof input>;

/** A service's log of the last while: its last lines, and whether texts stand in it that must not. */
export const renderLogs: Task<Input> = {
  name: 'render/logs',
  input,
  effect: 'read',
  tells: true,
  describe: (given) => {
    const { lines: limit, ...rest } = queryOf(given, '{OWNER_ID}', '{SERVICE_ID}', '{START}');
    const request = (text?: string) =>
      decodeURIComponent(
        written(logs({ ...rest, ...(text === undefined ? {} : { text }), limit: Math.min(100, limit) })),
      );
    return [
      written(finding(given.service)),
      request(),
      ...[...given.forbid, ...given.at_most.map((each) => each.text)].map(request),
    ];
  },
  async run(given, context) {
    const client = renderClient(context);
    const service = await findService(client, given.service);
    const start = new Date(Date.now() - given.minutes * 60_000).toISOString();
    const { lines: most, ...query } = queryOf(given, service.ownerId, service.id, start);
    const found = await readLogs(client, query, most);
    for (const { timestamp, message } of found) context.say(`${timestamp} ${message}`);
    const limits = [
      ...given.forbid.map((text): [string, number] => [text, 0]),
      ...given.at_most.map(({ text, times }): [string, number] => [text, times]),
    ];
    const counts: Record<string, number> = {};
    const over: string[] = [];
    for (const [text, limit] of limits) {
      const times = await countOf(client, service, { start, type: given.type, text }, context, limit);
      counts[text] = times;
      if (times > limit)
        over.push(`${text} (${times}${times === MOST ? ' or more' : ''}${limit > 0 ? `, at most ${limit}` : ''})`);
    }
    const what = `${found.length} line${found.length === 1 ? '' : 's'} of the last ${given.minutes} min${given.text === undefined ? '' : ` with "${given.text}"`}`;
    const evidence = { service: service.id, type: given.type, lines: found.length, counts };
    const text = found.map(({ message }) => message).join('\n');
    if (over.length === 0) return { outcome: 'passed', summary: what, evidence, text };
    return {
      outcome: 'failed',
      summary: `in the log: ${over.join(', ')}`,
      evidence,
      text,
      problem: {
        code: 'render-logs-forbidden',
        what: `The log of the last ${given.minutes} min has ${over.join(', ')}.`,
        means: 'Nothing was changed: the log was read.',
        next: ['read the lines (l)', 'go by the matching symptom in this runbook'],
      },
    };
  },
};

async function countOf(
  client: RenderClient,
  service: Service,
  { start, type, text }: { start: string; type: Input['type']; text: string },
  context: TaskContext,
  limit: number,
): Promise<number> {
  const query = { owner: service.ownerId, resource: service.id, start, direction: 'backward', type, text } as const;
  const lines = await readLogs(client, query, MOST);
  if (lines.length > limit) {
    for (const { timestamp, message } of lines.slice(-SHOWN)) context.say(`✗ ${timestamp} ${message}`);
  }
  return lines.length;
}

function queryOf(
  given: Input,
  owner: string,
  resource: string,
  start: string,
): Omit<LogQuery, 'limit'> & { lines: number } {
  return {
    owner,
    resource,
    start,
    direction: 'backward',
    type: given.type,
    lines: given.lines,
    ...(given.text === undefined ? {} : { text: given.text }),
    ...(given.level === undefined ? {} : { level: given.level }),
  };
}
