import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Database, startDatabase } from '../../../src/rehearsal/database.ts';
import { postgresReady } from '../../../tasks/postgres/ready.ts';
import { sql } from '../../../tasks/postgres/sql.ts';
import { contextFor, type Given } from '../context.ts';

const PASSWORD = 'p@ss/wörd-8842';

let directory: string;
let database: Database;
let url: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'tejun-tasks-'));
  await chmod(directory, 0o711);
  database = await startDatabase(join(directory, 'data'), () => {});
  await database.createDatabase('booking', 'ana', PASSWORD, false);
  url = `postgresql+asyncpg://ana:${encodeURIComponent(PASSWORD)}@127.0.0.1:${database.port}/booking`;
  await run('create table rooms (id int primary key, name text unique, at timestamptz)');
});

afterAll(async () => {
  await database.stop();
  await rm(directory, { recursive: true, force: true });
});

function run(body: string, given: Given = {}) {
  return sql.run({ body }, contextFor({ secrets: { DATABASE_URL: url }, ...given }));
}

describe('sql', () => {
  test('shows rows as a table, and keeps them as PostgreSQL prints them', async () => {
    const context = contextFor({ secrets: { DATABASE_URL: url } });
    const body = "select 9007199254740993 as big, 1.10::numeric as price, null as nothing, '桜' as name";
    const result = await sql.run({ body }, context);
    expect(result).toMatchObject({
      outcome: 'passed',
      summary: 'SELECT 1',
      evidence: {
        columns: ['big', 'price', 'nothing', 'name'],
        rowCount: 1,
        rows: [{ big: '9007199254740993', price: '1.10', nothing: null, name: '桜' }],
      },
      text: '9007199254740993|1.10||桜',
    });
    expect(context.said).toEqual([
      'big              │ price │ nothing │ name',
      '─────────────────┼───────┼─────────┼─────',
      '9007199254740993 │ 1.10  │ ∅       │ 桜',
      'SELECT 1',
    ]);
  });

  test('binds values: one that looks like SQL stays a value', async () => {
    const name = "x'); drop table rooms; --";
    await run('insert into rooms (id, name) values ($id, $name)', { values: { id: '7', name } });
    const found = await run('select name from rooms where id = $id', { values: { id: '7' } });
    expect(found.text).toBe(name);
  });

  test('a name without a value stops it before anything is sent', async () => {
    await expect(run('delete from rooms where id = $room')).rejects.toMatchObject({ code: 'variable-undefined' });
  });

  test('several statements are one transaction', async () => {
    const result = await run("insert into rooms values (20, 'a'); insert into rooms values (21, 'a')");
    expect(result).toMatchObject({
      outcome: 'failed',
      problem: {
        code: 'sql-failed',
        what: expect.stringMatching(/^duplicate key value violates .* \(SQLSTATE 23505, statement 2 of 2\)$/),
        means: 'Nothing was changed: the statements are one transaction.',
      },
    });
    expect((await run('select count(*) from rooms where id >= 20')).text).toBe('0');
  });

  test('what cannot be in a transaction stands alone', async () => {
    expect((await run('vacuum rooms')).outcome).toBe('passed');
    expect((await run('begin; insert into rooms values (30); commit')).outcome).toBe('passed');
  });

  test('an error tells its line, and no row of others', async () => {
    const { problem } = await run('select id,\n  nmae\nfrom rooms');
    expect(problem?.what).toBe('column "nmae" does not exist (SQLSTATE 42703, line 2: nmae)');
    const duplicate = await run("insert into rooms (id, name) values (31, 'private'), (32, 'private')");
    expect(JSON.stringify(duplicate)).not.toContain('private');
  });

  test('fifty rows are shown and kept, however many there are', async () => {
    const context = contextFor({ secrets: { DATABASE_URL: url } });
    const result = await sql.run({ body: "select n, repeat('x', 5000) from generate_series(1, 200) n" }, context);
    expect((result.evidence as { rows: unknown[] }).rows.length).toBeLessThanOrEqual(50);
    expect(JSON.stringify(result.evidence).length).toBeLessThan(64 * 1024);
    expect(context.said.at(-1)).toBe('200 rows, the first 50 shown');
    expect(context.said).toHaveLength(53);
  });

  test('calls itself tejun, and holds the server to the time of the step', async () => {
    const found = await run("select current_setting('application_name'), current_setting('statement_timeout')", {
      timeoutMs: 12_000,
    });
    expect(found.text).toBe('tejun|12s');
    expect((await run('select pg_sleep(5)', { timeoutMs: 300 })).problem).toMatchObject({ code: 'sql-cancelled' });
  });

  test('a query that is stopped is cancelled on the server too', async () => {
    const stop = new AbortController();
    setTimeout(() => stop.abort('stopped'), 300);
    const began = performance.now();
    const result = await run('select pg_sleep(30)', { signal: stop.signal });
    expect(performance.now() - began).toBeLessThan(5000);
    expect(result.problem).toMatchObject({ code: 'sql-cancelled' });
    const running =
      "select count(*) from pg_stat_activity where query like '%pg_sleep(30)%' and state = 'active' and pid <> pg_backend_pid()";
    expect((await database.query(running)).rows).toEqual([{ count: '0' }]);
  });

  test('without a secret it says how to name one', async () => {
    await expect(sql.run({ body: 'select 1' }, contextFor())).rejects.toMatchObject({ code: 'sql-no-database' });
  });
});

describe('postgres/ready', () => {
  const ready = (input: object, secrets: Record<string, string> = { DATABASE_URL: url }) =>
    postgresReady.run(postgresReady.input.parse(input), contextFor({ secrets }));

  test('tells the version', async () => {
    expect(await ready({ min_version: 15 })).toMatchObject({
      outcome: 'passed',
      summary: expect.stringMatching(/^PostgreSQL \d+\.\d+ · booking on 127\.0\.0\.1$/),
      evidence: { recovering: false },
    });
  });

  test('an older server than the runbook needs', async () => {
    expect((await ready({ min_version: '99' })).problem).toMatchObject({ code: 'postgres-too-old' });
  });

  test.each<[string, () => string, object]>([
    [
      'a wrong password',
      () => url.replace('p%40ss', 'wrong'),
      { code: 'postgres-refused', means: expect.stringContaining('password is wrong') },
    ],
    [
      'a database that is not there',
      () => url.replace('/booking', '/bookings'),
      { code: 'postgres-refused', what: expect.stringContaining('3D000') },
    ],
    [
      'nothing listens',
      () => url.replace(`:${database.port}/`, ':1/'),
      { code: 'postgres-unreachable', what: expect.stringContaining('connection refused') },
    ],
    [
      'no such host',
      () => url.replace('127.0.0.1', 'no-such-host.invalid'),
      { code: 'postgres-unreachable', what: expect.stringContaining('DNS') },
    ],
    [
      'TLS that the server does not speak',
      () => `${url}?sslmode=require`,
      { code: 'postgres-unreachable', what: expect.stringContaining('no TLS') },
    ],
  ])('%s is a clear problem, without the password', async (_, from, problem) => {
    const error = await ready({}, { DATABASE_URL: from() }).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject(problem);
    for (const part of [PASSWORD, 'p%40ss', 'wrong']) expect(JSON.stringify(error)).not.toContain(`${part}-`);
  });

  test('waits no longer than it must for a server that says nothing', async () => {
    const silent = createServer(() => {});
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const { port } = silent.address() as { port: number };
    const began = performance.now();
    const error = await postgresReady
      .run(
        { secret: 'DATABASE_URL' },
        contextFor({ secrets: { DATABASE_URL: url.replace(`:${database.port}/`, `:${port}/`) }, timeoutMs: 500 }),
      )
      .catch((thrown: unknown) => thrown);
    silent.close();
    expect(error).toMatchObject({ code: 'postgres-unreachable', what: expect.stringContaining('in time') });
    expect(performance.now() - began).toBeLessThan(3000);
  });
});

describe("a database on Fly's private network", () => {
  /** A flyctl that tunnels: `proxy LOCAL:REMOTE -a APP`. */
  async function flyctl(body: string): Promise<string> {
    const bin = await mkdtemp(join(directory, 'bin-'));
    await writeFile(join(bin, 'flyctl'), `#!/usr/bin/env node\n${body}`, { mode: 0o755 });
    return `${bin}:${process.env['PATH']}`;
  }

  const throughFly = (PATH: string, host = 'booking-db.flycast') => {
    const context = contextFor({
      env: { PATH, REAL_PORT: String(database.port) },
      secrets: { DATABASE_URL: `postgres://ana:${encodeURIComponent(PASSWORD)}@${host}:5432/booking?sslmode=disable` },
    });
    return { context, result: postgresReady.run({ secret: 'DATABASE_URL' }, context) };
  };

  test.each(['booking-db.flycast', 'top2.nearest.of.booking-db.internal'])(
    'is reached through flyctl proxy: %s',
    async (host) => {
      const tunnel = `
      const net = require('node:net');
      const [local] = process.argv[3].split(':');
      net.createServer((near) => {
        const far = net.connect(Number(process.env.REAL_PORT), '127.0.0.1');
        near.on('error', () => far.destroy()); far.on('error', () => near.destroy());
        near.pipe(far).pipe(near);
      }).listen(Number(local), '127.0.0.1');`;
      const { context, result } = throughFly(await flyctl(tunnel), host);
      expect(await result).toMatchObject({ outcome: 'passed', summary: expect.stringContaining(`booking on ${host}`) });
      const [command] = context.ran;
      expect(command?.args).toEqual(['proxy', expect.stringMatching(/^\d+:5432$/), '-a', 'booking-db']);
      const local = Number(command?.args[1]?.split(':')[0]);
      await expect(
        new Promise((resolve, reject) =>
          createServer()
            .once('error', reject)
            .listen(local, '127.0.0.1', function (this: { close(): void }) {
              this.close();
              resolve('free');
            }),
        ),
        'the tunnel has ended',
      ).resolves.toBe('free');
    },
  );

  test('what flyctl refuses is told', async () => {
    const { result } = throughFly(
      await flyctl(
        `console.error("Error: no access token available. Please login with 'flyctl auth login'"); process.exit(1)`,
      ),
    );
    await expect(result).rejects.toMatchObject({ code: 'fly-auth' });
  });
});
