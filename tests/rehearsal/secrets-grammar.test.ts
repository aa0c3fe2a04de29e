import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseSecrets, SecretLineError, SecretPanic } from '../../src/rehearsal/fly/secrets-grammar.ts';

describe('what `flyctl secrets import` stores', () => {
  test.each([
    ['P=abc', 'abc', ''],
    ['P=abc#def', 'abc', 'cut at the #, without a word'],
    ["P='abc#def'", "'abc", 'single quotes do not protect'],
    ['P="abc#def"', 'abc#def', ''],
    ['P="""a#b"""', 'a#b', ''],
    ['P="BAR BAZ" # note', 'BAR BAZ', ''],
    ['P="""\nl1\n"""', '\nl1\n', ''],
    ['P="""l1\nl2"""', 'l1\nl2', ''],
    ['P="a\\nb"', 'a\\nb', 'backslash-n stays two characters'],
    ['P=x   ', 'x   ', 'trailing blanks stay'],
    ['P =   x', 'x', ''],
    ["P='x'", 'x', ''],
    ['P=a=b', 'a=b', ''],
    ['P=$HOME', '$HOME', ''],
    ['P=x\r', 'x', ''],
    ['P=', '', ''],
  ])('%j is stored as %j (%s)', (input, value) => {
    expect(parseSecrets(`${input}\n`).get('P')).toBe(value);
  });

  test('`export` stays in the name', () => {
    expect([...parseSecrets('export P=x\n')]).toEqual([['export P', 'x']]);
  });

  test('comments in the first column and blank lines are nothing', () => {
    expect(parseSecrets('# a=b\n\n   \n').size).toBe(0);
  });

  test('an unterminated """ is dropped, with everything after it', () => {
    expect([...parseSecrets('A=1\nP="""x\nB=2\n')]).toEqual([['A', '1']]);
  });

  test('a line that is too long ends it', () => {
    expect([...parseSecrets(`A=1\nB=${'x'.repeat(70_000)}\nC=3\n`)]).toEqual([['A', '1']]);
  });

  test.each(['  # indented', 'NAME'])('%j is an error that quotes the line', (line) => {
    expect(() => parseSecrets(line)).toThrow(
      new SecretLineError(`Secrets must be provided as NAME=VALUE pairs (${line} is invalid)`),
    );
  });

  test('P=" panics', () => {
    expect(() => parseSecrets('P="')).toThrow(SecretPanic);
  });
});

test('a value in """ on one line comes back whole, unless it holds quotes, a line feed or an odd # ', () => {
  const value = fc.string({ unit: 'grapheme', maxLength: 80 }).filter((text) => !/["\n\r]/.test(text));
  fc.assert(
    fc.property(value, (text) => {
      expect(parseSecrets(`P="""${text}"""\n`).get('P')).toBe(text);
    }),
  );
});
