import { describe, expect, it } from 'vitest';
import { itemsOfRun, openItems } from '../../src/engine/checklist.ts';
import { foldAll } from '../../src/engine/state.ts';
import type { Entry, JournalRecord } from '../../src/journal/records.ts';
import { begin } from '../journal/a-journal.ts';

const LIST = [
  { id: 'up', text: 'the service answers', steps: ['health'] },
  { id: 'told', text: 'the on-call person knows', steps: [] },
  { id: 'back', text: 'the old version runs again', steps: ['release-back'] },
  { id: 'both', text: 'seeded and healthy', steps: ['seed', 'health'] },
];

const line = (id: string, stage: string) => ({ id, stage, title: id, uses: 'sh', effect: 'read' });
const PLAN = [
  line('seed', 'seed'),
  line('health', 'verify'),
  line('release-back', 'rollback'),
  line('tidy', 'routine'),
];

function after(flow: string, path: string[], ...entries: Entry[]) {
  const first: Entry = { ...begin(), flow, plan: PLAN, path, checklist: LIST };
  return foldAll(
    [first, ...entries].map((entry, seq) => ({ ...entry, seq, at: '', mono: 0, prev: '' }) as JournalRecord),
  );
}

const passed = (step: string): Entry => ({
  type: 'step.result',
  step,
  attempt: 1,
  outcome: 'passed',
  ms: 1,
  summary: '',
});

describe('the checklist of a run', () => {
  it.each([
    ['setup', ['seed', 'health'], ['up', 'told', 'both']],
    ['redeploy', ['health'], ['up', 'told', 'both']],
    ['rollback', ['release-back'], ['back']],
    ['routine', ['tidy'], []],
    ['incident', [], []],
  ])('holds for a %s what belongs to its path', (flow, path, items) => {
    expect(itemsOfRun(after(flow, path)).map(({ id }) => id)).toEqual(items);
    expect(openItems(after(flow, path))).toEqual(items);
  });

  it('holds what a step off the path proved, and what a person attested', () => {
    const told: Entry = { type: 'checklist', item: 'told', state: 'done', note: 'by phone', by: 'alice@ops' };
    const state = after('rollback', ['release-back'], passed('release-back'), passed('health'), told);
    expect(itemsOfRun(state).map(({ id }) => id)).toEqual(['up', 'told', 'back', 'both']);
    expect(openItems(state)).toEqual(['both']);
  });

  it('leaves open what was attested as not done, and not what does not apply', () => {
    const say = (item: string, state: 'not-done' | 'not-applicable'): Entry => ({
      ...{ type: 'checklist', item, state, note: 'no', by: 'alice@ops' },
    });
    const state = after('setup', ['seed', 'health'], say('told', 'not-done'), say('up', 'not-applicable'));
    expect(openItems(state)).toEqual(['told', 'both']);
  });
});
