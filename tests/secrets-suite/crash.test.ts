import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { EXIT } from '../../src/problem.ts';
import { times } from './scale.ts';
import { Search } from './search.ts';

const FIXTURE = join(import.meta.dirname, 'fixtures/crashing-engine.ts');
/** Crash reports are written as Node writes them for anybody who asks for them, without the environment. */
const REPORTS = ['--report-uncaught-exception', '--report-on-fatalerror', '--report-exclude-env'];
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
  expect(places).toBeGreaterThan(0);
  const tally = { tried: 0, crashed: 0 };
  const next = someOf(places, times(places));
  const lane = async () => {
    for (const at of next) {
      tally.tried += 1;
      const { code, stdout, leaks } = await run(value, at);
      expect(leaks).toEqual([]);
      if (code === EXIT.bug) {
        tally.crashed += 1;
        continue;
      }
      // How many continuations there are depends on how output is cut: this run had fewer than asked for, or came to that
      // one in the turn in which it ended.
      expect(code).toBe(0);
      expect(Number(stdout)).toBeLessThanOrEqual(at);
    }
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  process.stdout.write(
    `${places} continuations with a secret alive: tried ${tally.tried}, crashed ${tally.crashed}, leaked 0\n`,
  );
  expect(tally.crashed).toBeGreaterThan(0);
}, 3_600_000);

/** So many of the places, evenly, the first among them. */
function* someOf(places: number, count: number): Generator<number> {
  for (let index = 0; index < count; index += 1) yield Math.floor((index * places) / count) + 1;
}
