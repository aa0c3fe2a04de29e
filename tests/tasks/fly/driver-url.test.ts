import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Problem } from '../../../src/problem.ts';
import { Secret } from '../../../src/secrets/secret.ts';
import { type Driver, urlForDriver } from '../../../tasks/fly/driver-url.ts';

function turned(url: string, driver: Driver = 'asyncpg') {
  const { url: made, ...rest } = urlForDriver(new Secret('DATABASE_URL', Buffer.from(url)), driver);
  return { url: made.use((bytes) => bytes.toString()), ...rest };
}

test.each([
  ['postgres://u:p@db.flycast:5432/app?sslmode=disable', 'postgresql+asyncpg://u:p@db.flycast:5432/app', 'dropped'],
  ['postgresql://u:p@db/app', 'postgresql+asyncpg://u:p@db/app', 'absent'],
  ['postgres://u:p@db/app?sslmode=require', 'postgresql+asyncpg://u:p@db/app?ssl=require', 'renamed'],
  ['postgres://u:p@db/app?a=1&sslmode=disable&b=2', 'postgresql+asyncpg://u:p@db/app?a=1&b=2', 'dropped'],
  ['postgresql+asyncpg://u:p@db/app', 'postgresql+asyncpg://u:p@db/app', 'absent'],
  ['postgres://u:sslmode=x@db/app', 'postgresql+asyncpg://u:sslmode=x@db/app', 'absent'],
])('%s → %s', (given, url, sslmode) => {
  expect(turned(given)).toMatchObject({ url, to: 'postgresql+asyncpg', sslmode });
});

test('psycopg is libpq, and keeps its sslmode', () => {
  expect(turned('postgres://u:p@db/app?sslmode=require', 'psycopg')).toMatchObject({
    url: 'postgresql+psycopg://u:p@db/app?sslmode=require',
    sslmode: 'kept',
  });
});

test('twice is once, and what stands before the query stays byte for byte', () => {
  const word = fc.stringMatching(/^[A-Za-z0-9%._~-]{1,20}$/);
  const pair = fc.tuple(fc.constantFrom('sslmode', 'application_name', 'connect_timeout'), word);
  fc.assert(
    fc.property(word, word, word, fc.array(pair, { maxLength: 3 }), (user, password, host, pairs) => {
      const head = `${user}:${password}@${host}:5432/app`;
      const query = pairs.map((each) => each.join('=')).join('&');
      const once = turned(`postgres://${head}${query === '' ? '' : `?${query}`}`).url;
      expect(once.startsWith(`postgresql+asyncpg://${head}`)).toBe(true);
      expect(new URL(once).searchParams.has('sslmode')).toBe(false);
      expect(turned(once).url).toBe(once);
    }),
  );
});

test.each(['', 'mysql://u:p@db/app', 'hunter2', '://x', 'redis://db'])(
  'what is no PostgreSQL URL is refused, and not repeated',
  (text) => {
    try {
      turned(text);
    } catch (error) {
      expect((error as Problem).code).toBe('not-a-postgres-url');
      if (text !== '') expect(JSON.stringify((error as Problem).detail)).not.toContain(text);
      return;
    }
    throw new Error('it was taken');
  },
);
