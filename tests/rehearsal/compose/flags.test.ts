import { describe, expect, test } from 'vitest';
import { FlagError, flagOf, isSet, readFlags } from '../../../src/rehearsal/compose/flags.ts';

const SPECS = [
  { long: 'all', short: 'a' },
  { long: 'quiet', short: 'q' },
  { long: 'env', short: 'e', value: true },
  { long: 'tail', short: 'n', value: true },
];

describe('read as pflag reads them', () => {
  test.each([
    ['-aq', { all: ['true'], quiet: ['true'] }, []],
    ['--all=false api', { all: ['false'] }, ['api']],
    ['api --tail 5', { tail: ['5'] }, ['api']],
    ['-n5', { tail: ['5'] }, []],
    ['-n=5', { tail: ['5'] }, []],
    ['-e A=1 -e B=x=y', { env: ['A=1', 'B=x=y'] }, []],
    ['-- --all', {}, ['--all']],
    ['-', {}, ['-']],
  ])('%s', (line, flags, args) => {
    expect(readFlags(line.split(' '), SPECS)).toEqual({ flags, args });
  });

  test.each([
    ['--json', 'unknown flag: --json'],
    ['-ax', "unknown shorthand flag: 'x' in -ax"],
    ['--tail', 'flag needs an argument: --tail'],
    ['-n', "flag needs an argument: 'n' in -n"],
  ])('%s is refused', (line, message) => {
    expect(() => readFlags(line.split(' '), SPECS)).toThrow(new FlagError(message));
  });

  test('what follows the first argument belongs to it, where a command follows', () => {
    const words = readFlags(['-e', 'A=1', 'api', 'sh', '-c', 'x'], SPECS, false);
    expect(words.args).toEqual(['api', 'sh', '-c', 'x']);
    expect(flagOf(words, 'env')).toBe('A=1');
  });

  test('a switch is on, off, or not there', () => {
    expect([['--all'], ['--all=0'], []].map((words) => isSet(readFlags(words, SPECS), 'all'))).toEqual([
      true,
      false,
      false,
    ]);
  });
});
