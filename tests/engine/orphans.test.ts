import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterEach, expect, test } from 'vitest';
import { endOrphans } from '../../src/engine/orphans.ts';
import { stepMarks } from '../../src/exec/marks.ts';
import { intentOf, plannedStep, planOf, resultOf, stateOf } from './fixtures.ts';

const started: number[] = [];
afterEach(() => {
  for (const pid of started.splice(0)) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It was ended, as it should be.
    }
  }
});

/** A process of a step, as an engine starts one, which does not end with this one. */
async function processOf(run: string, step: string, attempt: number) {
  const child = spawn('sleep', ['65'], {
    detached: true,
    stdio: 'ignore',
    env: { PATH: process.env['PATH'], ...stepMarks(run, step, attempt) },
  });
  await once(child, 'spawn');
  started.push(child.pid ?? 0);
  return child;
}

test('what was running when the engine went is ended; what a step had left behind, and other runs, are not', async () => {
  const run = `orphans-${process.pid}`;
  const plan = planOf([plannedStep('serve'), plannedStep('rollout')]);
  const state = stateOf(plan, [
    intentOf('serve'),
    resultOf('serve', 'passed'),
    intentOf('rollout'),
    intentOf('rollout', 2),
  ]);
  const running = await processOf(run, 'rollout', 2);
  const daemon = await processOf(run, 'serve', 1);
  const other = await processOf(`${run}-b`, 'rollout', 2);
  const gone = once(running, 'exit');
  expect(await endOrphans(run, state)).toEqual([{ pid: running.pid, name: 'sleep' }]);
  expect(await gone).toEqual([null, 'SIGTERM']);
  expect([daemon, other].map(({ exitCode, signalCode }) => exitCode ?? signalCode)).toEqual([null, null]);
  expect(await endOrphans(run, stateOf(plan))).toEqual([]);
});
