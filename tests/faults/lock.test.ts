import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { takeLock } from '../../src/engine/lock.ts';
import { PROGRAM_ROOT } from '../../src/program.ts';
import { publish } from './figures.ts';
import { times } from './scale.ts';

const CONTENDERS = 40;
const ROUNDS = times(5, 1);

let directory: string;
const children: ChildProcess[] = [];
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'tejun-contend-'));
});
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  rmSync(directory, { recursive: true, force: true });
});

const holderOf = (run: string, pid: number) => ({ run, operator: 'alice@ops', host: 'ops', since: '', pid });

/** Kills a process, and waits until it is gone. */
async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
}

/** Processes that all want the lock of a file, started together; each says `taken` or `refused`. */
async function contend(file: string): Promise<ChildProcess[]> {
  const script = `
    const { takeLock } = await import(${JSON.stringify(join(PROGRAM_ROOT, 'src/engine/lock.ts'))});
    process.stdin.once('data', () => {
      try {
        takeLock(${JSON.stringify(file)}, { ...${JSON.stringify(holderOf('run', 0))}, pid: process.pid }, 'x');
        process.stdout.write('taken');
        setInterval(() => {}, 1000);
      } catch (error) {
        process.stdout.write(error.code);
      }
    });
    process.stdout.write('ready');`;
  const started = Array.from({ length: CONTENDERS }, () =>
    spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: ['pipe', 'pipe', 'inherit'] }),
  );
  children.push(...started);
  await Promise.all(started.map(({ stdout }) => once(stdout, 'data')));
  const answers = started.map(async (child) => {
    const [said] = (await once(child.stdout, 'data')) as [Buffer];
    return { child, said: said.toString() };
  });
  for (const { stdin } of started) stdin?.end('go');
  const winners = (await Promise.all(answers)).flatMap(({ child, said }) => {
    if (said !== 'taken') expect(said).toBe('lock-held');
    return said === 'taken' ? [child] : [];
  });
  return winners;
}

test(`of ${CONTENDERS} contenders one wins, and its kill -9 frees the lock`, { timeout: 300_000 }, async () => {
  const winners: number[] = [];
  let slowestMs = 0;
  for (let round = 0; round < ROUNDS; round += 1) {
    const file = join(directory, `${round}.lock`);
    const [winner, ...others] = await contend(file);
    winners.push(1 + others.length);
    await Promise.all(children.filter((child) => child !== winner).map(end));
    const killed = performance.now();
    if (winner) await end(winner);
    // Free the moment its holder is gone: the first try has it.
    takeLock(file, holderOf('next', process.pid), 'x')();
    slowestMs = Math.max(slowestMs, performance.now() - killed);
    children.length = 0;
  }
  publish('lock', {
    rounds: ROUNDS,
    contenders: CONTENDERS,
    'slowest from kill to the next holder, ms': Math.round(slowestMs),
  });
  expect(winners).toEqual(Array(ROUNDS).fill(1));
});
