import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Database, startDatabase } from '../../../src/rehearsal/database.ts';
import { postgresMigrate } from '../../../tasks/postgres/migrate.ts';
import { pending } from '../../../tasks/postgres/migrations.ts';
import { contextFor } from '../context.ts';

const file = (name: string, checksum = name) => ({ name, text: '', checksum });

describe('which are left', () => {
  test('those that the database does not have, in order', () => {
    expect(pending([file('1.sql'), file('2.sql')], [{ name: '1.sql', checksum: '1.sql' }])).toEqual([file('2.sql')]);
  });

  test('what another tool has noted, without a checksum, counts', () => {
    expect(pending([file('1.sql')], [{ name: '1.sql', checksum: null }])).toEqual([]);
  });

  test('a file that was changed after it was applied', () => {
    expect(pending([file('1.sql', 'new')], [{ name: '1.sql', checksum: 'old' }])).toMatchObject({
      code: 'migration-changed',
    });
  });

  test('a file that comes before one that is applied', () => {
    const applied = [{ name: '3.sql', checksum: '3.sql' }];
    expect(pending([file('2.sql'), file('3.sql')], applied)).toMatchObject({ code: 'migration-out-of-order' });
  });
});

describe('on a real database', () => {
  const root = mkdtempSync(join(tmpdir(), 'tejun-migrate-'));
  let database: Database;
  let url = '';

  beforeAll(async () => {
    chmodSync(root, 0o711);
    mkdirSync(join(root, 'sql'));
    database = await startDatabase(join(root, 'pg'), () => {});
    await database.createDatabase('shop', 'shop_owner', 'owner-password-91', false);
    url = `postgresql://shop_owner:owner-password-91@127.0.0.1:${database.port}/shop`;
    write('000001_items.sql', 'create table items (id int primary key);\ninsert into items values (1);');
    write('000001_items.down.sql', 'drop table items;');
  }, 60_000);

  afterAll(async () => {
    await database?.stop();
    rmSync(root, { recursive: true, force: true });
  });

  const write = (name: string, sql: string) => writeFileSync(join(root, 'sql', name), sql);
  const migrate = (secret = url) => {
    const context = contextFor({ cwd: root, secrets: { DATABASE_URL: secret } });
    return postgresMigrate.run(postgresMigrate.input.parse({ directory: 'sql' }), context);
  };
  const count = async (sql: string) => Number((await database.query(sql, 'shop')).rows[0]?.['count']);

  test('runs what is new, once, and nothing that undoes', async () => {
    expect(await migrate()).toMatchObject({ outcome: 'passed', evidence: { applied: ['000001_items.sql'] } });
    expect(await migrate()).toMatchObject({ outcome: 'passed', summary: 'the schema is current' });
    expect(await count('select count(*) from items')).toBe(1);
  });

  test('two at once run it once', async () => {
    write(
      '000002_more.sql',
      'insert into items select pg_sleep(0.3)::text::int from generate_series(1, 0); insert into items values (2);',
    );
    const both = await Promise.all([migrate(), migrate()]);
    expect(both.map(({ outcome }) => outcome)).toEqual(['passed', 'passed']);
    expect(await count('select count(*) from items')).toBe(2);
  });

  test('one that fails leaves nothing of itself, keeps those before it, and stops those after it', async () => {
    write('000003_good.sql', 'insert into items values (3);');
    write('000004_bad.sql', 'insert into items values (4);\nalter table item add column name text;');
    write('000005_after.sql', 'insert into items values (5);');
    const result = await migrate();
    expect(result).toMatchObject({
      outcome: 'failed',
      evidence: { applied: ['000003_good.sql'], failed: '000004_bad.sql', left: 2 },
      problem: {
        code: 'migration-failed',
        what: expect.stringContaining('relation "item" does not exist (SQLSTATE 42P01)'),
      },
    });
    expect(await count('select count(*) from items')).toBe(3);
    write('000004_bad.sql', 'alter table items add column name text;');
    expect(await migrate()).toMatchObject({ evidence: { applied: ['000004_bad.sql', '000005_after.sql'] } });
  });

  test('one that PostgreSQL does not take in a transaction says so', async () => {
    write('000006_index.sql', '-- +goose NO TRANSACTION\ncreate index concurrently items_name on items (name);');
    expect(await migrate()).toMatchObject({ outcome: 'passed', evidence: { applied: ['000006_index.sql'] } });
  });

  test('through a pooler the lock would not hold', async () => {
    const pooled = 'postgresql://u:password-91@ep-x-pooler.aws.neon.tech/shop';
    // No connection comes about to a host that is not there: the refusal stands before it.
    expect((await migrate(pooled)).problem).toMatchObject({ code: 'migration-pooled' });
  });
});
