import { describe, expect, test } from 'vitest';
import { sectionsOf } from '../../screens/moves/home.ts';

const sections = [
  { flow: 'incident', heading: 'It does not start', steps: 2 },
  { flow: 'incident', heading: 'The database is slow', steps: 1 },
  { flow: 'routine', heading: 'Daily', steps: 3 },
  { flow: 'routine', heading: 'Backup', steps: 4 },
  { flow: 'rollback', heading: 'Going back', steps: 1 },
] as const;

describe('which part of a flow is asked before where', () => {
  test('a symptom, and that one does not know it', () => {
    expect(sectionsOf({ sections }, 'incident')).toEqual([undefined, 'It does not start', 'The database is slow']);
  });
  test('one routine: they are not walked one after the other', () => {
    expect(sectionsOf({ sections }, 'routine')).toEqual(['Daily', 'Backup']);
  });
  test('nothing where there is one way only, and never on the guided path', () => {
    expect(sectionsOf({ sections }, 'rollback')).toEqual([]);
    expect(sectionsOf({ sections }, 'setup')).toEqual([]);
  });
});
