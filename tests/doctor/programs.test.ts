import { expect, test } from 'vitest';
import { programsOf } from '../../src/doctor/programs.ts';
import type { Step } from '../../src/runbook/types.ts';
import { plannedStep } from '../engine/fixtures.ts';

const script = (body: string, over: Partial<Step> = {}) => plannedStep('x', { body, ...over });

test.each<[string, Step, string[]]>([
  ['a task of Fly', script('app: x', { language: 'yaml', uses: 'fly/deploy' }), ['flyctl']],
  ['a task of compose', script('', { language: 'yaml', uses: 'compose/deploy' }), ['docker']],
  ['a task of GitHub', script('', { language: 'yaml', uses: 'github/run' }), ['gh']],
  ['a script, by its commands', script('psql "$URL" -c "select 1" | jq .'), ['psql', 'jq']],
  ['a command in a condition', script('if ! curl -fsS "$url"; then exit 1; fi'), ['curl']],
  ['a word that is no command', script('echo "run psql yourself"  # curl is not used'), []],
  ['a longer name', script('psqlx; my-curl x'), []],
  ['Python', script('print(1)', { language: 'python' }), ['python3']],
  [
    'another host: what is called there is not needed here',
    script('psql', { on: { kind: 'ssh', host: 'h' } }),
    ['ssh'],
  ],
  ['a person', script('run psql', { language: 'manual', uses: 'manual' }), []],
])('%s', (_, step, names) => {
  const found = programsOf({ title: 'Test', steps: [step] });
  expect(found.map(({ name }) => name)).toEqual(names);
  for (const { why, install } of found) {
    expect(why).toBe('Test: Step x');
    expect(install.length).toBeGreaterThan(0);
  }
});

test('flyctl must be as new as a runbook’s own check asks', () => {
  const check = script('', { language: 'yaml', uses: 'fly/ready', input: { min_version: '0.4.2' } });
  const [flyctl] = programsOf({ title: 'Test', steps: [check] });
  expect(flyctl).toMatchObject({ name: 'flyctl', minimum: '0.4.2' });
});
