import { describe, expect, test } from 'vitest';
import { probesOf, requireSameRunbook, unknownOutcomes } from '../../src/engine/resumption.ts';
import { foldAll } from '../../src/engine/state.ts';
import type { Entry, RecordOf } from '../../src/journal/records.ts';
import { beginOf, intentOf, plannedStep, planOf, recordsOf, resultOf, stateOf } from './fixtures.ts';

const plan = planOf([
  plannedStep('seed'),
  plannedStep('rollout', { probe: 'status' }),
  plannedStep('status', { stage: 'verify', effect: 'read' }),
]);
const cutShort = [intentOf('seed'), resultOf('seed', 'passed'), intentOf('rollout')];

describe('a run whose engine died', () => {
  test('has an unknown outcome for each step with an intent and no result, and for no other', () => {
    const entries = unknownOutcomes(stateOf(plan, cutShort));
    expect(entries).toMatchObject([{ type: 'step.result', step: 'rollout', attempt: 1, outcome: 'unknown' }]);
    const after = foldAll(recordsOf([beginOf(plan), ...cutShort, { type: 'resumed', by: 'a' }, ...entries]));
    expect(after.running).toEqual([]);
    expect(after.steps['rollout']).toMatchObject({ status: 'unknown', attempts: 1 });
  });

  test('that waited to try a step again knows how the last attempt went: it failed, and no other had begun', () => {
    const waiting = { ...resultOf('rollout', 'failed'), againInMs: 3_000 } as Entry;
    const state = stateOf(plan, [...cutShort, waiting]);
    expect(state.steps['rollout']?.status).toBe('running');
    expect(unknownOutcomes(state)).toMatchObject([{ step: 'rollout', attempt: 1, outcome: 'failed' }]);
    expect(probesOf(plan, state)).toEqual([]);
    // The next attempt did begin: then nobody knows.
    expect(unknownOutcomes(stateOf(plan, [...cutShort, waiting, intentOf('rollout', 2)]))).toMatchObject([
      { step: 'rollout', attempt: 2, outcome: 'unknown' },
    ]);
  });

  test('asks the probe of such a step', () => {
    expect(probesOf(plan, stateOf(plan, cutShort))).toEqual(['status']);
    expect(probesOf(plan, stateOf(plan, [intentOf('seed')]))).toEqual([]);
  });

  test('has lost its secrets: they are asked for again', () => {
    const set = { type: 'secret.set', name: 'TOKEN', source: 'typed', by: 'a' } as const;
    expect(stateOf(plan, [set]).secrets).toHaveProperty('TOKEN');
    expect(stateOf(plan, [set, { type: 'resumed', by: 'a' }]).secrets).toEqual({});
  });
});

describe('a runbook that changed', () => {
  const begin = beginOf(plan) as RecordOf<'begin'>;
  test('is the same by its digest', () => {
    expect(() => requireSameRunbook(begin, plan)).not.toThrow();
  });
  test('is refused with the steps that were added, taken away and changed', () => {
    const now = planOf([
      plannedStep('seed', { effect: 'destroy' }),
      plannedStep('canary'),
      plannedStep('status', { stage: 'verify', effect: 'read' }),
    ]);
    const changed = { ...now, runbook: { ...now.runbook, digest: 'e'.repeat(64) } };
    expect(() => requireSameRunbook(begin, changed)).toThrow(
      expect.objectContaining({
        code: 'runbook-changed',
        next: expect.arrayContaining([
          expect.stringMatching(/^- rollout/),
          expect.stringMatching(/^\+ canary/),
          expect.stringMatching(/^~ seed: .*destroy/),
        ]),
      }),
    );
  });
});
