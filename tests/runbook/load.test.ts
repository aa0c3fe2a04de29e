import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findRunbooks, loadRunbook, MAX_BYTES } from '../../src/runbook/load.ts';
import { runbook } from './a-runbook.ts';

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'tejun-runbooks-'));
  await mkdir(join(directory, 'runbooks'));
  await writeFile(join(directory, 'runbooks', 'mine.md'), runbook(''));
  await writeFile(join(directory, 'runbooks', 'README.md'), 'not a runbook');
  await writeFile(join(directory, 'large.md'), 'x'.repeat(MAX_BYTES + 1));
});
afterAll(async () => {
  await rm(directory, { recursive: true });
});

test('a runbook is loaded by its path', async () => {
  const file = join(directory, 'runbooks', 'mine.md');
  expect(await loadRunbook(file)).toMatchObject({ file, title: 'Booking' });
});

test('a runbook that comes with tejun is loaded by its name', async () => {
  expect((await loadRunbook('cabanas-staging')).language).toBe('es');
  expect((await loadRunbook('cabanas-staging.md')).language).toBe('es');
});

test('the runbooks of the folder come before those of tejun', async () => {
  const found = await findRunbooks(directory);
  expect(found[0]).toBe(join('runbooks', 'mine.md'));
  expect(found.some((file) => file.endsWith(join('runbooks', 'cabanas-staging.md')))).toBe(true);
  expect(found.some((file) => /readme/i.test(file))).toBe(false);
});

describe('what is no runbook is refused with what to do', () => {
  test.each<[what: string, path: () => string, code: string, next: RegExp]>([
    ['a misspelt name', () => 'cabana-staging', 'runbook-not-found', /did you mean `cabanas-staging`/],
    [
      'a path that is not there',
      () => join(directory, 'no.md'),
      'runbook-not-found',
      /runbooks here: .*cabanas-staging/,
    ],
    ['a directory', () => join(directory, 'runbooks'), 'runbook-is-directory', /mine\.md$/],
    ['a file that is too large', () => join(directory, 'large.md'), 'runbook-too-large', /split it/],
    ['a device', () => '/dev/null', 'runbook-unreadable', /^ls -l/],
  ])('%s', async (_, path, code, next) => {
    await expect(loadRunbook(path())).rejects.toMatchObject({
      code,
      next: expect.arrayContaining([expect.stringMatching(next)]),
    });
  });
});
