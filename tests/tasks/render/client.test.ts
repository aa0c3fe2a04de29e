import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { Secret } from '../../../src/secrets/secret.ts';
import { renderClient } from '../../../tasks/render/client.ts';
import { readLogs } from '../../../tasks/render/log-reading.ts';
import { envVars, putEnvVar, setAutoDeploy, whoAmI } from '../../../tasks/render/requests.ts';
import { contextFor } from '../context.ts';

const KEY = 'rnd_5c0ffee5deadbeef77';
let server: Server | undefined;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

interface Seen {
  method: string;
  url: string;
  body: string;
  authorization: string | undefined;
}
type Reply = [status: number, body?: unknown, headers?: Record<string, string>];

/** A server that gives these answers in turn, the last one again and again; and a client that speaks to it. */
async function talkTo(...replies: Reply[]) {
  const seen: Seen[] = [];
  server = createServer(async (request: IncomingMessage, response: ServerResponse) => {
    let body = '';
    for await (const part of request) body += String(part);
    const [status, json, headers] = (replies.length > 1 ? replies.shift() : replies[0]) ?? [500];
    const { method = '', url = '', headers: given } = request;
    seen.push({ method, url, body, authorization: given.authorization });
    response.writeHead(status, headers).end(json === undefined ? '' : JSON.stringify(json));
  });
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const context = contextFor({ env: { RENDER_API_KEY: KEY, TEJUN_RENDER_API: `http://127.0.0.1:${port}/v1` } });
  return { client: renderClient(context), seen, context };
}

const any = z.looseObject({});
const AGAIN = { 'retry-after': '0' };

describe('the client of Render’s API', () => {
  test('the key is in a header, and nowhere else', async () => {
    const { client, seen } = await talkTo([200, { email: 'ops@example.com' }]);
    await client.read(whoAmI(), any);
    expect(seen).toEqual([{ method: 'GET', url: '/v1/users', body: '', authorization: `Bearer ${KEY}` }]);
  });

  test('a secret is put in when it is sent', async () => {
    const { client, seen } = await talkTo([200, {}]);
    await client.change(putEnvVar('srv-1', 'KEY', new Secret('KEY', Buffer.from('hush "hush"'))), any);
    expect(JSON.parse(seen[0]?.body ?? '')).toEqual({ value: 'hush "hush"' });
  });

  test('lists are read page by page', async () => {
    const item = (n: number) => ({ cursor: `c${n}`, envVar: { key: `K${n}` } });
    const page = Array.from({ length: 100 }, (_, n) => item(n));
    const { client, seen } = await talkTo([200, page], [200, [item(100)]]);
    expect(await client.list(envVars('srv-1'), z.looseObject({ envVar: any }), 1000)).toHaveLength(101);
    expect(seen.map(({ url }) => url)).toEqual([
      '/v1/services/srv-1/env-vars?limit=100',
      '/v1/services/srv-1/env-vars?limit=100&cursor=c99',
    ]);
  });

  test.each([429, 423])('a %i is waited for as told, also for a change: nothing was done', async (status) => {
    const { client, seen, context } = await talkTo([status, { message: 'x' }, AGAIN], [200, { autoDeploy: 'no' }]);
    expect(await client.change(setAutoDeploy('srv-1', 'no'), any)).toEqual({ autoDeploy: 'no' });
    expect(seen).toHaveLength(2);
    expect(context.said.join()).toContain('waiting');
  });

  test('a limit that stays used up is said after four waits', async () => {
    const { client, seen } = await talkTo([429, { message: 'x' }, AGAIN]);
    await expect(client.read(whoAmI(), any)).rejects.toMatchObject({ code: 'render-rate-limit' });
    expect(seen).toHaveLength(5);
  });

  test('a read that meets a 5xx is sent again', async () => {
    const { client, seen } = await talkTo([503], [200, {}]);
    await client.read(whoAmI(), any);
    expect(seen).toHaveLength(2);
  });

  test('a change that meets a 5xx is not, and it is not known whether it was made', async () => {
    const { client, seen } = await talkTo([503, { message: 'oops' }], [200, {}]);
    await expect(client.change(setAutoDeploy('srv-1', 'no'), any)).rejects.toMatchObject({
      code: 'render-down',
      means: expect.stringContaining('not known'),
    });
    expect(seen).toHaveLength(1);
  });

  test('a redirect is not followed: it would carry the key away', async () => {
    const { client, seen } = await talkTo([307, undefined, { location: 'http://127.0.0.1:1/' }]);
    await expect(client.read(whoAmI(), any)).rejects.toMatchObject({ code: 'render-refused' });
    expect(seen).toHaveLength(1);
  });

  test('an answer without a body is none', async () => {
    const { client } = await talkTo([202]);
    expect(await client.change(setAutoDeploy('srv-1', 'no'), any)).toBeUndefined();
  });

  test('an answer of another form is never quoted', async () => {
    const { client } = await talkTo([200, [{ envVar: { key: 'K', value: 7, hush: 'hunter2' } }]]);
    const shape = z.looseObject({ envVar: z.looseObject({ value: z.string() }) });
    const error = await client.list(envVars('srv-1'), shape, 10).catch((problem: unknown) => problem);
    expect(error).toMatchObject({ code: 'render-unreadable' });
    expect(JSON.stringify(error)).not.toContain('hunter2');
  });

  test('without anybody there it says so', async () => {
    const context = contextFor({ env: { RENDER_API_KEY: KEY, TEJUN_RENDER_API: 'http://127.0.0.1:9/v1' } });
    await expect(renderClient(context).change(setAutoDeploy('srv-1', 'no'), any)).rejects.toMatchObject({
      code: 'render-unreachable',
      means: expect.stringContaining('not known'),
    });
  });

  test('logs that are read backward come in the order of time, each line once', async () => {
    const line = (n: number) => ({ id: `l${n}`, message: `line ${n}`, timestamp: `2026-11-22T00:00:00.00000000${n}Z` });
    const { client, seen } = await talkTo(
      [200, { hasMore: true, nextStartTime: 'S', nextEndTime: 'E', logs: [line(4), line(3)] }],
      [200, { hasMore: false, logs: [line(3), line(2), line(1)] }],
    );
    const query = { owner: 'tea-1', resource: 'srv-1', start: 'A', direction: 'backward' } as const;
    const found = await readLogs(client, query, 10);
    expect(found.map(({ message }) => message)).toEqual(['line 1', 'line 2', 'line 3', 'line 4']);
    expect(seen[1]?.url).toContain('startTime=S&endTime=E');
  });
});
