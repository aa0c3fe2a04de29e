import { describe, expect, it } from 'vitest';
import { widthOf } from '../../screens/layout/text.ts';
import { LOCALES, type Locale, MESSAGES } from '../../src/locale/index.ts';
import { PRINTED_MESSAGES } from '../../src/locale/printed/index.ts';

/** Every text of a language, by its path; functions are asked with one and with several. */
function texts(of: unknown, path = ''): [string, string][] {
  if (typeof of === 'string') return [[path, of]];
  if (typeof of === 'function') return [1, 3].map((n) => [`${path}(${n})`, String(of(n, n, n, n))]);
  return Object.entries(of as object).flatMap(([key, value]) => texts(value, path === '' ? key : `${path}.${key}`));
}

/** What the screens say, and what commands print. */
const textsIn = (locale: Locale) => texts({ ...MESSAGES[locale], printed: PRINTED_MESSAGES[locale] });

describe.each(LOCALES)('%s', (locale) => {
  const all = textsIn(locale);

  it('has no empty message, and none that lost its parameter', () => {
    const empty = all.filter(
      ([path, text]) => path !== 'gap' && (text.trim() === '' || /undefined|\[object|NaN/.test(text)),
    );
    expect(empty).toEqual([]);
  });

  it('says the keys of the footer in at most 16 columns', () => {
    expect(Object.entries(MESSAGES[locale].keys).filter(([, text]) => widthOf(text) > 18)).toEqual([]);
  });

  it('says a status in at most 10 columns', () => {
    expect(Object.entries(MESSAGES[locale].status).filter(([, text]) => widthOf(text) > 10)).toEqual([]);
  });
});

describe('translations', () => {
  // Names of units, keys and commands are the same everywhere.
  const SAME = /^(decimal|language|gap|verify\.p|keys\.|problem\.resume|header\.step|places\.)|status|\(\d\)$/;

  it.each(['es', 'ja'] as const)('%s is not left in English', (locale) => {
    const en = new Map(textsIn('en'));
    const left = textsIn(locale).filter(([path, text]) => !SAME.test(path) && en.get(path) === text);
    expect(left).toEqual([]);
  });

  it('Japanese sentences are written in Japanese', () => {
    const without = textsIn('ja').filter(
      ([path, text]) =>
        text.length > 12 && !/[\p{sc=Hira}\p{sc=Kana}\p{sc=Han}]/u.test(text) && !path.startsWith('problem.resume'),
    );
    expect(without).toEqual([]);
  });

  it('counts agree in number', () => {
    expect(MESSAGES.en.home.size(1, 2)).toBe('1 step · 2 checklist items');
    expect(MESSAGES.es.preflight.failed(1)).toBe('Falló 1 comprobación.');
    expect(MESSAGES.es.preflight.failed(2)).toBe('Fallaron 2 comprobaciones.');
  });
});
