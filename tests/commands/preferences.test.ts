import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import {
  operatorsLocale,
  PREFERENCES,
  preferencesFile,
  preferencesForRun,
  readPreferences,
  setPreference,
  shownPreference,
} from '../../src/commands/preferences.ts';

let env: { TEJUN_HOME: string };
beforeEach(() => {
  env = { TEJUN_HOME: mkdtempSync(join(tmpdir(), 'tejun-preferences-')) };
});
afterEach(() => rmSync(env.TEJUN_HOME, { recursive: true, force: true }));

test('are their defaults until they are set, and private', async () => {
  const { language, plain, 'notify-after': after } = await readPreferences(env);
  expect({ language, plain, after }).toEqual({ language: '', plain: false, after: 30 });
  await setPreference(env, 'language', 'ja');
  await setPreference(env, 'plain', 'true');
  await setPreference(env, 'wait', '60');
  expect(await readPreferences(env)).toMatchObject({ language: 'ja', plain: true, wait: 60, bell: true });
  expect(statSync(preferencesFile(env)).mode & 0o777).toBe(0o600);
});

test('the language of what is printed is the one asked for, else the preferred one, else the host’s', async () => {
  const host = { ...env, LANG: 'es_AR.UTF-8' };
  expect(await operatorsLocale(host)).toBe('es');
  await setPreference(env, 'language', 'ja');
  expect(await operatorsLocale(host)).toBe('ja');
  expect(await operatorsLocale(host, 'en')).toBe('en');
});

test.each([
  ['language', 'fr', 'preference-wrong'],
  ['plain', 'yes', 'preference-wrong'],
  ['wait', '0', 'preference-wrong'],
  ['wait', 'an hour', 'preference-wrong'],
  ['webhook', 'hooks.example.com', 'preference-wrong'],
  ['langauge', 'ja', 'preference-unknown'],
])('%s cannot be %s', async (name, value, code) => {
  await expect(setPreference(env, name, value)).rejects.toMatchObject({ code, exit: 2 });
  expect(await readPreferences(env)).toEqual(
    Object.fromEntries(Object.entries(PREFERENCES).map(([key, each]) => [key, each.default])),
  );
});

test('a broken file is a problem of its own, and does not hold up a run', async () => {
  writeFileSync(preferencesFile(env), '{"plain": ');
  await expect(readPreferences(env)).rejects.toMatchObject({ code: 'preferences-broken' });
  const said: string[] = [];
  expect(await preferencesForRun(env, (line) => said.push(line))).toMatchObject({ plain: false });
  expect(said.join()).toContain(preferencesFile(env));
});

test('of a webhook only the host is shown', async () => {
  await setPreference(env, 'webhook', 'https://hooks.example.com/T0/s3cret');
  expect(shownPreference('webhook', await readPreferences(env))).toBe('https://hooks.example.com/…');
});
