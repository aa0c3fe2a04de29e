import { execFileSync } from 'node:child_process';
import { readlinkSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, expect, test } from 'vitest';
import type { TestTerminal } from '../e2e/terminal.ts';
import { type Seat, takeSeat, toTheCommand } from './ways-in.ts';

/** A window that is dragged: narrower than any line, lower, back, and wider than what is drawn. */
const SIZES = [
  [60, 24],
  [44, 20],
  [40, 12],
  [70, 15],
  [52, 30],
  [120, 40],
  [80, 24],
] as const;

let seat: Seat | undefined;
afterEach(() => seat?.close());

/** How often a text is on the screen. */
const times = (at: TestTerminal, text: string) => at.screen().split(text).length - 1;

/** Nothing of an earlier size is left: one header, one question and one line of keys; and it stays so. */
async function whole(at: TestTerminal, said: string, way: string): Promise<void> {
  const counts = () => ['here · ', said, 'q leave'].map((text) => times(at, text)).join();
  // What is drawn last may come late.
  for (const end = performance.now() + 5000; counts() !== '1,1,1' && performance.now() < end; ) await sleep(50);
  await sleep(250);
  expect(counts(), `${way}:\n${at.screen()}`).toBe('1,1,1');
}

test('a still screen that is made narrower, lower and larger again leaves nothing behind', async () => {
  seat = await takeSeat('a terminal');
  const { at } = seat;
  await toTheCommand(at);
  for (const [columns, rows] of SIZES) {
    at.resize(columns, rows);
    await whole(at, 'Enter runs', `${columns}×${rows}`);
  }
  expect(at.bytes()).not.toContain('\x1b[3J');
});

test('a screen on which a step runs and prints does not either', async () => {
  seat = await takeSeat(
    'a terminal',
    'for i in $(seq 1 3000); do echo "line $i of a deploy that says a good deal about itself"; sleep 0.1; done',
  );
  const { at } = seat;
  await toTheCommand(at);
  await at.press('\r');
  await at.waitFor('of at most');
  for (const [columns, rows] of SIZES) {
    at.resize(columns, rows);
    await whole(at, 'of at most', `${columns}×${rows}`);
  }
  expect(at.bytes()).not.toContain('\x1b[3J');
});

test('a window that says 0×0 for a moment keeps what it shows, and takes the next key', async () => {
  seat = await takeSeat('a terminal');
  const { at } = seat;
  await at.waitFor('Enter chooses here');
  const terminal = readlinkSync(`/proc/${at.pid}/fd/0`);
  const say = (columns: number, rows: number) =>
    execFileSync('stty', ['-F', terminal, 'cols', `${columns}`, 'rows', `${rows}`]);
  say(0, 0);
  await sleep(300);
  await at.press('\r');
  say(80, 24);
  await at.waitFor('Enter runs: A command');
  await whole(at, 'Enter runs', '0×0');
});
