import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, test } from 'vitest';
import { operatorHome } from '../e2e/home.ts';
import { endProcessesOf } from '../e2e/processes.ts';
import { openTerminal, type TestTerminal } from '../e2e/terminal.ts';
import { type Seat, takeSeat, toTheCommand } from './ways-in.ts';

let seat: Seat | undefined;
afterEach(() => seat?.close());

const clean: (() => void)[] = [];
afterEach(() => {
  for (const each of clean.splice(0)) each();
});

function open(args: readonly string[]): TestTerminal {
  const home = operatorHome();
  const at = openTerminal({ args, env: home.env });
  clean.push(() => {
    at.kill();
    endProcessesOf(home.env['TEJUN_HOME'] ?? '');
    home.remove();
  });
  return at;
}

describe('what goes over the wire', () => {
  test('nothing at all while a question waits', async () => {
    const at = open(['cabanas-staging', '--env', 'staging', '--flow', 'redeploy', '--lang', 'ja']);
    await at.waitFor('staging');
    await sleep(1500);
    const before = at.bytes().length;
    await sleep(5000);
    expect(at.bytes().length).toBe(before);
  });

  test('at most 2 KiB a second while a step runs, whatever it prints', async () => {
    // Each line is another one, as wide as the screen: a drawing costs as much as one can.
    const line = 'seq -f "line %g of a deploy that fills its lines to the last column with what it has to say" 1 40';
    seat = await takeSeat('a terminal', `for i in $(seq 1 300); do ${line} | sort -R; sleep 0.05; done`);
    const { at } = seat;
    await toTheCommand(at);
    await at.press('\r');
    await at.waitFor('of a deploy');
    const [before, since] = [Buffer.byteLength(at.bytes()), performance.now()];
    await sleep(8000);
    const perSecond = ((Buffer.byteLength(at.bytes()) - before) / (performance.now() - since)) * 1000;
    expect(perSecond).toBeGreaterThan(100);
    expect(perSecond).toBeLessThanOrEqual(2048);
    expect(at.bytes()).not.toContain('\x1b[3J');
  });
});
