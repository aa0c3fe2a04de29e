import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isCommonWord, mostEntropyBits } from '../../src/secrets/strength.ts';

describe('a common word', () => {
  test.each(['test', 'docker', 'POSTGRES', 'Password1', 'qwerty123!', 'hunter2', '12345678', '0000'])('%s', (word) => {
    expect(isCommonWord(word)).toBe(true);
  });
  test.each(['postgres-of-the-night', 'deadbeef', 'sk_live_4eC39H', '123456789', 'correct horse'])('not %s', (word) => {
    expect(isCommonWord(word)).toBe(false);
  });
  test('chance is none', () => {
    for (let round = 0; round < 1000; round += 1) expect(isCommonWord(randomBytes(8).toString('base64'))).toBe(false);
  });
});

describe('at most so many bits', () => {
  test.each([
    ['', 0],
    ['aaaaaaaaaaaaaaaaaaaaaaaa', 8],
    ['abcabcabcabcabcabcabcabc', 16],
    ['abcdefghijklmnopqrstuvwx', 16],
    ['12345678901234567890', 40],
    ['0123456789abcdef', 64],
  ])('%s: not more than %i', (text, most) => {
    expect(mostEntropyBits(text)).toBeLessThanOrEqual(most);
  });

  test('what is drawn at random has nearly all of what was drawn', () => {
    for (const bytes of [16, 24, 32]) {
      expect(mostEntropyBits(randomBytes(bytes).toString('hex'))).toBeGreaterThan(bytes * 8 * 0.8);
      expect(mostEntropyBits(randomBytes(bytes).toString('base64'))).toBeGreaterThan(bytes * 8 * 0.8);
    }
  });

  test('repeating a text adds nothing', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1, maxLength: 12 }), fc.integer({ min: 2, max: 5 }), (text, times) => {
        expect(mostEntropyBits(text.repeat(times))).toBeLessThanOrEqual(mostEntropyBits(text) + 1e-9);
      }),
    );
  });
});
