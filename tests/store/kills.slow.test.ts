import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openStore } from '../../src/commands/team-store.ts';
import { openJournal } from '../../src/journal/writer.ts';
import { type Database, startDatabase } from '../../src/rehearsal/database.ts';
import { Secret } from '../../src/secrets/secret.ts';
import { deliver } from '../../src/store/courier.ts';
import { begin, keep, note } from '../journal/a-journal.ts';

/** Kills, each at a moment that nobody chose; `STORE_KILLS=100` plays more of them. */
const KILLS = Number(process.env['STORE_KILLS'] ?? 6);
const RECORDS_A_KILL = 60;

let directory: string;
let database: Database;
let postmaster = 0;
let url: string;
const connect = () => openStore(new Secret('TEJUN_STORE', Buffer.from(url)));

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'tejun-kills-'));
  await chmod(directory, 0o711);
  database = await startDatabase(join(directory, 'data'), (pid) => {
    postmaster = pid;
  });
  await database.createDatabase('team', 'owner', 'a-password', true);
  // A store is durable, unlike the rehearsal's database: what it has said yes to outlives its server.
  await database.query('alter database team set synchronous_commit = on');
  url = `postgresql://owner:a-password@127.0.0.1:${database.port}/team`;
  const store = await connect();
  await store.init();
  await store.end();
});
afterAll(async () => {
  await database.stop();
  await rm(directory, { recursive: true, force: true });
});

/** Ends the server as a power cut would, and starts it over what is on its disk. */
async function killDatabase(): Promise<void> {
  process.kill(postmaster, 'SIGKILL');
  await sleep(300);
  await database.stop();
  for (let tries = 1; ; tries += 1) {
    try {
      return await database.start();
    } catch (error) {
      // Its other processes still hold its memory.
      if (tries === 20) throw error;
      await sleep(250);
    }
  }
}

test('every record is stored once and in order, whenever the courier and the database are killed', {
  timeout: 60_000 + KILLS * 15_000,
}, async () => {
  const run = 'run-killed';
  const path = join(directory, 'journal.jsonl');
  const script = join(import.meta.dirname, 'a-courier.ts');
  const env = { ...process.env, TEJUN_STORE: url };
  const startCourier = () => spawn(process.execPath, [script, run, path], { env, stdio: ['ignore', 'ignore', 'pipe'] });
  const journal = openJournal(path, { redact: keep });
  journal.append(begin(run));
  let courier: ChildProcess = startCourier();
  const said: string[] = [];
  const hear = () => courier.stderr?.on('data', (chunk) => said.push(String(chunk)));
  hear();
  let partly = 0;
  for (let kill = 0; kill < KILLS; kill += 1) {
    const killed = (async () => {
      await sleep(Math.random() * 2_000);
      if (kill % 3 !== 1) {
        courier.kill('SIGKILL');
        await once(courier, 'exit');
      }
      if (kill % 3 !== 0) await killDatabase();
      if (courier.killed) {
        courier = startCourier();
        hear();
      }
    })();
    for (let record = 0; record < RECORDS_A_KILL; record += 1) {
      journal.append(note(`${kill}.${record} 手順 ${'x'.repeat(record * 20)}`));
      await sleep(Math.random() * 60);
    }
    await killed;
    const store = await connect();
    const stored = [];
    for await (const line of store.journal(run)) stored.push(line);
    await store.end();
    const file = readFileSync(path, 'utf8');
    expect(file.startsWith(stored.join(''))).toBe(true);
    if (stored.length > 0 && stored.join('').length < file.length) partly += 1;
  }
  courier.kill('SIGKILL');
  journal.close();
  const store = await connect();
  await deliver(store, run, path);
  const records = 1 + KILLS * RECORDS_A_KILL;
  const { rows } = await database.query(
    'select count(*)::int as rows, count(distinct seq)::int as seqs, min(seq)::int as first, max(seq)::int as last from tejun.line',
    'team',
  );
  expect(rows).toEqual([{ rows: records, seqs: records, first: 0, last: records - 1 }]);
  let bytes = '';
  for await (const line of store.journal(run)) bytes += line;
  expect(bytes).toBe(readFileSync(path, 'utf8'));
  expect(await store.stored(run)).toBe(records);
  await store.end();
  expect(said).toEqual([]);
  // The kills fell while there was something to send: else nothing was shown.
  expect(partly).toBeGreaterThan(0);
});
