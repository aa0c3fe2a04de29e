import type { ServerResponse } from 'node:http';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { httpRace } from '../../../tasks/http/race.ts';
import { contextFor } from '../context.ts';
import { serve } from './server.ts';

let service: Awaited<ReturnType<typeof serve>>;
let bookings = 0;
let asked: ServerResponse[] = [];

beforeAll(async () => {
  service = await serve((request, response, body) => {
    switch (request.url) {
      case '/guarded':
        bookings += 1;
        return response.writeHead(bookings === 1 ? 201 : 409).end(body);
      case '/careless': {
        // Looks, and writes a moment later: the fault that a race is run to find.
        const free = bookings === 0;
        return void setTimeout(() => {
          if (free) bookings += 1;
          response.writeHead(free ? 201 : 409).end();
        }, 20);
      }
      case '/together':
        // Answers nobody before all four have asked: only requests in flight together come to an end.
        asked.push(response);
        if (asked.length === 4) for (const [at, one] of asked.entries()) one.writeHead(at === 0 ? 201 : 409).end();
        return;
      case '/taken':
        return response.writeHead(409).end('{"detail":"taken"}');
      default:
        return response.writeHead(500).end('boom');
    }
  });
});

beforeEach(() => {
  bookings = 0;
  asked = [];
});

afterAll(() => service.close());

const race = (path: string, more = {}, given = {}) =>
  httpRace.run(
    httpRace.input.parse({ url: `${service.url}${path}`, body: { check_in: '2025-11-15' }, ...more }),
    contextFor(given),
  );

describe('http/race', () => {
  test('one is told that it won, all others that they lost', async () => {
    const result = await race('/guarded', { concurrency: 5 });
    expect(result).toMatchObject({ outcome: 'passed', evidence: { statuses: { 201: 1, 409: 4 }, wins: 1, losses: 4 } });
    expect((result.evidence as { requests: { body: string }[] }).requests[0]?.body).toBe('{"check_in":"2025-11-15"}');
  });

  test('all requests are in flight together', async () => {
    expect((await race('/together', { concurrency: 4 })).outcome).toBe('passed');
  });

  test('a service that looks first and writes later gives the room away twice', async () => {
    const result = await race('/careless', { concurrency: 3 });
    expect(result).toMatchObject({
      outcome: 'failed',
      problem: {
        code: 'race-too-many-winners',
        what: 'Of 3 requests at once: 3 × 201; expected 1 × 201 and 2 × 409.',
      },
    });
  });

  test('no winner: the room was taken before', async () => {
    expect((await race('/taken')).problem).toMatchObject({
      code: 'race-too-few-winners',
      means: expect.stringContaining('earlier run'),
    });
  });

  test('any other status is a fault of the service', async () => {
    expect((await race('/other')).problem).toMatchObject({ code: 'race-unexpected-status' });
  });

  test('other statuses and more winners can be what is right', async () => {
    expect((await race('/taken', { winners: 2, won: 409, lost: 410 })).outcome).toBe('passed');
  });

  test('nothing is sent when a connection cannot be opened', async () => {
    const closed = await serve(() => {});
    await closed.close();
    expect((await race('', { url: closed.url })).problem).toMatchObject({
      code: 'http-unreachable',
      means: 'Nothing was sent.',
    });
  });

  test('stopped in the middle, it says that requests may have arrived', async () => {
    const stop = new AbortController();
    setTimeout(() => stop.abort('stopped'), 100);
    const result = await race('/together', { concurrency: 2 }, { signal: stop.signal });
    expect(result.problem).toMatchObject({ code: 'http-stopped', means: expect.stringContaining('may have arrived') });
  });
});
