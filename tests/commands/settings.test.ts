import { describe, expect, test } from 'vitest';
import { parseSettings } from '../../src/commands/settings.ts';

describe('--set', () => {
  test.each([
    [['a=b'], { a: 'b' }],
    [['a=b=c', 'd='], { a: 'b=c', d: '' }],
  ])('%j', (settings, values) => expect(parseSettings(settings)).toEqual(values));
  test.each([[['a']], [['=b']], [['a=1', 'a=2']]])('%j is refused', (settings) => {
    expect(() => parseSettings(settings)).toThrow(expect.objectContaining({ code: 'set-malformed' }));
  });
});
