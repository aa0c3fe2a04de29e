import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type LockNews, lockKey, SharedLock } from '../../src/engine/shared-lock.ts';
import type { Holder } from '../../src/journal/records.ts';
import { type Database, startDatabase } from '../../src/rehearsal/database.ts';
import { Secret } from '../../src/secrets/secret.ts';

const PASSWORD = 'p@ss/wörd-8842';
const exec = async () => {
  throw new Error('no tunnel is needed here');
};

let directory: string;
let database: Database;
let url: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'tejun-shared-lock-'));
  await chmod(directory, 0o711);
  database = await startDatabase(join(directory, 'data'), () => {});
  await database.createDatabase('booking', 'ana', PASSWORD, false);
  await database.createDatabase('booking', 'ben', PASSWORD, false);
  url = `postgresql+asyncpg://ana:${encodeURIComponent(PASSWORD)}@127.0.0.1:${database.port}/booking`;
});

const locks: SharedLock[] = [];
afterEach(async () => {
  for (const lock of locks.splice(0)) await lock.release();
});

afterAll(async () => {
  await database.stop();
  await rm(directory, { recursive: true, force: true });
});

type Record = Parameters<LockNews['record']>[0];

/** The lock as one operator’s engine has it, with what it records and says. */
function lockOf(who: 'alice' | 'bob', over: { runbook?: string; environment?: string; run?: string } = {}) {
  const records: Record[] = [];
  const told: string[] = [];
  const holder: Omit<Holder, 'since'> = {
    run: over.run ?? `run-${who}`,
    operator: `${who}@ops`,
    host: `${who}s-host`,
    from: '203.0.113.7',
    pid: process.pid,
  };
  const lock = new SharedLock({
    scope: 'database',
    runbook: over.runbook ?? `/home/${who}/runbooks/booking.md`,
    environment: over.environment ?? 'production',
    holder,
    near: { exec },
    news: {
      record: (entry) => records.push(entry),
      tell: ({ code }) => told.push(code),
      warn: ({ code }) => told.push(code),
    },
  });
  locks.push(lock);
  return { lock, records, told };
}

const secret = (text = url) => new Secret('DATABASE_URL', Buffer.from(text));

async function until(found: () => unknown): Promise<void> {
  for (let tries = 0; tries < 1000; tries += 1) {
    if (await found()) return;
    await sleep(10);
  }
  throw new Error('it never came');
}

/** Every session that holds an advisory lock, as the server’s owner sees it. */
async function sessions() {
  const { rows } = await database.query(
    `select a.pid, a.query from pg_locks l join pg_stat_activity a using (pid) where l.locktype = 'advisory' and l.granted`,
    'booking',
  );
  return rows as { pid: number; query: string }[];
}

describe('the key', () => {
  test('is the same wherever the runbook lies, and differs by runbook and environment', () => {
    const key = lockKey('/home/alice/booking.md', 'production');
    expect(lockKey('/srv/ops/booking.md', 'production')).toBe(key);
    expect(lockKey('/srv/ops/booking.md', 'staging')).not.toBe(key);
    expect(lockKey('/srv/ops/payments.md', 'production')).not.toBe(key);
  });
});

describe('the lock of an environment’s database', () => {
  test('keeps an operator at another host out, and shows who, since when, from where, at which step', async () => {
    const alice = lockOf('alice');
    await alice.lock.use(secret());
    await alice.lock.hold('Deploy: 本番 */ drop');
    expect(alice.records).toEqual([{ type: 'lock.held', scope: 'database', by: 'alice@ops' }]);
    const bob = lockOf('bob');
    const refused = await bob.lock.use(secret()).catch((error) => error);
    expect(refused).toMatchObject({ code: 'lock-held', exit: 7 });
    expect(refused.what).toMatch(
      /^booking.md in production is in use by alice@ops since \d{4}-\S+ \d\d:\d\d UTC, on alices-host from 203.0.113.7, run run-alice, at “Deploy: 本番 \*\/ drop”\.$/,
    );
    expect(refused.next.join(' ')).toContain('tejun watch run-alice');
    expect(bob.records).toEqual([]);
  });

  test('is free for another environment, for another runbook, and after it was given back', async () => {
    const alice = lockOf('alice');
    await alice.lock.use(secret());
    await lockOf('bob', { environment: 'staging' }).lock.use(secret());
    await lockOf('bob', { runbook: 'payments.md' }).lock.use(secret());
    await alice.lock.release();
    const bob = lockOf('bob');
    await bob.lock.use(secret());
    expect(bob.records).toHaveLength(1);
  });

  test('no password and no URL is in what others can read', async () => {
    await lockOf('alice').lock.use(secret());
    const { rows } = await database.query(`select query, application_name from pg_stat_activity`);
    const seen = JSON.stringify(rows);
    expect(seen).toContain('run-alice');
    expect(seen).not.toContain(PASSWORD);
    expect(seen).not.toContain('postgresql');
  });

  test('whose statements may not be seen is named by role and address, and cannot be taken over', async () => {
    await lockOf('alice').lock.use(secret());
    const bob = lockOf('bob');
    const asBen = secret(url.replace('ana:', 'ben:'));
    await expect(bob.lock.use(asBen)).rejects.toMatchObject({
      code: 'lock-held',
      what: expect.stringContaining('a session of the role ana'),
    });
    await expect(bob.lock.takeOver('run-alice')).rejects.toMatchObject({ code: 'lock-not-typed' });
  });

  test('a pooler is refused with the direct host, before anything is dialled', async () => {
    const pooled = secret('postgresql://ana:x@ep-cool-sun-123-pooler.eu-central-1.aws.neon.tech/booking');
    await expect(lockOf('alice').lock.use(pooled)).rejects.toMatchObject({
      code: 'lock-pooler',
      exit: 7,
      next: expect.arrayContaining([expect.stringContaining('ep-cool-sun-123.eu-central-1.aws.neon.tech')]),
    });
  });

  test('a password that the server does not take is said as such, and another may follow', async () => {
    const alice = lockOf('alice');
    await expect(alice.lock.use(secret(url.replace('ana:', 'ana:no')))).rejects.toMatchObject({
      code: 'postgres-refused',
    });
    await alice.lock.use(secret());
    expect(alice.records).toHaveLength(1);
  });
});

describe('taking it over', () => {
  test('asks for the run’s id, ends the other’s session, and both sides record it', async () => {
    const alice = lockOf('alice');
    const bob = lockOf('bob');
    await alice.lock.use(secret());
    await expect(bob.lock.use(secret())).rejects.toMatchObject({ code: 'lock-held' });
    await expect(bob.lock.takeOver('run-alic')).rejects.toMatchObject({
      code: 'lock-not-typed',
      next: ['type exactly: run-alice'],
    });
    expect(bob.records).toEqual([]);
    await bob.lock.takeOver('run-alice');
    expect(bob.records).toEqual([
      { type: 'lock.taken', scope: 'database', from: expect.objectContaining({ run: 'run-alice' }), by: 'bob@ops' },
    ]);
    await until(() => alice.told.length > 0);
    expect(alice.records.slice(1)).toEqual([
      { type: 'lock.away', scope: 'database', by: 'alice@ops' },
      { type: 'lock.lost', scope: 'database', to: expect.objectContaining({ run: 'run-bob' }), by: 'bob@ops' },
    ]);
    expect(alice.told).toEqual(['lock-lost']);
    await expect(alice.lock.hold('Deploy')).rejects.toMatchObject({ code: 'lock-lost', exit: 7 });
    await bob.lock.hold('Deploy');
  });

  test('what an earlier engine of the same run left behind is taken without asking', async () => {
    const before = lockOf('alice');
    await before.lock.use(secret());
    const resumed = lockOf('alice');
    await resumed.lock.use(secret());
    expect(resumed.records).toEqual([{ type: 'lock.held', scope: 'database', by: 'alice@ops' }]);
  });
});

describe('a connection that breaks', () => {
  test('is no take-over: the lock is tried again at once, and both are recorded', async () => {
    const alice = lockOf('alice');
    await alice.lock.use(secret());
    const [holding] = await sessions();
    await database.query(`select pg_terminate_backend(${holding?.pid})`);
    await until(() => alice.told.length > 0);
    expect(alice.told).toEqual(['lock-again']);
    expect(alice.records.map(({ type }) => type)).toEqual(['lock.held', 'lock.away', 'lock.held']);
    expect(alice.records.at(-1)).toMatchObject({ again: true });
    await alice.lock.hold('Deploy');
    expect(alice.records).toHaveLength(3);
  });

  test('nothing is cleared to start while the database is away, and the lock is had again before the next effect', async () => {
    const alice = lockOf('alice');
    await alice.lock.use(secret());
    await database.stop();
    await until(() => alice.told.length > 0);
    expect(alice.told).toEqual(['lock-unreachable']);
    await expect(alice.lock.hold('Deploy')).rejects.toMatchObject({ code: 'lock-unreachable', exit: 7 });
    await database.start();
    await alice.lock.hold('Deploy');
    expect(alice.records.map(({ type }) => type)).toEqual(['lock.held', 'lock.away', 'lock.held']);
  });

  test('another run that took the free lock meanwhile has it: then it is lost', async () => {
    const alice = lockOf('alice');
    await alice.lock.use(secret());
    await database.stop();
    await until(() => alice.told.length > 0);
    await database.start();
    await lockOf('bob').lock.use(secret());
    await expect(alice.lock.hold('Deploy')).rejects.toMatchObject({ code: 'lock-lost' });
    expect(alice.records.at(-1)).toMatchObject({ type: 'lock.lost', to: { run: 'run-bob' }, by: 'bob@ops' });
  });

  test('a holder that is killed in the middle of a long statement frees the lock within the check interval', async () => {
    await killedInAStatement('select 1');
    const killed = performance.now();
    await until(async () => (await sessions()).length === 0);
    expect(performance.now() - killed).toBeLessThan(3_000);
  });

  test('which is the setting’s doing: without it the server goes on and holds the lock', async () => {
    await killedInAStatement('set client_connection_check_interval = 0');
    await sleep(3_000);
    const [left] = await sessions();
    expect(left).toBeDefined();
    await database.query(`select pg_terminate_backend(${left?.pid})`);
  });
});

/** A process takes the lock, begins a statement that takes a minute on the session that holds it, and is killed. */
async function killedInAStatement(before: string): Promise<void> {
  const root = join(import.meta.dirname, '../..');
  const script = `
    const { default: pg } = await import('pg');
    const { connect } = pg.Client.prototype;
    let client;
    pg.Client.prototype.connect = function () { client = this; return connect.call(this); };
    const { LockSession } = await import('${root}/src/engine/lock-session.ts');
    const { Secret } = await import('${root}/src/secrets/secret.ts');
    const near = { signal: new AbortController().signal };
    const session = await LockSession.open(near, new Secret('URL', Buffer.from(process.env.URL)), 42n);
    await session.take({ run: 'run-eve', operator: 'eve@ops', host: 'x', since: 'now', pid: process.pid });
    await client.query(process.env.BEFORE);
    client.query('select pg_sleep(60)').catch(() => {});
    setTimeout(() => process.stdout.write('busy'), 200);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    cwd: root,
    env: { ...process.env, URL: url, BEFORE: before },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  await once(child.stdout, 'data');
  expect(await sessions()).toMatchObject([{ query: 'select pg_sleep(60)' }]);
  child.kill('SIGKILL');
  await exited;
}
