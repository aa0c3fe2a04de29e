import { describe, expect, test } from 'vitest';
import { autoIntent } from '../../src/commands/auto.ts';
import type { Offers } from '../../src/commands/offer.ts';
import type { Entry } from '../../src/journal/records.ts';
import type { Choice } from '../../tasks/task.ts';
import { intentOf, plannedStep, planOf, resultOf, stateOf } from '../engine/fixtures.ts';

const plan = planOf(
  [
    plannedStep('tools', { stage: 'preflight', effect: 'read' }),
    plannedStep('login', { stage: 'preflight', effect: 'read' }),
    plannedStep('redis', { stage: 'seed', uses: 'manual', language: 'manual' }),
    plannedStep('rollout', { undo: 'back' }),
    plannedStep('back', { stage: 'rollback' }),
  ],
  { secrets: [{ name: 'TOKEN', ask: 'The token', optional: false, position: { line: 1, column: 1 } }] },
);
const none: Offers = new Map();
const releases: Choice = {
  field: 'image',
  options: [
    { value: 'registry/app:2', label: 'v2' },
    { value: 'registry/app:1', label: 'v1' },
  ],
  suggested: 1,
};
const done = (...ids: string[]) => ids.flatMap((id) => [intentOf(id), resultOf(id, 'passed')]);
const secret: Entry = { type: 'secret.set', name: 'TOKEN', source: 'rehearsal', by: 'a' };
const byHand: Entry = { type: 'step.settled', step: 'redis', outcome: 'skipped', how: 'skipped', reason: '', by: 'a' };
const failedRollout = [...done('tools', 'login'), secret, byHand, intentOf('rollout'), resultOf('rollout', 'failed')];

describe('a rehearsal that walks itself', () => {
  const table: [string, Entry[], ReturnType<typeof autoIntent>][] = [
    ['runs the whole pre-flight at once', [], { kind: 'run', steps: ['tools', 'login'] }],
    ['waits while something runs', [intentOf('tools')], undefined],
    [
      'enters the secrets after the pre-flight',
      done('tools', 'login'),
      { kind: 'secret', name: 'TOKEN', source: 'rehearsal' },
    ],
    [
      'leaves to a person what a person does',
      [...done('tools', 'login'), secret],
      { kind: 'settle', step: 'redis', how: 'skipped', reason: '--auto: a person does this' },
    ],
    ['runs one step after the other', [...done('tools', 'login'), secret, byHand], { kind: 'run', steps: ['rollout'] }],
    ['asks what a failed step’s undo offers', failedRollout, { kind: 'choose', step: 'back' }],
    [
      'seals when the path is walked',
      [...done('tools', 'login'), secret, byHand, ...done('rollout')],
      { kind: 'seal' },
    ],
    ['seals after the undo, too', [...failedRollout, ...done('back')], { kind: 'seal' }],
  ];
  test.each(table)('%s', (_, entries, intent) => {
    expect(autoIntent(plan, stateOf(plan, entries), none)).toEqual(intent);
  });

  test('seals when there is nothing to go back to', () => {
    expect(autoIntent(plan, stateOf(plan, failedRollout), new Map([['back', 'refused']]))).toEqual({ kind: 'seal' });
  });

  test('takes the suggested option', () => {
    const offered: Offers = new Map([['back', releases]]);
    const intent = { kind: 'run', steps: ['back'], inputs: { back: { image: 'registry/app:1' } } };
    expect(autoIntent(plan, stateOf(plan, failedRollout), offered)).toEqual(intent);
  });
});
