import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { draftRows } from '../../../screens/components/draft-rows.ts';
import { widthOf } from '../../../screens/layout/text.ts';
import { type Draft, erase, insert, move } from '../../../screens/moves/editor.ts';

/** A text with `|` where the caret is. */
const draft = (written: string): Draft => ({ text: written.replace('|', ''), at: written.indexOf('|') });
const shown = ({ text, at }: Draft) => `${text.slice(0, at)}|${text.slice(at)}`;

describe('a text with a caret', () => {
  test.each([
    ['left over a whole character', 'a👩‍🚒|b', 'left', 'a|👩‍🚒b'],
    ['left over the end of a line', 'a\n|b', 'left', 'a|\nb'],
    ['right at the end', 'ab|', 'right', 'ab|'],
    ['to the start of its line', 'a\nbc|d', 'start', 'a\n|bcd'],
    ['to the end of its line', 'a|b\ncd', 'end', 'ab|\ncd'],
    ['up to the same character', 'あいう\nab|c', 'up', 'あい|う\nabc'],
    ['up to a shorter line', 'a\nbcd|', 'up', 'a|\nbcd'],
    ['up from the first line to its start', 'ab|c', 'up', '|abc'],
    ['down to the same character', 'a|b\ncd', 'down', 'ab\nc|d'],
    ['down over an empty line', 'ab|\n\ncd', 'down', 'ab\n|\ncd'],
    ['down from the last line to its end', 'a|bc', 'down', 'abc|'],
  ] as const)('moves %s', (_, before, to, after) => {
    expect(shown(move(draft(before), to))).toBe(after);
  });

  test('takes text where the caret is, and gives whole characters up', () => {
    expect(shown(insert(draft('a|c'), 'b\n'))).toBe('ab\n|c');
    expect(shown(erase(draft('手順👩‍🚒|x'), 'before'))).toBe('手順|x');
    expect(shown(erase(draft('|手順'), 'behind'))).toBe('|順');
    expect(shown(erase(draft('|a'), 'before'))).toBe('|a');
    expect(shown(erase(draft('a\n|b'), 'before'))).toBe('a|b');
  });

  test('is drawn whole, in rows that fit, with the caret in one of them', () => {
    const text = fc.array(fc.constantFrom('a', 'b', ' ', '手', '\n', 'é', '👩‍🚒', '$X'), { maxLength: 60 });
    fc.assert(
      fc.property(text, fc.nat(), fc.integer({ min: 4, max: 20 }), (parts, place, width) => {
        const all = parts.join('');
        const at = parts.slice(0, place % (parts.length + 1)).join('').length;
        const { rows, caret } = draftRows({ text: all, at }, width, '▏');
        const drawn = rows.map(({ text }) => text.map((each) => each.text).join(''));
        expect(drawn.every((row) => widthOf(row) <= width)).toBe(true);
        const lines = drawn.reduce(
          (whole, row, index) => whole + (index > 0 && rows[index]?.first ? '\n' : '') + row,
          '',
        );
        expect(lines).toBe(`${all.slice(0, at)}▏${all.slice(at)}`);
        expect(drawn[caret]).toContain('▏');
      }),
    );
  });
});
