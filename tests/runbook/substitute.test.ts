import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { sqlParameters } from '../../src/runbook/sql-parameters.ts';
import { references, substitute, substituteDeep } from '../../src/runbook/substitute.ts';

describe('substitute', () => {
  const values = { app: 'booking', night: '2025-11-15', price: '$5 $app' };

  test.each([
    ['$app', 'booking'],
    ['${app}s', 'bookings'],
    ['$app/$night', 'booking/2025-11-15'],
    ['$$app', '$app'],
    ['$$$app', '$booking'],
    ['costs $5, or $', 'costs $5, or $'],
    ['$price', '$5 $app'],
  ])('%s is %s', (text, expected) => {
    expect(substitute(text, values)).toBe(expected);
  });

  test.each([
    ['$ap', 'variable-undefined'],
    ['$constructor', 'variable-undefined'],
    ['${app:-x}', 'variable-malformed'],
    ['${', 'variable-malformed'],
  ])('%s is refused', (text, code) => {
    expect(() => substitute(text, values)).toThrow(expect.objectContaining({ code }));
  });

  test('leaves the names that it is told to keep', () => {
    expect(substitute('Bearer $TOKEN for ${app}', values, ['TOKEN'])).toBe('Bearer $TOKEN for booking');
  });

  test('goes into every string of plain data, and changes nothing else', () => {
    expect(substituteDeep({ a: ['$app', 3, null], $app: true }, values)).toEqual({
      a: ['booking', 3, null],
      $app: true,
    });
  });

  test('gives back any text whose dollars are doubled', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(substitute(text.replaceAll('$', '$$$$'), {})).toBe(text);
      }),
    );
  });

  test('puts in any value as it is, wherever it stands', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), fc.string(), (before, value, after) => {
        const plain = (text: string) => text.replaceAll('$', '$$$$');
        expect(substitute(`${plain(before)}\${it}${plain(after)}`, { it: value })).toBe(before + value + after);
      }),
    );
  });

  test('fails exactly for the names that references finds and nobody gives', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('$', '{', '}', 'a', 'B', '_', ' ', '1') }), (text) => {
        const names = references(text).map(({ name }) => name);
        const all = Object.fromEntries(names.flatMap((name) => (name === undefined ? [] : [[name, 'x']])));
        if (names.includes(undefined)) expect(() => substitute(text, all)).toThrow('is not a variable');
        else expect(substitute(text, all)).toBeTypeOf('string');
      }),
    );
  });
});

describe('the parameters of an SQL text', () => {
  test.each([
    ['select $a, ${b}::int', ['a', 'b']],
    ['select \'$a\', "$b", $c', ['c']],
    ["select 'it''s $a', $b", ['b']],
    ["select E'\\'$a', $b", ['b']],
    ['select $a -- $b\n, $c /* $d\n */', ['a', 'c']],
    ['do $$ begin perform $a; end $$; select $b', ['b']],
    ['select $tag$ $a $tag$, $b', ['b']],
  ])('%s', (sql, names) => {
    expect(sqlParameters(sql).map(({ name }) => name)).toEqual(names);
  });
});
