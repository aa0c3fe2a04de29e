import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { EXIT } from '../../src/problem.ts';
import { Search } from './search.ts';

const FIXTURE = join(import.meta.dirname, 'fixtures/crashing-engine.ts');
/** Crash reports are written as Node writes them for anybody who asks for them, without the environment. */
const REPORTS = ['--report-uncaught-exception', '--report-on-fatalerror', '--report-exclude-env'];
/** So many of the places are taken, evenly: each is a process of its own. */
const CRASHES = 12;
const LANES = 2;

/** Runs the engine, to crash in its n-th continuation; gives what is left of it. */
async function run(value: string, at: number) {
  const directory = mkdtempSync(join(tmpdir(), 'tejun-crash-'));
  const args = [...REPORTS, `--report-directory=${directory}`, FIXTURE, directory, String(at)];
  const env = { PATH: process.env['PATH'], CANARY: value };
  const ended = await promisify(execFile)(process.execPath, args, { env, cwd: directory }).catch((error) => error);
  const search = new Search([['TOKEN', value]]);
  search.text('the terminal', `${ended.stdout}${ended.stderr}`);
  search.directory(directory);
  rmSync(directory, { recursive: true });
  return { code: ended.code ?? 0, stdout: String(ended.stdout), leaks: search.leaks };
}

test('a crash wherever a promise goes on while a secret is alive leaves nothing of it', async () => {
  const value = `p#s"s'w\\o$r&d/<é>-${randomBytes(12).toString('base64')}`;
  const whole = await run(value, 0);
  expect(whole).toMatchObject({ code: 0, leaks: [] });
  const places = Number(whole.stdout);
  expect(places).toBeGreaterThan(20);
  const step = Math.max(1, places / CRASHES);
  const crashes = Array.from({ length: Math.min(CRASHES, places) }, (_, index) => Math.floor(index * step) + 1);
  let crashed = 0;
  const lane = async () => {
    for (let at = crashes.shift(); at !== undefined; at = crashes.shift()) {
      const { code, leaks } = await run(value, at);
      expect(leaks).toEqual([]);
      // How many continuations there are depends on how output is cut: the last ones may not come.
      if (code === EXIT.bug) crashed += 1;
    }
  };
  const asked = crashes.length;
  await Promise.all(Array.from({ length: LANES }, lane));
  process.stdout.write(`${places} continuations with a secret alive: crashed in ${crashed} of ${asked}, 0 leaks\n`);
  expect(crashed).toBeGreaterThan(asked * 0.8);
});
