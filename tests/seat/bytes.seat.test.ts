import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, test } from 'vitest';
import { operatorHome } from '../e2e/home.ts';
import { endProcessesOf } from '../e2e/processes.ts';
import { KEY, openTerminal, type TestTerminal } from '../e2e/terminal.ts';

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

  test('at most 2 KiB a second while a step runs and prints', async () => {
    const at = open(['rehearse', 'cabanas-staging', '--flow', 'redeploy', '--lang', 'en']);
    await at.waitFor('Where?');
    await at.press(KEY.enter);
    await at.waitFor('No drill');
    await at.press(KEY.enter);
    await at.waitFor('Número de la cabaña');
    await at.press(KEY.enter, KEY.enter, KEY.enter);
    await at.waitFor('Enter runs 3 checks', 60_000);
    await at.press(KEY.enter);
    await at.waitFor('All 3 checks passed', 30_000);
    for (let screen = at.screen(); !screen.includes('Enter runs: '); screen = at.screen()) {
      await at.press(KEY.enter);
      await sleep(300);
    }
    const before = Buffer.byteLength(at.bytes());
    const since = performance.now();
    await at.press('a');
    await at.waitFor('Enter goes on', 90_000);
    const perSecond = ((Buffer.byteLength(at.bytes()) - before) / (performance.now() - since)) * 1000;
    expect(perSecond).toBeLessThan(2048);
    expect(at.bytes()).not.toContain('\x1b[3J');
  });
});
