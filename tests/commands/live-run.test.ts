import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { listRuns } from '../../src/commands/runs.ts';
import { openJournal } from '../../src/journal/writer.ts';
import { runDirectory, runLock, socketPath } from '../../src/state-directory.ts';
import { begin, keep } from '../journal/a-journal.ts';

let home: string;
let env: Record<string, string>;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'tejun-live-'));
  env = { TEJUN_HOME: join(home, 'state'), XDG_RUNTIME_DIR: home };
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

/** A run whose first engine is gone, and whose lock was last taken by the process `pid`. */
function runOf(pid: number): void {
  const journal = openJournal(join(runDirectory(env, 'run-1'), 'journal.jsonl'), { redact: keep });
  journal.append({ ...begin('run-1'), pid: 2 ** 22 + 1 });
  journal.close();
  const holder = { run: 'run-1', operator: 'alice@ops', host: 'ops', since: '', pid };
  writeFileSync(runLock(env, 'run-1'), `${JSON.stringify(holder)}\n`);
  mkdirSync(dirname(socketPath(env, 'run-1')), { recursive: true });
  writeFileSync(socketPath(env, 'run-1'), '');
}

test.each([
  ['live while the engine that resumed it is there', process.pid, 'live'],
  ['stopped when that one is gone too', 2 ** 22 + 2, 'stopped'],
])('a resumed run is %s', (_, pid, state) => {
  runOf(pid);
  expect(listRuns(env)).toMatchObject([{ run: 'run-1', state }]);
});

test('an empty journal is no run: its engine was killed before the first record', () => {
  mkdirSync(runDirectory(env, 'run-2'), { recursive: true });
  writeFileSync(join(runDirectory(env, 'run-2'), 'journal.jsonl'), '');
  expect(listRuns(env)).toEqual([]);
});
