import { describe, expect, test } from 'vitest';
import { sectionsOf } from '../../screens/moves/home.ts';

const sections = (
  [
    { flow: 'incident', heading: 'It does not start', steps: 2 },
    { flow: 'incident', heading: 'The database is slow', steps: 1 },
    { flow: 'routine', heading: 'Backup', steps: 4 },
    { flow: 'routine', heading: 'Monthly', steps: 1, every: 'month' },
    { flow: 'routine', heading: 'Daily', steps: 3, every: 'day' },
    { flow: 'rollback', heading: 'Going back', steps: 1 },
  ] as const
).map((section) => ({ ...section, log: [], due: false }));

describe('which part of a flow is asked before where', () => {
  test('no symptom: an incident asks for it when it is open', () => {
    expect(sectionsOf({ sections }, 'incident')).toEqual([]);
  });
  test('one routine, what comes back most often first', () => {
    expect(sectionsOf({ sections }, 'routine')).toEqual(['Daily', 'Monthly', 'Backup']);
  });
  test('nothing where there is one way only, and never on the guided path', () => {
    expect(sectionsOf({ sections }, 'rollback')).toEqual([]);
    expect(sectionsOf({ sections }, 'setup')).toEqual([]);
  });
});
