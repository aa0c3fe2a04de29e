import { describe, expect, test } from 'vitest';
import { countOutcomes } from '../../src/engine/state.ts';
import { destroyedBy, nextStep, restOfStage } from '../../src/engine/walk.ts';
import { intentOf, plannedStep, planOf, resultOf, stateOf } from './fixtures.ts';

const plan = planOf(
  [
    plannedStep('a', { stage: 'preflight' }),
    plannedStep('b', { stage: 'deploy' }),
    plannedStep('c', { stage: 'deploy' }),
    plannedStep('d', { stage: 'verify' }),
    plannedStep('back', { stage: 'rollback' }),
  ],
  { checklist: [{ id: 'item-1', text: 'B and C work', steps: ['b', 'c'], position: { line: 1, column: 1 } }] },
);

describe('the fold', () => {
  test('a step runs from its intent to its result', () => {
    expect(stateOf(plan, [intentOf('a')])).toMatchObject({
      running: ['a'],
      steps: { a: { status: 'running', attempts: 1 } },
    });
    const done = stateOf(plan, [intentOf('a'), resultOf('a', 'passed')]);
    expect(done).toMatchObject({ running: [], steps: { a: { status: 'passed', attempts: 1 } } });
  });
  test('a failed attempt with another to come leaves the step running', () => {
    const state = stateOf(plan, [intentOf('a'), { ...resultOf('a', 'failed'), againInMs: 10 } as never]);
    expect(state).toMatchObject({ running: ['a'], steps: { a: { status: 'running' } } });
  });
  test('a second run forgets the first one’s problem', () => {
    const failed = { ...resultOf('a', 'failed'), problem: { code: 'x', what: 'x' } } as never;
    expect(stateOf(plan, [intentOf('a'), failed, intentOf('a', 2)]).steps['a']).not.toHaveProperty('problem');
  });
  test('a checklist item ticks itself when all its steps passed, and opens again when one no longer does', () => {
    const b = [intentOf('b'), resultOf('b', 'passed')];
    const c = [intentOf('c'), resultOf('c', 'passed')];
    expect(stateOf(plan, b).checklist[0]?.state).toBe('open');
    expect(stateOf(plan, [...b, ...c]).checklist[0]?.state).toBe('done');
    expect(stateOf(plan, [...b, ...c, intentOf('b', 2), resultOf('b', 'failed', 2)]).checklist[0]?.state).toBe('open');
  });
  test('a lock that was lost is lost until the run is resumed', () => {
    const lost = { type: 'lock.lost', scope: 'database', by: 'ben@ops' } as const;
    expect(stateOf(plan, [lost]).lock).toMatchObject({ type: 'lock.lost', by: 'ben@ops' });
    expect(stateOf(plan, [lost, { type: 'resumed', by: 'alice@ops' }])).not.toHaveProperty('lock');
  });
  test('outcomes are counted over the steps that have one', () => {
    const state = stateOf(plan, [
      intentOf('a'),
      resultOf('a', 'passed'),
      intentOf('b'),
      resultOf('b', 'failed'),
      intentOf('c'),
    ]);
    expect(countOutcomes(state)).toEqual({ passed: 1, failed: 1, skipped: 0, refused: 0, unknown: 0 });
  });
});

describe('the walk', () => {
  test('goes along the path and leaves out what is off it', () => {
    expect(nextStep(plan, stateOf(plan))?.id).toBe('a');
    const all = ['a', 'b', 'c', 'd'].flatMap((id) => [intentOf(id), resultOf(id, 'passed')]);
    expect(nextStep(plan, stateOf(plan, all))).toBeUndefined();
  });
  test('the rest of the stage ends where the next stage begins', () => {
    const state = stateOf(plan, [intentOf('a'), resultOf('a', 'passed')]);
    expect(restOfStage(plan, state).map(({ id }) => id)).toEqual(['b', 'c']);
  });
  test('a failed step holds the path up', () => {
    const state = stateOf(plan, [intentOf('a'), resultOf('a', 'failed')]);
    expect(nextStep(plan, state)?.id).toBe('a');
  });
});

describe('the name that is typed before something is destroyed', () => {
  const table: [string, Record<string, string> | undefined, string][] = [
    ['the name of what goes', { name: 'old-db', app: 'shop' }, 'old-db'],
    ['else the app', { app: '$app' }, 'shop-stg'],
    ['else the environment', undefined, 'staging'],
    ['a capture that is not there yet stays a name', { name: '$backup' }, '$backup'],
  ];
  test.each(table)('is %s', (_, input, name) => {
    const step = plannedStep('drop', { effect: 'destroy', captured: ['backup'], ...(input ? { input } : {}) });
    const plan = planOf([step], { values: { app: 'shop-stg' } });
    expect(destroyedBy(step, plan, stateOf(plan))).toBe(name);
  });
});
