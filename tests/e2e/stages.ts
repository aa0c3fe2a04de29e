import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'vitest';
import type { OperatorHome } from './home.ts';
import { processesOf } from './processes.ts';
import type { TestTerminal } from './terminal.ts';

/** Nothing of a run is left: no engine, no platform, no database. */
export async function expectNothingLeft(home: OperatorHome): Promise<void> {
  const mark = home.env['TEJUN_HOME'] ?? '';
  for (let tries = 0; tries < 100 && processesOf(mark).length > 0; tries += 1) await sleep(100);
  expect(processesOf(mark)).toEqual([]);
}

/** Walks all of a stage, once the screen shows it. */
export async function walkStage(at: TestTerminal, name: string): Promise<void> {
  await at.waitFor(new RegExp(`^${name}`, 'm'));
  await at.press('a');
}
