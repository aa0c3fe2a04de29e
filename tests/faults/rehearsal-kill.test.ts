import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { RecordOf } from '../../src/journal/records.ts';
import { readJournal } from '../../src/journal/recover.ts';
import { PROGRAM_ROOT } from '../../src/program.ts';
import { type OperatorHome, operatorHome } from '../e2e/home.ts';
import { endProcessesOf, processesOf } from '../e2e/processes.ts';
import { publish } from './figures.ts';
import { seeded, times } from './scale.ts';

const RUNBOOKS = ['cabanas-staging', 'osakamenesu-staging', 'salon-gbp-vps', 'horologen-render', 'fly-neon-production'];
const KILLS = times(20, 1);
/** From the first record on: a walk takes between 6 and 20 seconds. */
const LONGEST_MS = 9_000;
/** The warden's ten seconds for what ignores TERM, and the platform's own shutdown. */
const CLEAN_UP_MS = 25_000;

let home: OperatorHome;
beforeAll(() => {
  home = operatorHome();
});
afterAll(() => {
  endProcessesOf(home.env['TEJUN_HOME'] ?? '');
  home.remove();
});

/** Starts a rehearsal without a terminal and kills its engine; gives what the program showed of the journal by then. */
async function killed(runbook: string, afterMs: number) {
  const shown: string[] = [];
  const known = new Set(journals());
  const child = spawn(join(PROGRAM_ROOT, 'bin/tejun'), ['run', runbook, '--env', 'rehearsal', '--auto', '--json'], {
    env: { PATH: process.env['PATH'], ...home.env },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const ended = once(child, 'exit');
  let text = '';
  child.stdout.on('data', (chunk: Buffer) => {
    text += chunk.toString();
  });
  while (!text.includes('\n') && child.exitCode === null) await sleep(20);
  const journal = journals().find((name) => !known.has(name)) ?? '';
  await sleep(afterMs);
  const { pid } = readJournal(journal)[0] as RecordOf<'begin'>;
  const alive = child.exitCode === null;
  if (alive) process.kill(pid, 'SIGKILL');
  await ended;
  shown.push(...text.split('\n').filter((line) => line.endsWith('}')));
  return { journal, shown, alive };
}

function journals(): string[] {
  try {
    return home.journals();
  } catch {
    return [];
  }
}

/** Processes of the run that are still there when there was time to clean up; PostgreSQL's are among them. */
async function leftOver(): Promise<string[]> {
  const end = performance.now() + CLEAN_UP_MS;
  for (;;) {
    const left = processesOf(home.env['TEJUN_HOME'] ?? '');
    if (left.length === 0 || performance.now() > end) return left;
    await sleep(100);
  }
}

test('an engine that is killed in a rehearsal leaves no process, no database and no lost record', {
  timeout: 1_200_000,
}, async () => {
  const random = seeded(50);
  const counted = { tried: 0, killed: 0, 'records lost': 0, 'processes left': 0, 'PostgreSQL left': 0 };
  for (let n = 0; n < KILLS; n += 1) {
    const runbook = RUNBOOKS[n % RUNBOOKS.length] ?? '';
    const { journal, shown, alive } = await killed(runbook, random() * LONGEST_MS);
    const kept = readFileSync(journal, 'utf8').split('\n');
    counted.tried += 1;
    if (alive) counted.killed += 1;
    counted['records lost'] += shown.filter((line, seq) => kept[seq] !== line).length;
    const left = await leftOver();
    counted['processes left'] += left.length;
    counted['PostgreSQL left'] += left.filter((line) => line.includes('postgres')).length;
  }
  publish('rehearsal-kill', counted);
  expect(counted.killed).toBeGreaterThan(0);
  expect(counted).toMatchObject({ 'records lost': 0, 'processes left': 0, 'PostgreSQL left': 0 });
  // No world of a rehearsal is left on the disk either.
  expect(readdirSync(home.env['HOME'] ?? '').filter((name) => name.startsWith('tejun-rehearsal'))).toEqual([]);
});
