import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { pad, printable, truncate, truncateMiddle, widthOf, wrap } from '../../../screens/layout/text.ts';

const words = fc
  .array(fc.constantFrom('a', 'deploy', '手順', '。', '、', '（', 'é', '👩‍💻', ' ', '-', 'ｶﾞ', 'ñ', '…'), {
    maxLength: 40,
  })
  .map((parts) => parts.join(''));
const widths = fc.integer({ min: 2, max: 80 });

describe('whatever the text and the width', () => {
  test('a wrapped line is never too wide, and no word is lost', () => {
    fc.assert(
      fc.property(words, widths, (text, width) => {
        const lines = wrap(text, width);
        expect(Math.max(...lines.map(widthOf))).toBeLessThanOrEqual(width);
        expect(lines.join('').replace(/\s/g, '')).toBe(text.replace(/\s/g, ''));
      }),
    );
  });

  test('what is cut fits, and what is padded fits exactly', () => {
    fc.assert(
      fc.property(words, widths, (text, width) => {
        expect(widthOf(truncate(text, width))).toBeLessThanOrEqual(width);
        expect(widthOf(truncateMiddle(text, width))).toBeLessThanOrEqual(width);
        expect(widthOf(pad(text, width))).toBe(width);
        expect(widthOf(pad(text, width, 'right'))).toBe(width);
      }),
    );
  });

  test('nothing that steers a terminal is left of a foreign text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(printable(text)).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]/);
      }),
    );
  });
});

it.each([
  ['手順書を実行します', 8, ['手順書を', '実行しま', 'す']],
  ['終わりました。次へ', 12, ['終わりまし', 'た。次へ']],
  ['確認（読み取り）', 6, ['確認', '（読み', '取り）']],
  ['one two three', 7, ['one two', 'three']],
  ['registry.fly.io/app', 8, ['registry', '.fly.io/', 'app']],
])('%s in %i columns', (text, width, lines) => expect(wrap(text, width)).toEqual(lines));

it.each([
  ['\x1b[31mred\x1b[0m', 'red'],
  ['\x1b]52;c;cm0gLXJm\x07copied', 'copied'],
  ['a\tb', 'a  b'],
  ['user\u202etxt.exe', 'usertxt.exe'],
])('%j is drawn as %j', (text, drawn) => expect(printable(text)).toBe(drawn));

it('keeps the end of a path', () =>
  expect(truncateMiddle('/home/ana/runs/journal.jsonl', 17)).toBe('/home/an…al.jsonl'));
