import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { http } from '../../../tasks/http/request.ts';
import { contextFor } from '../context.ts';
import { serve } from './server.ts';

let service: Awaited<ReturnType<typeof serve>>;

beforeAll(async () => {
  service = await serve((request, response, body) => {
    switch (request.url) {
      case '/healthz':
        response.setHeader('content-type', 'application/json');
        response.setHeader('set-cookie', 'session=1');
        return response.end('{"status":"healthy","checks":[{"name":"db","ms":3}],"ready":true,"note":null}\n');
      case '/old':
        return response.writeHead(301, { location: '/healthz' }).end();
      case '/down':
        return response.writeHead(503).end('database is away');
      case '/echo':
        return response.end(JSON.stringify({ authorization: request.headers.authorization, body }));
      case '/large':
        return response.end('x'.repeat(3 * 1024 * 1024));
      default:
        return; // never answers
    }
  });
});

afterAll(() => service.close());

const ask = (body: string, given = {}) =>
  http.run({ language: 'http', body: body.replaceAll('BASE', service.url) }, contextFor(given));

describe('an answer and its assertions', () => {
  test.each<[string, boolean, string]>([
    ['status == 200', true, '200'],
    ['status != 200', false, '200'],
    ['body status == healthy', true, 'healthy'],
    ['body contains "healthy"', true, '{"status'],
    ['body checks.0.ms < 10', true, '3'],
    ['body checks.0.ms >= 10', false, '3'],
    ['body /checks/0/name == db', true, 'db'],
    ['body ready == true', true, 'true'],
    ['body note == null', true, 'null'],
    ['body missing exists', false, '(absent)'],
    ['body missing != x', true, '(absent)'],
    ['body missing < 5', false, '(absent)'],
    ['body status matches ^heal', true, 'healthy'],
    ['header content-type contains json', true, 'application/json'],
    ['header x-nothing exists', false, '(absent)'],
    ['duration < 5000', true, ''],
  ])('%s: %s', async (assertion, ok, actual) => {
    const result = await ask(`GET BASE/healthz\n\n?? ${assertion}\n`);
    expect(result.outcome).toBe(ok ? 'passed' : 'failed');
    const { assertions } = result.evidence as { assertions: { text: string; ok: boolean; actual: string }[] };
    expect(assertions).toMatchObject([{ text: assertion, ok, actual: expect.stringContaining(actual) }]);
    if (!ok) expect(result.problem?.what).toContain(`expected ${assertion}, was ${actual}`);
  });

  test('every failed assertion is told, and the answer with it', async () => {
    const result = await ask('GET BASE/down\n\n?? status == 200\n?? body contains ok\n');
    expect(result.problem).toMatchObject({
      code: 'http-assertion-failed',
      what: expect.stringMatching(/expected status == 200, was 503; expected body contains ok, was database is away/),
      means: 'It answered: database is away',
    });
  });

  test('without assertions, only a success passes', async () => {
    expect((await ask('GET BASE/healthz')).outcome).toBe('passed');
    expect((await ask('GET BASE/down')).problem?.what).toContain('expected status 200 to 299, was 503');
  });

  test('a redirect is an answer, not a way to another one', async () => {
    const result = await ask('GET BASE/old\n\n?? status == 301\n?? header location == /healthz\n');
    expect(result).toMatchObject({ outcome: 'passed', evidence: { headers: { location: '/healthz' } } });
  });

  test('evidence is small, keeps no cookie, and the whole text is there to capture from', async () => {
    const result = await ask('GET BASE/healthz');
    expect(JSON.stringify(result.evidence)).not.toContain('session=1');
    expect(JSON.parse(result.text ?? '')).toMatchObject({ status: 'healthy' });
    const large = await ask('GET BASE/large');
    expect(large.text?.length).toBe(1024 * 1024);
    expect(JSON.stringify(large.evidence).length).toBeLessThan(4096);
  });
});

describe('a request', () => {
  test('carries headers and body, secrets put in at the last moment and shown as names', async () => {
    const body = 'POST BASE/echo\nAuthorization: Bearer ${TOKEN}\nContent-Type: text/plain\n\nkey=$TOKEN\n';
    const context = contextFor({ secrets: { TOKEN: 'tok-3f9a-1c7e-88d2' } });
    const filled = body.replaceAll('BASE', service.url);
    const result = await http.run({ language: 'http', body: filled }, context);
    expect(JSON.parse(result.text ?? '')).toEqual({
      authorization: 'Bearer tok-3f9a-1c7e-88d2',
      body: 'key=tok-3f9a-1c7e-88d2',
    });
    expect(context.said.join('\n')).not.toContain('tok-3f9a');
    expect(http.describe({ language: 'http', body: filled })).toContain('Authorization: Bearer ${TOKEN}');
  });

  test.each([
    ['GET', 'read'],
    ['HEAD', 'read'],
    ['POST', 'write'],
    ['DELETE', 'write'],
  ])('%s is a %s', (method, effect) => {
    expect(http.effectOf?.({ language: 'http', body: `${method} https://booking.example/` })).toBe(effect);
  });

  test('that cannot be read is not sent', async () => {
    await expect(ask('FETCH BASE/healthz')).rejects.toMatchObject({ code: 'http-method', means: 'Nothing was sent.' });
  });
});

describe('no answer', () => {
  test('nothing listens', async () => {
    const closed = await serve(() => {});
    await closed.close();
    const result = await ask(`GET ${closed.url}/healthz`);
    expect(result.problem).toMatchObject({
      code: 'http-unreachable',
      what: `No answer from ${closed.url}/healthz: nothing listens there (connection refused).`,
    });
  });

  test('no such host', async () => {
    const result = await ask('GET http://no-such-host.invalid/healthz');
    expect(result.problem?.what).toMatch(/host name (is not known|could not be looked up)/);
  });

  test('the time is up', async () => {
    const timeout = new AbortController();
    setTimeout(() => timeout.abort('timeout'), 100);
    const result = await ask('GET BASE/never', { signal: timeout.signal });
    expect(result.problem).toMatchObject({
      code: 'http-timeout',
      what: `${service.url}/never did not answer in time.`,
    });
  });

  test('a URL is shown without its password', async () => {
    const closed = await serve(() => {});
    await closed.close();
    const result = await ask(`GET ${closed.url.replace('//', '//ana:hunter2@')}/healthz`);
    expect(JSON.stringify(result)).not.toContain('hunter2');
  });
});
