import { describe, expect, test } from 'vitest';
import { ASCII, chooseGlyphs, UNICODE } from '../../../screens/glyphs.ts';
import { asciiSigns } from '../../../screens/layout/ascii.ts';
import { widthOf } from '../../../screens/layout/text.ts';
import { LOCALES, MESSAGES } from '../../../src/locale/index.ts';

/** Every text of a language; of those with something in them, with a word in its place. */
function texts(of: unknown): string[] {
  if (typeof of === 'string') return [of];
  if (typeof of === 'function') return texts(of('x', 'x', 'x', 'x'));
  return of !== null && typeof of === 'object' ? Object.values(of).flatMap(texts) : [];
}

describe('signs in ASCII', () => {
  test.each(LOCALES)('are all that is left in %s beside letters and what its writing needs', (locale) => {
    for (const text of texts(MESSAGES[locale])) {
      const plain = asciiSigns(text);
      expect(plain.replace(/[\p{L}\p{M}\p{Script=Han}\u3000-\u30ff\uff00-\uffef¿¡]/gu, ''), text).toMatch(
        /^[\x20-\x7e]*$/,
      );
      expect(widthOf(plain), text).toBe(widthOf(text));
    }
  });

  test('are chosen by the operator, else by what the locale can show', () => {
    expect(chooseGlyphs({ LANG: 'ja_JP.UTF-8' })).toBe(UNICODE);
    expect(chooseGlyphs({ LANG: 'ja_JP.UTF-8' }, 'ascii')).toBe(ASCII);
    expect(chooseGlyphs({ LANG: 'ja_JP.eucJP' })).toBe(ASCII);
    expect(chooseGlyphs({ TERM: 'linux', LANG: 'en_US.UTF-8' })).toBe(ASCII);
    expect(chooseGlyphs({ TERM: 'linux' }, 'unicode')).toBe(UNICODE);
  });
});
