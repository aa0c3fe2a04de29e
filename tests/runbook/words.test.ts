import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatDuration, parseDuration } from '../../src/runbook/duration.ts';
import { distance, nearest } from '../../src/runbook/nearest.ts';

describe('the word that was probably meant', () => {
  const words = ['timeout', 'title', 'id', 'on', 'exit', 'expect', 'undo'];
  test.each([
    ['timout', 'timeout'],
    ['tiemout', 'timeout'],
    ['Title', 'title'],
    ['exti', 'exit'],
    ['unod', 'undo'],
    ['rm', undefined],
    ['soon', undefined],
    ['colour', undefined],
  ])('%s → %s', (word, meant) => {
    expect(nearest(word, words)).toBe(meant);
  });

  test('the number of edits is a distance', () => {
    const word = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 6 });
    fc.assert(
      fc.property(word, word, (a, b) => {
        expect(distance(a, b)).toBe(distance(b, a));
        expect(distance(a, b) === 0).toBe(a === b);
        expect(distance(a, b)).toBeLessThanOrEqual(Math.max(a.length, b.length));
      }),
    );
  });
});

describe('a duration', () => {
  test.each([
    ['500ms', 500],
    ['90s', 90_000],
    ['15m', 900_000],
    ['1h30m', 5_400_000],
    ['24h', 86_400_000],
  ])('%s is %i ms, and is written so', (text, ms) => {
    expect(parseDuration(text)).toBe(ms);
    expect(parseDuration(formatDuration(ms))).toBe(ms);
  });

  test.each(['', '5', '0s', '5 m', '-1s', '1.5s', '25h', '5M', 'm'])('%j is none', (text) => {
    expect(parseDuration(text)).toBeUndefined();
  });

  test('any whole number of milliseconds up to a day can be written and read back', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 86_400_000 }), (ms) => {
        expect(parseDuration(formatDuration(ms))).toBe(ms);
      }),
    );
  });
});
