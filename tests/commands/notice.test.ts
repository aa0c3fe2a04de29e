import { describe, expect, test } from 'vitest';
import { noticeOf, waitingNotice } from '../../src/commands/notice.ts';
import type { Entry } from '../../src/journal/records.ts';
import { intentOf, plannedStep, planOf, recordsOf, resultOf, stateOf } from '../engine/fixtures.ts';

const plan = planOf([plannedStep('rollout'), plannedStep('verify')]);
const LONG = 30_000;
const result = (over: object): Entry => ({ ...resultOf('rollout', 'passed'), ...over }) as Entry;
const seal: Entry = {
  type: 'seal',
  outcome: 'completed',
  open: [],
  counts: { passed: 2, failed: 0, skipped: 0, refused: 0, unknown: 0 },
  by: 'alice@ops',
};

describe('what a record is worth telling', () => {
  test.each<[string, Entry, string | undefined]>([
    ['a short step that passed: nothing', result({ ms: 200 }), undefined],
    ['a long step that passed', result({ ms: 31_000 }), 'step-ended'],
    ['a step that failed, however short', result({ ms: 200, outcome: 'failed' }), 'step-failed'],
    ['an attempt that is tried again: nothing', result({ outcome: 'failed', againInMs: 3000 }), undefined],
    ['the seal', seal, 'run-sealed'],
    ['a run that was left', { type: 'suspended', reason: 'no screen came back' }, 'run-suspended'],
    ['a note: nothing', { type: 'note', text: 'x', by: 'alice@ops' }, undefined],
  ])('%s', (_, entry, event) => {
    const records = recordsOf([entry]);
    const [record] = records;
    expect(record && noticeOf(record, stateOf(plan, [intentOf('rollout'), entry]), LONG)?.event).toBe(event);
  });

  test('says which run, where and what', () => {
    const [record] = recordsOf([result({ ms: 31_000, summary: 'v42' })]);
    expect(record && noticeOf(record, stateOf(plan, [intentOf('rollout')]), LONG)).toEqual({
      event: 'step-ended',
      run: 'run-1',
      runbook: 'Test',
      environment: 'staging',
      rehearsal: false,
      at: '2026-01-02T03:04:05.000Z',
      title: 'Step rollout: passed',
      step: 'rollout',
      outcome: 'passed',
      summary: 'v42',
      ms: 31_000,
    });
  });
});

test.each<[string, Entry[], boolean]>([
  ['before anything has run', [], false],
  ['while a step runs', [intentOf('rollout')], false],
  ['between two steps', [intentOf('rollout'), resultOf('rollout', 'passed')], true],
  ['after the seal', [intentOf('rollout'), resultOf('rollout', 'passed'), seal], false],
])('a run waits for its operator, or not: %s', (_, entries, waits) => {
  expect(waitingNotice(stateOf(plan, entries), 'now') !== undefined).toBe(waits);
});
