import { describe, expect, test } from 'vitest';
import { Problem } from '../../../src/problem.ts';
import { Secret } from '../../../src/secrets/secret.ts';
import { flyApp, parseDsn } from '../../../tasks/postgres/dsn.ts';

const parse = (text: string) => parseDsn(new Secret('DATABASE_URL', Buffer.from(text)));

describe('a database URL', () => {
  test.each(['postgres', 'postgresql', 'postgresql+asyncpg', 'postgresql+psycopg2'])('of the scheme %s', (scheme) => {
    expect(parse(`${scheme}://ana:s%40crt%2F@db.example:6543/booking?sslmode=require\n`)).toEqual({
      host: 'db.example',
      port: 6543,
      user: 'ana',
      password: 's@crt/',
      database: 'booking',
      ssl: 'require',
      channelBinding: false,
    });
  });

  test.each<[string, object]>([
    ['postgres://ana@db.example', { port: 5432, password: '', database: 'ana', ssl: 'prefer' }],
    ['postgres://ana:x@[::1]:5433/b', { host: '::1', port: 5433 }],
    ['postgres://ana:x@localhost/b?host=/run/postgresql', { host: '/run/postgresql' }],
    ['postgres://ana:x@db/b?sslmode=disable', { ssl: 'disable' }],
    ['postgres://ana:x@db/b?ssl=true', { ssl: 'require' }],
    ['postgres://ana:x@db/b?sslmode=verify-ca', { ssl: 'verify-full' }],
    [
      'postgres://ana:x@db/b?channel_binding=require&options=endpoint%3Dep-1',
      { channelBinding: true, options: 'endpoint=ep-1' },
    ],
  ])('%s', (url, parts) => {
    expect(parse(url)).toMatchObject(parts);
  });

  test.each([
    ['hunter2-not-a-url', 'is not a URL'],
    ['mysql://ana:hunter2@db/b', 'is not a PostgreSQL URL'],
    ['postgres://ana:hunter2/7@db:x/b', 'is not a URL: a password with'],
    ['postgres://ana:hunter2%zz@db/b', 'has a % that no two hexadecimal digits follow'],
    ['postgres://ana:hunter2@db/b?sslmode=yes', 'has an sslmode that PostgreSQL does not have'],
  ])('that is wrong is told by its name, and no part of it is quoted: %s', (url, what) => {
    const problem = (() => {
      try {
        return parse(url);
      } catch (error) {
        return error;
      }
    })();
    expect(problem).toBeInstanceOf(Problem);
    const { message, cause } = problem as Problem;
    expect(message).toContain(`DATABASE_URL ${what}`);
    expect(JSON.stringify(problem)).not.toContain('hunter2');
    expect(cause).toBeUndefined();
  });

  test.each([
    ['booking-db.flycast', 'booking-db'],
    ['top2.nearest.of.booking-db.internal', 'booking-db'],
    ['booking-db.internal', 'booking-db'],
    ['internal.example.com', undefined],
    ['flycast', undefined],
    ['127.0.0.1', undefined],
  ])('%s is on the private network of the app %s', (host, app) => {
    expect(flyApp(host)).toBe(app);
  });
});
