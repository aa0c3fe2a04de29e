import fc from 'fast-check';
import { expect, it, test } from 'vitest';
import { fit, type Section } from '../../../screens/layout/fit.ts';
import { line } from '../../../screens/layout/line.ts';

const lines = (name: string, count: number) => Array.from({ length: count }, (_, index) => line(`${name}${index}`));
const shown = (sections: readonly Section[], rows: number) =>
  fit(sections, rows, (hidden) => `+${hidden}`).map((row) => row.map(({ text }) => text).join(''));

const SCREEN: Section[] = [
  { lines: lines('title', 1), rank: 2 },
  { lines: lines('list', 4), rank: 1, min: 2, keep: { around: 2 }, gap: true },
  { lines: lines('prose', 3), rank: 4, whole: true, gap: true },
  { lines: lines('tail', 3), rank: 3, keep: 'bottom' },
  { lines: lines('ask', 1), rank: 0, gap: true },
];

it.each([
  [
    16,
    [
      'title0',
      '',
      'list0',
      'list1',
      'list2',
      'list3',
      '',
      'prose0',
      'prose1',
      'prose2',
      'tail0',
      'tail1',
      'tail2',
      '',
      'ask0',
    ],
  ],
  [12, ['title0', 'list0', 'list1', 'list2', 'list3', 'prose0', 'prose1', 'prose2', 'tail0', 'tail1', 'tail2', 'ask0']],
  // Prose goes as a whole, which leaves room for blank lines again.
  [10, ['title0', '', 'list0', 'list1', 'list2', 'list3', 'tail0', 'tail1', 'tail2', 'ask0']],
  [7, ['title0', 'list0', 'list1', 'list2', 'list3', 'tail2', 'ask0']],
  [4, ['list1', 'list2', 'list3', 'ask0']],
  [1, ['ask0']],
])('in %i rows', (rows, expected) => expect(shown(SCREEN, rows)).toEqual(expected));

it('says how much of a list is not shown', () => {
  expect(shown([{ lines: lines('x', 9), rank: 1, keep: { around: 4 } }], 5)).toEqual(['+3', 'x3', 'x4', 'x5', '+3']);
  expect(shown([{ lines: lines('x', 9), rank: 1 }], 4)).toEqual(['x0', 'x1', 'x2', '+6']);
});

test('it never takes more rows than there are, and keeps the question where it fits', () => {
  const section = fc.record({
    lines: fc.integer({ min: 0, max: 9 }).map((count) => lines('x', count)),
    rank: fc.integer({ min: 1, max: 4 }),
    min: fc.integer({ min: 0, max: 4 }),
    keep: fc.constantFrom('top' as const, 'bottom' as const, { around: 3 }),
    whole: fc.boolean(),
    gap: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(section, { maxLength: 6 }), fc.integer({ min: 1, max: 24 }), (sections, rows) => {
      const all = shown([...sections, { lines: lines('ask', 1), rank: 0 }], rows);
      expect(all.length).toBeLessThanOrEqual(rows);
      expect(all.at(-1)).toBe('ask0');
    }),
  );
});
