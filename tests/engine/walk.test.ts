import { describe, expect, test } from 'vitest';
import { legsOf, secretsToAsk } from '../../screens/walk.ts';
import { obstacle } from '../../src/engine/obstacle.ts';
import { missingSecrets } from '../../src/engine/walk.ts';
import type { Entry } from '../../src/journal/records.ts';
import { intentOf, plannedStep, planOf, resultOf, stateOf } from './fixtures.ts';

const position = { line: 1, column: 1 };
const url = { name: 'DATABASE_URL', ask: 'The URL', optional: false, from: ['attach'], position };
const migrate = plannedStep('migrate', { secrets: ['DATABASE_URL'] });
const plan = planOf([plannedStep('attach'), migrate, plannedStep('look', { effect: 'read' })], { secrets: [url] });

const passed = (id: string): Entry[] => [intentOf(id), resultOf(id, 'passed')];
const told: Entry = { type: 'secret.set', name: 'DATABASE_URL', source: 'step', by: 'alice@ops' };
const resumed = { type: 'resumed', by: 'alice@ops', pid: 2 } as unknown as Entry;
const left: Entry = { type: 'step.settled', step: 'attach', outcome: 'skipped', how: 'skipped', reason: 'x', by: 'a' };
const typed: Entry = { ...told, source: 'typed' };

describe('a secret that a step yields is entered by a person', () => {
  const table: [string, boolean, readonly Entry[]][] = [
    ['not before that step', false, []],
    ['not while the engine has it', false, [told, ...passed('attach')]],
    ['when the engine that had it is gone', true, [told, ...passed('attach'), resumed]],
    ['when the step was left out', true, [left]],
    ['when the step could not tell it', true, passed('attach')],
    ['once', false, [told, ...passed('attach'), resumed, typed]],
    ['not when the step is to run again', false, [intentOf('attach'), resumed, resultOf('attach', 'failed')]],
    ['not when no step is left that uses it', false, [told, ...passed('attach'), ...passed('migrate'), resumed]],
  ];
  test.each(table)('%s', (_, asked, entries) => {
    const state = stateOf(plan, entries);
    expect(missingSecrets(plan, state)).toEqual(asked ? ['DATABASE_URL'] : []);
    const leg = legsOf(plan)[0];
    const names = leg ? secretsToAsk(plan, leg, state, []).map(({ name }) => name) : [];
    expect(names).toEqual(asked ? ['DATABASE_URL'] : []);
  });

  const next = (entries: readonly Entry[]) => {
    const ready = { plan, state: stateOf(plan, entries), secretNames: migrate.secrets, typed: undefined, destroys: '' };
    return obstacle(migrate, ready)?.next;
  };
  test('the refusal of what needs it says which of the two helps', () => {
    expect(next([])).toEqual(['run "Step attach", which yields it']);
    expect(next([told, ...passed('attach'), resumed])).toEqual(['enter it on the Secrets screen']);
    expect(next([told, ...passed('attach'), resumed, typed])).toBeUndefined();
  });

  test('before the lock is taken in its database', () => {
    const locked = planOf([plannedStep('attach'), plannedStep('change')], {
      environment: { ...plan.environment, lock: 'DATABASE_URL' },
      secrets: [url],
    });
    const gone = stateOf(locked, [told, ...passed('attach'), resumed]);
    expect(missingSecrets(locked, gone)).toEqual(['DATABASE_URL']);
    const change = locked.steps[1] ?? migrate;
    const asked = { plan: locked, secretNames: [], typed: undefined, destroys: '' };
    expect(obstacle(change, { ...asked, state: gone })).toMatchObject({ code: 'secret-missing' });
    expect(obstacle(change, { ...asked, state: stateOf(locked, []) })).toBeUndefined();
  });
});
