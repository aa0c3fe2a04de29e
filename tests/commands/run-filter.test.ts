import { expect, test } from 'vitest';
import { filterRuns, type RunFilter } from '../../src/commands/run-filter.ts';
import type { RunListing } from '../../src/commands/runs.ts';

const run = (name: string, over: Partial<RunListing>): RunListing => ({
  run: name,
  journal: `/runs/${name}/journal.jsonl`,
  title: 'Booking API',
  runbook: '/srv/runbooks/booking.md',
  environment: 'staging',
  rehearsal: false,
  flow: 'setup',
  operator: 'alice@ops',
  startedAt: '2026-01-02T03:04:05.000Z',
  state: 'sealed',
  ...over,
});
const RUNS = [
  run('d', { state: 'live' }),
  run('c', { environment: 'production', operator: 'bo@ops' }),
  run('b', { state: 'stopped', title: 'Board', runbook: '/srv/board.md' }),
  run('a', {}),
];

test.each<[string, RunFilter, string]>([
  ['all of them', {}, 'dcba'],
  ['an environment', { env: 'production' }, 'c'],
  ['a state', { state: 'stopped' }, 'b'],
  ['a runbook by its name', { runbook: 'booking' }, 'dca'],
  ['a runbook by its title', { runbook: 'Board' }, 'b'],
  ['a runbook by its file', { runbook: '/srv/board.md' }, 'b'],
  ['an operator', { operator: 'bo@ops' }, 'c'],
  ['two at once', { env: 'staging', state: 'sealed' }, 'a'],
  ['none', { env: 'rehearsal' }, ''],
])('%s', (_, filter, names) => {
  expect(
    filterRuns(RUNS, filter)
      .map((each) => each.run)
      .join(''),
  ).toBe(names);
});
