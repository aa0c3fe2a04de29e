import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { EXIT } from '../../src/problem.ts';

test.each([
  ['exception', '✖ tejun failed: Error: cannot connect with [TOKEN]\n'],
  ['rejection', '✖ tejun failed: Error: cannot connect with [TOKEN]\n'],
  ['value', '✖ tejun failed: unknown error\n'],
])('an uncaught %s: one redacted line, and an exit code that says so', (how, said) => {
  const script = join(import.meta.dirname, 'fixtures/crashes.ts');
  const { status, signal, stdout, stderr } = spawnSync(process.execPath, [script, how], {
    encoding: 'utf8',
    env: { PATH: process.env['PATH'], CANARY: 'hunter2hunter2' },
  });
  expect({ status, signal, stdout, stderr }).toEqual({ status: EXIT.bug, signal: null, stdout: '', stderr: said });
});
