import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { CookieJar } from '../../../tasks/http/cookie-jar.ts';
import { httpPages } from '../../../tasks/http/pages.ts';
import { contextFor } from '../context.ts';

let server: Server | undefined;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

describe('a cookie jar', () => {
  test.each<[string, string[], string | undefined]>([
    ['nothing', [], undefined],
    ['a session', ['session=abc; HttpOnly; Path=/'], 'session=abc'],
    ['several', ['a=1', 'b=2=3; Secure'], 'a=1; b=2=3'],
    ['a newer value', ['a=1', 'a=2'], 'a=2'],
    ['one that is taken back', ['a=1', 'a=; Max-Age=0'], undefined],
    ['one that expired', ['a=1', 'a=x; Expires=Thu, 01 Jan 1970 00:00:00 GMT'], undefined],
    ['one that lasts', ['a=1; Max-Age=3600'], 'a=1'],
    ['what is no cookie', ['', '=x', 'y'], undefined],
  ])('%s', (_, headers, expected) => {
    const jar = new CookieJar();
    for (const header of headers) jar.take([header]);
    expect(jar.header()).toBe(expected);
  });
});

describe('pages', () => {
  const parse = (pages: unknown[]) => httpPages.input.safeParse({ base_url: 'https://shop.example', pages }).success;
  test.each([
    [{ get: '/' }, true],
    [{ post: '/login', form: { a: 'b' }, secret_form: { password: 'STAFF_PASSWORD' } }, true],
    [{ get: '/', keep: { CSRF: 'name="csrf" value="([^"]+)"' } }, true],
    [{ get: '/', expect: ['status == 200', 'body count == 1'] }, true],
    [{}, false],
    [{ get: '/', post: '/' }, false],
    [{ get: '/', form: { a: 'b' } }, false],
    [{ get: '//elsewhere.example/' }, false],
    [{ get: 'https://elsewhere.example/' }, false],
    [{ get: '/', keep: { CSRF: 'no group' } }, false],
    [{ get: '/', keep: { CSRF: '(' } }, false],
    [{ get: '/', expect: ['status is 200'] }, false],
    [{ get: '/', times: 0 }, false],
  ])('%j is a page: %s', (page, good) => {
    expect(parse([page])).toBe(good);
  });

  test('its secrets are those of the run, not what a page yields', () => {
    const pages = [
      { post: '/a', secret_form: { password: 'ADMIN_PASSWORD' }, keep: { TOKEN: '/token' } },
      { post: '/b', secret_form: { token: 'TOKEN' } },
    ];
    const input = httpPages.input.parse({ base_url: 'https://shop.example', pages });
    expect(httpPages.secrets?.(input)).toEqual(['ADMIN_PASSWORD']);
    expect(httpPages.describe(input).join('\n')).toContain('password=$ADMIN_PASSWORD');
  });

  test('what a page yields is sent on and never shown, not even when the page is wrong', async () => {
    const bodies: string[] = [];
    server = createServer((request, response) => {
      let body = '';
      request.on('data', (part) => {
        body += String(part);
      });
      request.on('end', () => {
        bodies.push(body);
        response.end('<input name="csrf" value="hush-5c0ffee5">');
      });
    });
    await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
    const base_url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const form = { get: '/form', keep: { CSRF: 'value="([^"]+)"' } };
    const context = contextFor();
    const good = await httpPages.run(
      httpPages.input.parse({ base_url, pages: [form, { post: '/form', secret_form: { csrf: 'CSRF' } }] }),
      context,
    );
    expect(good.outcome).toBe('passed');
    expect(bodies).toEqual(['', 'csrf=hush-5c0ffee5']);
    const wrong = { ...form, expect: ['body contains welcome'] };
    const bad = await httpPages.run(httpPages.input.parse({ base_url, pages: [wrong] }), context);
    expect(bad).toMatchObject({ outcome: 'failed', problem: { what: expect.stringContaining('(not shown)') } });
    expect(JSON.stringify([good, bad, context.said])).not.toContain('hush-5c0ffee5');
  });

  test('nobody there', async () => {
    const input = httpPages.input.parse({ base_url: 'http://127.0.0.1:9', pages: [{ get: '/' }] });
    expect(await httpPages.run(input, contextFor())).toMatchObject({ problem: { code: 'http-unreachable' } });
  });
});
