import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { LockNews } from '../../src/engine/shared-lock.ts';
import { StoreLock } from '../../src/engine/store-lock.ts';
import { type Database, startDatabase } from '../../src/rehearsal/database.ts';
import { Secret } from '../../src/secrets/secret.ts';

let directory: string;
let database: Database;
let url: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'tejun-store-lock-'));
  await chmod(directory, 0o711);
  database = await startDatabase(join(directory, 'data'), () => {});
  await database.createDatabase('team', 'team', 'a-password', false);
  url = `postgresql://team:a-password@127.0.0.1:${database.port}/team`;
});
afterAll(async () => {
  await database.stop();
  await rm(directory, { recursive: true, force: true });
});

const locks: StoreLock[] = [];
afterEach(async () => {
  for (const lock of locks.splice(0)) await lock.release();
});

function lockOf(who: 'alice' | 'bob', { at = url, takeOver }: { at?: string; takeOver?: string } = {}) {
  const records: Parameters<LockNews['record']>[0][] = [];
  const warned: string[] = [];
  const told: string[] = [];
  const lock = new StoreLock({
    runbook: `/home/${who}/booking.md`,
    environment: 'staging',
    holder: { run: `run-${who}`, operator: `${who}@ops`, host: `${who}s-host`, pid: process.pid },
    near: {
      exec: async () => {
        throw new Error('no tunnel is needed here');
      },
    },
    secret: new Secret('TEJUN_STORE', Buffer.from(at)),
    takeOver,
    news: {
      record: (entry) => records.push(entry),
      tell: ({ code }) => told.push(code),
      warn: ({ code }) => warned.push(code),
    },
  });
  locks.push(lock);
  const types = () => records.map(({ type }) => type);
  return { lock, records, types, warned, told };
}

describe('the lock in the team’s store', () => {
  test('keeps another host out, who sees who, since when, where and at which step', async () => {
    const [alice, bob] = [lockOf('alice'), lockOf('bob')];
    await alice.lock.hold();
    await alice.lock.hold('Roll out');
    const refused = await bob.lock.hold().catch((error) => error);
    expect(refused).toMatchObject({ code: 'lock-held', exit: 7, means: expect.stringContaining('the team’s store') });
    expect(refused.what).toMatch(
      /^booking.md in staging is in use by alice@ops since \d{4}-\S+ \d\d:\d\d UTC, on alices-host, run run-alice, at “Roll out”\.$/,
    );
    await expect(bob.lock.hold('Roll out')).rejects.toMatchObject({ code: 'lock-held' });
    await alice.lock.release();
    await bob.lock.hold('Roll out');
    expect([alice.types(), bob.types(), bob.warned]).toEqual([['lock.held'], ['lock.held'], []]);
    expect(bob.records[0]).toMatchObject({ scope: 'store' });
  });

  test('is taken over by the typed id only, typed then or at the start, and both runs record it', async () => {
    const [alice, bob] = [lockOf('alice'), lockOf('bob')];
    await alice.lock.hold();
    await expect(bob.lock.hold()).rejects.toMatchObject({ code: 'lock-held' });
    await expect(bob.lock.takeOver('run-alicia')).rejects.toMatchObject({ code: 'lock-not-typed' });
    await bob.lock.takeOver('run-alice');
    await expect(alice.lock.hold('Roll out')).rejects.toMatchObject({ code: 'lock-lost' });
    expect(bob.records).toMatchObject([{ type: 'lock.taken', scope: 'store', from: { run: 'run-alice' } }]);
    expect(alice.records.at(-1)).toMatchObject({ type: 'lock.lost', scope: 'store', to: { run: 'run-bob' } });
    const [wrong, again] = [lockOf('alice', { takeOver: 'run-bert' }), lockOf('alice', { takeOver: 'run-bob' })];
    await expect(wrong.lock.hold()).rejects.toMatchObject({ code: 'lock-not-typed' });
    await again.lock.hold();
    expect(again.types()).toEqual(['lock.taken']);
  });

  test('holds nobody up while the store is away: said once, recorded, and taken when it is back', async () => {
    await database.stop();
    const alice = lockOf('alice');
    await alice.lock.hold();
    await alice.lock.hold('Roll out');
    expect([alice.types(), alice.warned]).toEqual([['lock.away'], ['lock-away']]);
    await database.start();
    await alice.lock.hold('Seed');
    expect([alice.types(), alice.warned]).toEqual([['lock.away', 'lock.held'], ['lock-away']]);
    await expect(lockOf('bob').lock.hold()).rejects.toMatchObject({ code: 'lock-held' });
  });

  test('that breaks off lets the run go on, until another has taken it', async () => {
    const alice = lockOf('alice');
    await alice.lock.hold();
    await database.stop();
    await alice.lock.hold('Roll out');
    expect([alice.types(), alice.warned]).toEqual([['lock.held', 'lock.away'], ['lock-away']]);
    await database.start();
    const bob = lockOf('bob');
    await bob.lock.hold();
    await expect(alice.lock.hold('Seed')).rejects.toMatchObject({ code: 'lock-lost' });
    expect(alice.types().at(-1)).toBe('lock.lost');
  });

  test.each([
    ['a password that the store does not take', () => url.replace('a-password', 'another')],
    ['a pooler', () => url.replace('127.0.0.1', 'ep-cool-name-123456-pooler.eu-central-1.aws.neon.tech')],
    ['a URL that is none', () => 'postgres://'],
  ])('does not stop a run with %s', async (_, at) => {
    const alice = lockOf('alice', { at: at() });
    await alice.lock.hold();
    await alice.lock.hold('Roll out');
    expect([alice.types(), alice.warned]).toEqual([['lock.away'], ['lock-away']]);
  });

  test('waits three seconds at most for a store that says nothing', async () => {
    const silent = createServer(() => {}).listen(0, '127.0.0.1');
    await new Promise((resolve) => silent.once('listening', resolve));
    const { port } = silent.address() as AddressInfo;
    const alice = lockOf('alice', { at: `postgresql://team:a-password@127.0.0.1:${port}/team` });
    const began = performance.now();
    await alice.lock.hold('Roll out');
    expect(performance.now() - began).toBeLessThan(6_000);
    expect(alice.types()).toEqual(['lock.away']);
    locks.pop();
    silent.close();
  });
});
