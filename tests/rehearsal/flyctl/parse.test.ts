import { describe, expect, test } from 'vitest';
import { parseArgv, parseDuration } from '../../../src/rehearsal/flyctl/parse.ts';

function read(line: string) {
  const parsed = parseArgv(line.split(' '), 'fly');
  if (parsed.kind === 'run') {
    const { command, flags, args } = parsed.invocation;
    return { runs: command.path, flags: Object.fromEntries(flags), args };
  }
  if (parsed.kind === 'help') return { help: parsed.command.path };
  return parsed.kind === 'refused' ? { refused: parsed.message } : { version: true };
}

describe('what would run', () => {
  test.each([
    ['status -a booking --json', 'status', { app: ['booking'], json: ['true'] }, []],
    ['status -ja booking', 'status', { json: ['true'], app: ['booking'] }, []],
    ['status --app=booking', 'status', { app: ['booking'] }, []],
    ['status -abooking', 'status', { app: ['booking'] }, []],
    ['pg ls', 'postgres list', {}, []],
    ['m ls -q', 'machine list', { quiet: ['true'] }, []],
    ['-t token auth whoami', 'auth whoami', { 'access-token': ['token'] }, []],
    ['deploy --auto-confirm', 'deploy', { yes: ['true'] }, []],
    ['deploy --only-regions eze', 'deploy', { regions: ['eze'] }, []],
    ['deploy --depot --wait-timeout 5m', 'deploy', { depot: ['true'], 'wait-timeout': ['5m'] }, []],
    ['secrets set A=1 B=2 --stage', 'secrets set', { stage: ['true'] }, ['A=1', 'B=2']],
    ['ssh console -C printenv\u00a0X', 'ssh console', { command: ['printenv\u00a0X'] }, []],
    ['apps destroy -- -y', 'apps destroy', {}, ['-y']],
  ])('%s', (line, runs, flags, args) => {
    expect(read(line)).toEqual({ runs, flags, args });
  });
});

describe('what is refused while it is read', () => {
  test.each([
    ['nonsense', 'unknown command "nonsense" for "fly"'],
    ['restart -a booking', 'unknown command "restart" for "fly"'],
    ['releases rollback -a booking', 'unknown command "rollback" for "fly releases"'],
    ['logs -f', "unknown shorthand flag: 'f' in -f"],
    ['logs -nf', "unknown shorthand flag: 'f' in -f"],
    ['logs --lines 200', 'unknown flag: --lines'],
    ['deploy --strat rolling', 'unknown flag: --strat'],
    ['status -a', "flag needs an argument: 'a' in -a"],
    ['status --app', 'flag needs an argument: --app'],
    ['status --=x', 'bad flag syntax: --=x'],
    ['status --rate x', 'invalid argument "x" for "--rate" flag: strconv.ParseInt: parsing "x": invalid syntax'],
    [
      'status --json=maybe',
      'invalid argument "maybe" for "-j, --json" flag: strconv.ParseBool: parsing "maybe": invalid syntax',
    ],
    ['secrets set', 'requires at least 1 arg(s), only received 0'],
    ['postgres attach', 'accepts 1 arg(s), received 0'],
    ['machine exec', 'accepts between 1 and 2 arg(s), received 0'],
    ['apps restart a b', 'accepts at most 1 arg(s), received 2'],
  ])('%s', (line, refused) => {
    expect(read(line)).toEqual({ refused });
  });
});

test.each([
  ['postgres'],
  ['postgres status'],
  ['history'],
  ['apps suspend booking'],
  ['secrets'],
  ['status --help'],
  ['--help'],
])('%s prints help', (line) => {
  expect(read(line)).toHaveProperty('help');
});

test('a word of an unknown flag is taken for its value while the command is looked for', () => {
  expect(read('--json status')).toEqual({ refused: 'unknown flag: --json' });
});

test.each([
  ['0', 0],
  ['300ms', 300],
  ['1m30s', 90_000],
  ['1.5h', 5_400_000],
  ['-2s', -2000],
  ['5', undefined],
  ['5 m', undefined],
  ['', undefined],
])('the duration %j is %j milliseconds', (text, ms) => {
  expect(parseDuration(text)).toBe(ms);
});
