import { expect, test } from 'vitest';
import { chooseFrontEnd, type Surroundings } from '../../src/commands/front-end.ts';

const terminal: Surroundings = { stdin: { isTTY: true }, stdout: { isTTY: true, columns: 80, rows: 24 }, env: {} };

test.each<[string, Partial<Surroundings>, 'screens' | 'plain']>([
  ['a terminal', {}, 'screens'],
  ['--plain', { plain: true }, 'plain'],
  ['ACCESSIBLE=1', { env: { ACCESSIBLE: '1' } }, 'plain'],
  ['ACCESSIBLE=0', { env: { ACCESSIBLE: '0' } }, 'screens'],
  ['TERM=dumb', { env: { TERM: 'dumb' } }, 'plain'],
  ['a terminal of 0×0', { stdout: { isTTY: true, columns: 0, rows: 0 } }, 'plain'],
])('%s', (_, over, frontEnd) => {
  expect(chooseFrontEnd({ ...terminal, ...over })).toBe(frontEnd);
});

test.each<[string, Partial<Surroundings>]>([
  ['input that is a file', { stdin: {} }],
  ['output that is a file', { stdout: {} }],
])('%s is refused, also as plain lines: a secret would be echoed', (_, over) => {
  expect(() => chooseFrontEnd({ ...terminal, ...over, plain: true })).toThrow('no terminal');
});
