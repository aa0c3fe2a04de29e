import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { JournalRecord, Json, RecordOf } from '../../src/journal/records.ts';
import { askEffects } from '../../src/rehearsal/control.ts';
import type { Effect } from '../../src/rehearsal/effects.ts';
import { type OperatorHome, operatorHome } from './home.ts';

const PROGRAM = join(import.meta.dirname, '../../bin/tejun');

let home: OperatorHome;
let exit: number | null;
let seconds: number;
let effects: readonly Effect[] = [];
let output = '';
const records: JournalRecord[] = [];

/** The whole guided path in a rehearsal; while its last step waits, the platform is asked what was done to it. */
beforeAll(async () => {
  home = operatorHome();
  const temporary = join(home.env['HOME'] ?? '', 'tmp');
  mkdirSync(temporary);
  // The rehearsal's PostgreSQL runs as another user when the tests run as root.
  for (const directory of [home.env['HOME'] ?? '', temporary]) chmodSync(directory, 0o711);
  const began = performance.now();
  const args = ['run', 'osakamenesu-staging', '--env', 'rehearsal', '--auto', '--json'];
  const child = spawn(PROGRAM, args, {
    env: { PATH: process.env['PATH'], ...home.env, TMPDIR: temporary },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  createInterface({ input: child.stdout }).on('line', async (line) => {
    output += `${line}\n`;
    const record = JSON.parse(line) as JournalRecord;
    records.push(record);
    if (record.type !== 'step.intent' || record.step !== 'idle') return;
    const world = readdirSync(temporary).find((name) => name.startsWith('tejun-rehearsal-')) ?? '';
    effects = await askEffects(join(temporary, world, 'control.sock'));
  });
  [exit] = (await once(child, 'close')) as [number | null];
  seconds = (performance.now() - began) / 1000;
}, 150_000);

afterAll(() => home?.remove());

function result(step: string): RecordOf<'step.result'> {
  const found = records.findLast(
    (record): record is RecordOf<'step.result'> => record.type === 'step.result' && record.step === step,
  );
  if (!found) throw new Error(`${step} has no result`);
  return found;
}

const evidence = (step: string): Json | undefined => result(step).evidence;
const counted = (effect: string): readonly Effect[] => effects.filter((one) => one.effect === effect);

describe('the whole walk in a rehearsal', () => {
  test('ends sealed, in less than a minute', () => {
    expect(exit).toBe(0);
    expect(records.find(({ type }) => type === 'seal')).toMatchObject({ outcome: 'completed' });
    expect(seconds).toBeLessThan(60);
  });

  test('what attach yielded is what asyncpg takes, and no address with its password is anywhere', () => {
    expect(evidence('database-url')).toMatchObject({
      from: 'postgres',
      to: 'postgresql+asyncpg',
      sslmode: 'dropped',
      stage: true,
    });
    expect(evidence('rollout')).toMatchObject({ released: true, healthy: true });
    expect(output).not.toMatch(/postgres[a-z+]*:\/\/[^"\s]*:[^"\s]*@/);
  });

  test('the migration goes from nothing to head, and is there afterwards', () => {
    expect(evidence('migrate')).toMatchObject({ before: 'base', ran: { length: 5 } });
    expect(evidence('at-head')).toMatchObject({ atHead: true });
    expect(result('drift')).toMatchObject({ summary: 'No new upgrade operations detected.' });
  });

  test('exactly two requests changed something: A is confirmed, B is outside the hours and for no other reason', () => {
    expect(counted('request').map(({ method, path }) => `${method} ${path}`)).toEqual([
      'POST /api/guest/reservations',
      'POST /api/guest/reservations',
    ]);
    expect(evidence('book-a')).toMatchObject({ status: 201, body: expect.stringContaining('"confirmed"') });
    const refused = evidence('book-b') as { body: string };
    expect(JSON.parse(refused.body)).toMatchObject({ status: 'rejected', reasons: ['outside_business_hours'] });
  });

  test('today was judged when Japan was a day ahead of UTC, and it is Japan’s', () => {
    const seen = evidence('today') as {
      utcDate: string;
      localDate: string;
      days: { date: string; is_today: boolean; slots: number }[];
    };
    expect(seen).toMatchObject({ differ: true, todayAvailable: true });
    expect(seen.utcDate < seen.localDate).toBe(true);
    expect(seen.days.filter(({ is_today }) => is_today)).toEqual([{ date: seen.localDate, is_today: true, slots: 1 }]);
  });

  test('the inventory has the machines, the log and the database’s checks', () => {
    expect(evidence('machines')).toMatchObject({ machines: { length: 2 } });
    expect(evidence('db-checks')).toMatchObject({ checks: { length: 3 } });
    expect(evidence('logs')).toMatchObject({ lines: expect.any(Number) });
  });

  test('in the end no machine is awake, and nothing was torn down', () => {
    expect(result('idle').outcome).toBe('passed');
    expect(evidence('idle')).toMatchObject({ machines: [{ state: 'suspended' }, { state: 'suspended' }] });
    expect(counted('app-created').map(({ app }) => app)).toEqual(['osakamenesu-api-stg', 'osakamenesu-db-stg']);
    expect(effects.filter(({ effect }) => /destroyed/.test(effect))).toEqual([]);
  });
});
