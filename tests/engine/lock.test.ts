import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { takeLock } from '../../src/engine/lock.ts';
import type { Holder } from '../../src/journal/records.ts';

let directory: string;
let file: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'tejun-lock-'));
  file = join(directory, 'a.lock');
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const holder: Holder = {
  run: 'run-1',
  operator: 'alice@ops',
  host: 'ops',
  since: '2026-01-02T03:04:05.000Z',
  pid: process.pid,
};

/** Another process that takes the lock and says `taken`, or `refused` with the code of its problem. */
async function other(): Promise<{ said: string; kill: () => Promise<void> }> {
  const script = `
    const { takeLock } = await import(${JSON.stringify(join(import.meta.dirname, '../../src/engine/lock.ts'))});
    try {
      takeLock(${JSON.stringify(file)}, { ...${JSON.stringify(holder)}, run: 'run-2', operator: 'bob@ops', pid: process.pid }, 'x');
      process.stdout.write('taken');
      setInterval(() => {}, 1000);
    } catch (error) {
      process.stdout.write('refused ' + error.code);
    }`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [said] = (await once(child.stdout, 'data')) as [Buffer];
  const kill = async () => {
    child.kill('SIGKILL');
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  };
  return { said: said.toString(), kill };
}

describe('the lock of a runbook and environment', () => {
  test('is held by one; the next one is told by whom and since when', async () => {
    const release = takeLock(file, holder, 'two.md in staging');
    expect((await other()).said).toBe('refused lock-held');
    release();
  });

  test('names its holder and the way to that run', async () => {
    const bob = await other();
    expect(bob.said).toBe('taken');
    try {
      expect(() => takeLock(file, holder, 'two.md in staging')).toThrow(
        expect.objectContaining({
          code: 'lock-held',
          what: expect.stringContaining('bob@ops since 2026-01-02 03:04 UTC'),
          next: expect.arrayContaining([expect.stringContaining('tejun resume run-2')]),
        }),
      );
    } finally {
      await bob.kill();
    }
  });

  test('is free as soon as its holder is killed, whatever is left in its file', async () => {
    const bob = await other();
    await bob.kill();
    takeLock(file, holder, 'two.md in staging')();
  });

  test('is free when it was given back', async () => {
    takeLock(file, holder, 'x')();
    const bob = await other();
    expect(bob.said).toBe('taken');
    await bob.kill();
  });
});
