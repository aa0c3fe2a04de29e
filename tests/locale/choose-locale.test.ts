import { expect, it } from 'vitest';
import { askedLocale, chooseLocale } from '../../src/locale/index.ts';

it.each([
  ['--lang wins', { flag: 'ja', env: { LANG: 'es_AR.UTF-8' }, runbookLanguage: 'en' }, 'ja'],
  ['--lang before the preference', { flag: 'ja', preference: 'es' }, 'ja'],
  ['the preference before the host', { preference: 'es', env: { LANG: 'ja_JP.UTF-8' } }, 'es'],
  ['no preference', { preference: '', env: { LANG: 'ja_JP.UTF-8' } }, 'ja'],
  ['LC_ALL before LC_MESSAGES', { env: { LC_ALL: 'ja_JP.UTF-8', LC_MESSAGES: 'es_ES' } }, 'ja'],
  ['LC_MESSAGES before LANG', { env: { LC_MESSAGES: 'es_ES', LANG: 'ja_JP' } }, 'es'],
  ['an empty variable is none', { env: { LC_ALL: '', LANG: 'es_MX.UTF-8' } }, 'es'],
  ['C says nothing: the runbook decides', { env: { LANG: 'C.UTF-8' }, runbookLanguage: 'ja-JP' }, 'ja'],
  ['a language that tejun does not speak', { env: { LANG: 'fr_FR.UTF-8' }, runbookLanguage: 'de' }, 'en'],
  ['nothing at all', {}, 'en'],
] as const)('%s', (_, hints, locale) => expect(chooseLocale(hints)).toBe(locale));

it('knows when the operator asked for no language of ours', () => {
  expect(askedLocale({ env: { LANG: 'C' }, runbookLanguage: 'ja' })).toBeUndefined();
});
