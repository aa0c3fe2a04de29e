import { setTimeout as sleep } from 'node:timers/promises';
import { spawn } from '@lydell/node-pty';
import xterm from '@xterm/headless';
import { afterEach, describe, expect, test } from 'vitest';
import { PROGRAM_ROOT } from '../../src/program.ts';
import { operatorHome } from '../e2e/home.ts';
import { KEY, openTerminal } from '../e2e/terminal.ts';

const clean: (() => void)[] = [];
afterEach(() => {
  for (const each of clean.splice(0)) each();
});

/** The program as `tejun incident` opens it; `write` sends bytes as they are. */
function raw(args: readonly string[], rows = 24) {
  const home = operatorHome();
  const view = new xterm.Terminal({ cols: 80, rows, allowProposedApi: true });
  const env = { PATH: process.env['PATH'] ?? '', TERM: 'xterm-256color', LANG: 'en_US.UTF-8', ...home.env };
  const child = spawn(`${PROGRAM_ROOT}/bin/tejun`, [...args], { cols: 80, rows, cwd: PROGRAM_ROOT, env });
  let bytes = 0;
  child.onData((data) => {
    bytes += Buffer.byteLength(data);
    view.write(data);
  });
  clean.push(() => {
    child.kill('SIGKILL');
    home.remove();
  });
  const screen = () =>
    Array.from({ length: rows }, (_, row) => view.buffer.active.getLine(row)?.translateToString(true) ?? '').join('\n');
  const see = async (what: string | RegExp) => {
    for (let tries = 0; tries < 800; tries += 1) {
      if (screen().match(what)) return screen();
      await sleep(25);
    }
    throw new Error(`never saw ${what}; the screen is:\n${screen()}`);
  };
  return { write: (text: string) => child.write(text), see, bytes: () => bytes };
}

describe('keys over a link that splits and joins them', () => {
  test('a value and its Enter in one chunk are a value and an Enter', async () => {
    const at = raw(['cabanas-staging', '--env', 'staging', '--flow', 'redeploy', '--lang', 'en']);
    await at.see('Enter chooses staging');
    at.write(KEY.enter);
    await at.see('❯ 1▏');
    at.write('2\r');
    await at.see(/: 12\b/);
  });

  test('arrows that come byte by byte are arrows, wherever they are split', async () => {
    const at = raw(['cabanas-staging', '--env', 'rehearsal', '--flow', 'redeploy', '--lang', 'en']);
    await at.see('Enter chooses rehearsal');
    for (const byte of KEY.down) {
      at.write(byte);
      await sleep(30);
    }
    await at.see('Enter chooses staging');
    at.write(KEY.up.slice(0, 2));
    await sleep(40);
    at.write(KEY.up.slice(2));
    await at.see('Enter chooses rehearsal');
  });

  test('Ctrl-C behind other bytes of its chunk still asks', async () => {
    const at = raw(['cabanas-staging', '--env', 'staging', '--flow', 'redeploy', '--lang', 'en']);
    await at.see('Enter chooses staging');
    at.write(KEY.enter);
    await at.see('Values');
    at.write(`99${KEY.ctrlC}`);
    await at.see('Leave?');
  });
});

describe('what goes over the wire', () => {
  test('nothing at all while a question waits', async () => {
    const at = raw(['cabanas-staging', '--env', 'staging', '--flow', 'redeploy', '--lang', 'ja']);
    await at.see('staging');
    await sleep(1500);
    const before = at.bytes();
    await sleep(5000);
    expect(at.bytes() - before).toBe(0);
  });

  test('at most 2 KiB a second while a step runs and prints', async () => {
    const home = operatorHome();
    const at = openTerminal({
      args: ['rehearse', 'cabanas-staging', '--flow', 'redeploy', '--lang', 'en'],
      env: home.env,
    });
    clean.push(() => {
      at.kill();
      home.remove();
    });
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
