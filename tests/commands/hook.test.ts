import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Hook } from '../../src/commands/hook.ts';
import type { Notice } from '../../src/commands/notice.ts';
import { createExec } from '../../src/exec/run.ts';
import { createRedactor } from '../../src/secrets/redactor.ts';

const notice: Notice = {
  event: 'step-failed',
  run: 'run-1',
  runbook: 'Test',
  environment: 'staging',
  rehearsal: false,
  at: '2026-01-02T03:04:05.000Z',
  title: 'Roll out: failed',
  step: 'rollout',
  outcome: 'failed',
};

let directory: string;
let server: Server | undefined;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'tejun-hook-'));
});
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
  server = undefined;
  rmSync(directory, { recursive: true, force: true });
});

/** A real server on this machine; `answer` is what it does with each request. */
async function serve(answer: (request: IncomingMessage, response: ServerResponse) => void): Promise<string> {
  server = createServer(answer).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/T0/s3cret-path`;
}

function hook(over: { command?: string; webhook?: string; timeoutMs?: number }) {
  const failures: string[] = [];
  const exec = createExec({
    redactor: createRedactor(),
    env: { PATH: process.env['PATH'] ?? '' },
    cwd: directory,
  });
  const made = new Hook({ command: '', webhook: '', exec, failed: (line) => failures.push(line), ...over });
  return { made, failures };
}

describe('a webhook', () => {
  test('is posted the notice as JSON', async () => {
    const bodies: unknown[] = [];
    const webhook = await serve(async (request, response) => {
      bodies.push([request.method, request.headers['content-type'], JSON.parse(await text(request))]);
      response.end('ok');
    });
    const { made, failures } = hook({ webhook });
    made.give(notice);
    await made.settled();
    expect(bodies).toEqual([['POST', 'application/json', notice]]);
    expect(failures).toEqual([]);
  });

  test.each<[string, (request: IncomingMessage, response: ServerResponse) => void, RegExp]>([
    ['that refuses', (_, response) => void response.writeHead(403).end(), /answered 403/],
    ['that sends elsewhere', (_, response) => void response.writeHead(302, { location: '/x' }).end(), /answered 302/],
    ['that hangs', () => {}, /failed \(TimeoutError\)/],
    ['that hangs up', (request) => void request.socket.destroy(), /failed \(UND_ERR_SOCKET\)/],
  ])('%s is said in a line, without its URL, and goes no further', async (_, answer, said) => {
    const { made, failures } = hook({ webhook: await serve(answer), timeoutMs: 200 });
    made.give(notice);
    await made.settled();
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(failures.join()).toMatch(said);
    expect(failures.join()).not.toContain('s3cret-path');
  });

  test('that hangs holds up nobody, and notices do not pile up', async () => {
    const { made, failures } = hook({ webhook: await serve(() => {}), timeoutMs: 300 });
    const before = performance.now();
    for (let times = 0; times < 25; times += 1) made.give(notice);
    expect(performance.now() - before).toBeLessThan(100);
    expect(failures).toHaveLength(5);
    await made.settled();
    expect(performance.now() - before).toBeLessThan(2000);
  });
});

describe('a command', () => {
  test('gets the notice on its input and in its environment', async () => {
    const { made, failures } = hook({ command: 'cat > given.json; printf %s "$TEJUN_EVENT $TEJUN_TITLE" > said' });
    made.give(notice);
    await made.settled();
    expect(JSON.parse(readFileSync(join(directory, 'given.json'), 'utf8'))).toEqual(notice);
    expect(readFileSync(join(directory, 'said'), 'utf8')).toBe('step-failed Roll out: failed');
    expect(failures).toEqual([]);
  });

  test('that fails is said, and goes no further', async () => {
    const { made, failures } = hook({ command: 'exit 3' });
    made.give(notice);
    await made.settled();
    expect(failures).toEqual(['hook: the command ended with 3']);
  });
});
