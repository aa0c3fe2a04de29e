import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { preferencesFile, setPreference } from '../../src/commands/preferences.ts';
import { problemText } from '../../src/commands/problem-text.ts';
import type { ProblemDetail } from '../../src/problem.ts';

const problem: ProblemDetail = {
  code: 'runbook-invalid',
  what: 'booking.md has 1 problem.',
  problems: [
    { code: 'id-twice', what: '`health` is the id of two steps.', where: { file: 'booking.md', line: 12, column: 4 } },
  ],
};

let env: Record<string, string>;
beforeEach(() => {
  env = { TEJUN_HOME: mkdtempSync(join(tmpdir(), 'tejun-problem-text-')) };
});
afterEach(() => rmSync(env['TEJUN_HOME'] ?? '', { recursive: true, force: true }));

test('is English where nobody asks for another language', async () => {
  expect(await problemText(problem, env)).toBe(
    '✖ booking.md has 1 problem.\n\n✖ `health` is the id of two steps.\n  at booking.md:12:4',
  );
});

test.each([
  ['the locale of the host', () => ({ LANG: 'es_AR.UTF-8' }), undefined],
  ['the flag before it', () => ({ LANG: 'ja_JP.UTF-8' }), 'es'],
])('speaks the language of %s, each problem with its place and its English sentence', async (_, host, flag) => {
  const lines = (await problemText(problem, { ...env, ...host() }, flag)).split('\n');
  expect(lines).toEqual([
    expect.stringMatching(/^✖ .*guía/),
    '  booking.md has 1 problem.',
    '',
    expect.stringMatching(/^✖ .*id/),
    '  at booking.md:12:4',
    '  `health` is the id of two steps.',
  ]);
});

test('speaks the preferred one', async () => {
  await setPreference(env, 'language', 'ja');
  expect(await problemText(problem, { ...env, LANG: 'es_AR.UTF-8' })).toMatch(/手順書/);
});

test('is told where the preferences themselves are what is wrong', async () => {
  mkdirSync(dirname(preferencesFile(env)), { recursive: true });
  writeFileSync(preferencesFile(env), '{');
  expect(await problemText({ code: 'preferences-broken', what: 'It is broken.' }, env)).toBe('✖ It is broken.');
});
