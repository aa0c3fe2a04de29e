import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openStore } from '../../src/commands/team-store.ts';
import { verifyJournal } from '../../src/journal/verify.ts';
import { type Database, startDatabase } from '../../src/rehearsal/database.ts';
import { Secret } from '../../src/secrets/secret.ts';
import { deliver, followInto } from '../../src/store/courier.ts';
import type { TeamStore } from '../../src/store/team-store.ts';
import { writeRun } from '../journal/a-journal.ts';

let directory: string;
let database: Database;
let store: TeamStore;
const url = (role: string) => `postgresql://${role}:a-password@127.0.0.1:${database.port}/team`;
const connect = () => openStore(new Secret('TEJUN_STORE', Buffer.from(url('ana'))));

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'tejun-store-'));
  await chmod(directory, 0o711);
  database = await startDatabase(join(directory, 'data'), () => {});
  await database.createDatabase('team', 'owner', 'a-password', true);
  await database.createDatabase('team', 'ana', 'a-password', false);
  const owner = await openStore(new Secret('TEJUN_STORE', Buffer.from(url('owner'))));
  await owner.init();
  await owner.init();
  await owner.end();
  await database.query('grant tejun_writer to ana', 'team');
  store = await connect();
});
afterAll(async () => {
  await store.end();
  await database.stop();
  await rm(directory, { recursive: true, force: true });
});

async function aJournal(run: string): Promise<string> {
  const home = await mkdtemp(join(directory, 'home-'));
  const path = join(home, 'journal.jsonl');
  await writeRun(path, { run });
  return path;
}

async function journalOf(run: string, from = store): Promise<string> {
  let text = '';
  for await (const line of from.journal(run)) text += line;
  return text;
}

/** A statement as the team's login; its SQLSTATE when it is refused. */
async function asAna(sql: string): Promise<string | undefined> {
  const client = new pg.Client(url('ana'));
  await client.connect();
  try {
    await client.query(sql);
    return undefined;
  } catch (error) {
    return (error as { code: string }).code;
  } finally {
    await client.end();
  }
}

describe('what is delivered', () => {
  test('is the file, byte for byte: it verifies from another machine as it does here', async () => {
    const path = await aJournal('run-a');
    expect(await deliver(store, 'run-a', path)).toBe(readFileSync(path, 'utf8').trimEnd().split('\n').length);
    expect(await journalOf('run-a')).toBe(readFileSync(path, 'utf8'));
    expect(verifyJournal(Buffer.from(await journalOf('run-a'))).verdict).toBe('sealed');
    expect(await store.runs(10)).toMatchObject([
      { run: 'run-a', environment: 'production', operator: 'alice@ops', host: 'bastion', outcome: 'completed' },
    ]);
  });

  test('is stored once and in order, however often and from wherever it is sent', async () => {
    const whole = readFileSync(await aJournal('run-b'), 'utf8');
    const path = join(directory, 'growing.jsonl');
    const lines = whole.trimEnd().split('\n');
    writeFileSync(path, '');
    for (const line of lines) {
      appendFileSync(path, `${line}\n`);
      const other = await connect();
      await Promise.all([deliver(store, 'run-b', path), deliver(other, 'run-b', path)]);
      await other.end();
    }
    expect(await journalOf('run-b')).toBe(whole);
  });

  test('leaves a line that is still being written for the next time', async () => {
    const whole = readFileSync(await aJournal('run-c'), 'utf8');
    const path = join(directory, 'torn.jsonl');
    writeFileSync(path, whole.slice(0, -20));
    await deliver(store, 'run-c', path);
    expect(whole.startsWith(await journalOf('run-c'))).toBe(true);
    writeFileSync(path, whole);
    await deliver(store, 'run-c', path);
    expect(await journalOf('run-c')).toBe(whole);
  });
});

describe('the store', () => {
  test('lets its login add and read, and nothing else', async () => {
    const denied = '42501';
    const month = `tejun.line_${new Date().toISOString().slice(0, 7).replace('-', '_')}`;
    for (const sql of [
      "update tejun.line set line = '{}'",
      'delete from tejun.line',
      'truncate tejun.line',
      `update ${month} set line = '{}'`,
      `delete from ${month}`,
      `truncate ${month}`,
      `insert into ${month} select * from ${month}`,
      'truncate tejun.run',
      "update tejun.run set outcome = 'completed'",
      'delete from tejun.run',
      'insert into tejun.run select * from tejun.run',
      'drop table tejun.run',
      'alter table tejun.line disable trigger all',
      'set session_replication_role = replica',
    ])
      expect([sql, await asAna(sql)]).toEqual([sql, denied]);
  });

  test('refuses a gap, a record that does not follow, another record in the place of one, and a second beginning', async () => {
    const lines = readFileSync(await aJournal('run-d'), 'utf8')
      .trimEnd()
      .split('\n');
    const began = JSON.parse(lines[0] ?? '').at as string;
    await store.add('run-d', began, 0, lines.slice(0, 2));
    const refused = { code: 'store-refused' };
    await expect(store.add('run-d', began, 3, lines.slice(3, 4))).rejects.toMatchObject(refused);
    const forged = (lines[2] ?? '').replace(/"prev":"./, '"prev":"x');
    await expect(store.add('run-d', began, 2, [forged])).rejects.toMatchObject(refused);
    await expect(store.add('run-d', began, 1, [lines[2] ?? ''])).rejects.toMatchObject(refused);
    await expect(store.add('run-d', '2031-01-01T00:00:00.000Z', 0, lines.slice(0, 1))).rejects.toMatchObject(refused);
    expect(await store.stored('run-d')).toBe(2);
    await store.add('run-d', began, 0, lines);
    expect(await journalOf('run-d')).toBe(`${lines.join('\n')}\n`);
  });
});

describe('a courier', () => {
  test('waits while the store is away, and then catches up', async () => {
    const path = await aJournal('run-e');
    await database.stop();
    const told: string[] = [];
    const end = followInto({
      run: 'run-e',
      path,
      connect,
      away: () => told.push('away'),
      refused: () => expect.unreachable(),
    });
    await sleep(200);
    await database.start();
    const after = await connect();
    for (let tries = 0; tries < 100 && (await after.stored('run-e')) === 0; tries += 1) await sleep(100);
    await end();
    expect(await journalOf('run-e', after)).toBe(readFileSync(path, 'utf8'));
    expect(told).toEqual(['away']);
    await after.end();
  });

  test('whose connection broke while there was nothing to send still sends the last records', async () => {
    const whole = readFileSync(await aJournal('run-g'), 'utf8');
    const path = join(directory, 'ending.jsonl');
    writeFileSync(path, whole.slice(0, whole.indexOf('\n') + 1));
    store = await connect();
    const parts = { away: () => {}, refused: () => expect.unreachable() };
    const end = followInto({ run: 'run-g', path, connect, ...parts });
    while ((await store.stored('run-g')) === 0) await sleep(50);
    await database.query("select pg_terminate_backend(pid) from pg_stat_activity where datname = 'team'");
    writeFileSync(path, whole);
    await end();
    store = await connect();
    expect(await journalOf('run-g')).toBe(whole);
  });

  test('that cannot reach it does not hold up the end of a run for longer than three seconds', async () => {
    const path = await aJournal('run-f');
    const never = () => new Promise<TeamStore>(() => {});
    const end = followInto({ run: 'run-f', path, connect: never, away: () => {}, refused: () => {} });
    const began = performance.now();
    await end();
    expect(performance.now() - began).toBeLessThan(5_000);
  });
});
