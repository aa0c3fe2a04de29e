import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isSurelyCanonical } from '../../src/journal/canonical.ts';

/** What the scanner must never contradict. */
function isCanonical(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) && JSON.stringify(value) === text;
  } catch {
    return false;
  }
}

const sure = (text: string) => isSurelyCanonical(Buffer.from(text));

describe('the form of JSON.stringify', () => {
  it.each([
    '{}',
    '{"a":1}',
    '{"a":-1,"b":0.5,"c":1234567.125,"d":[],"e":[1,"x",null,true,false,{}],"f":{"g":{}}}',
    String.raw`{"a":"\n\t\"\\\b\f\r /é手順😀"}`,
    '{"__proto__":1,"constructor":2}',
    '{"a":{"a":{"a":1}},"b":{"a":1}}',
  ])('is surely that of %s', (text) => {
    expect([sure(text), isCanonical(text)]).toEqual([true, true]);
  });

  it.each([
    ['a space', '{"a": 1}'],
    ['a key twice', '{"a":1,"b":2,"a":3}'],
    ['a key twice, deeper', '{"a":{"b":1,"b":1}}'],
    ['an escape that is not needed', String.raw`{"a":"\/"}`],
    ['a letter as an escape', String.raw`{"a":"\u0061"}`],
    ['a raw control character', '{"a":"\u0001"}'],
    ['minus zero', '{"a":-0}'],
    ['a zero before', '{"a":01}'],
    ['a zero behind', '{"a":1.50}'],
    ['an exponent', '{"a":1e3}'],
    ['too many digits', '{"a":12345678901234567890}'],
    ['a small number', '{"a":0.0000001}'],
    ['keys in another order', '{"b":1,"1":2}'],
    ['a comma too many', '{"a":[1,]}'],
    ['no end', '{"a":1'],
    ['more after the end', '{"a":1}}'],
    ['a text', '"a"'],
    ['a list', '[1]'],
  ])('is not that of a text with %s', (_, text) => {
    expect([sure(text), isCanonical(text)]).toEqual([false, false]);
  });

  it('is never said of a text that JSON.stringify would write in another way', () => {
    const unit = fc.constantFrom(
      '{',
      '}',
      '[',
      ']',
      ',',
      ':',
      '"',
      '\\',
      '0',
      '1',
      '.',
      '-',
      'e',
      'n',
      'u',
      ' ',
      'a',
      'null',
    );
    const anything = fc.oneof(
      fc.array(unit, { maxLength: 24 }).map((units) => `{"a":${units.join('')}}`),
      fc.tuple(fc.object(), fc.nat(), unit).map(([value, place, by]) => {
        const text = JSON.stringify(value);
        const at = place % (text.length + 1);
        return text.slice(0, at) + by + text.slice(at + (place % 2));
      }),
    );
    fc.assert(
      fc.property(anything, (text) => {
        if (sure(text)) expect(isCanonical(text)).toBe(true);
      }),
      { numRuns: 20_000 },
    );
  });

  it('is said of nearly every record that JSON.stringify wrote', () => {
    let said = 0;
    const runs = 2000;
    const value = fc.dictionary(
      fc.string({ unit: fc.constantFrom(...'abcdefgh_é手') }),
      fc.oneof(fc.string(), fc.integer()),
    );
    fc.assert(
      fc.property(value, (record) => {
        if (sure(JSON.stringify(record))) said++;
      }),
      { numRuns: runs },
    );
    expect(said).toBeGreaterThan(runs * 0.95);
  });
});
