import { expect, test } from 'vitest';
import { rings } from '../../screens/bell.ts';
import type { Entry } from '../../src/journal/records.ts';
import { intent, session } from './fixtures/models.ts';

const ended = (outcome: 'passed' | 'failed', ms: number, again?: number): Entry => ({
  type: 'step.result',
  step: 'deploy',
  attempt: 1,
  outcome,
  ms,
  summary: '',
  ...(again === undefined ? {} : { againInMs: again }),
});

test.each<[string, Entry, boolean]>([
  ['a short step that passed', ended('passed', 900), false],
  ['a long step that passed', ended('passed', 31_000), true],
  ['a step that failed', ended('failed', 900), true],
  ['an attempt that is tried again', ended('failed', 900, 3000), false],
])('%s', (_, entry, expected) => {
  expect(rings(session([intent('deploy')]), session([intent('deploy'), entry]), 30_000)).toBe(expected);
});

test('the past of a run that is attached to is silent', () => {
  const past = { ...session([intent('deploy')]), caughtUp: false };
  expect(rings(past, session([intent('deploy'), ended('failed', 900)]), 30_000)).toBe(false);
  expect(rings(undefined, session([intent('deploy'), ended('failed', 900)]), 30_000)).toBe(false);
});
