import { expect, test } from 'vitest';
import { en } from '../../src/locale/en.ts';
import { es } from '../../src/locale/es.ts';
import { ja } from '../../src/locale/ja.ts';
import { DRILLS, type DrillName, drillsFor } from '../../src/rehearsal/drills.ts';
import { orderOf } from '../../src/rehearsal/order-of.ts';
import { loadRunbook } from '../../src/runbook/load.ts';
import { requestOf } from './open.ts';

const RELEASES = ['release-unhealthy', 'migration-fails', 'database-down'] as const;

test.each<[runbook: string, beyond: readonly DrillName[]]>([
  ['cabanas-staging', ['wrong-database-password', 'expired-token', 'constraint-missing']],
  ['salon-gbp-vps', ['backup-disk-full', 'wrong-database-password', 'worker-stuck']],
  ['horologen-render', []],
  ['fly-neon-production', ['wrong-database-password', 'expired-token']],
])('%s can practise what it has something for', async (name, beyond) => {
  const { steps } = await loadRunbook(name);
  expect(drillsFor(steps.map(({ uses }) => uses)).toSorted()).toEqual([...RELEASES, ...beyond].toSorted());
});

test('a drill that has nothing to break there is refused before anything starts', async () => {
  const runbook = await loadRunbook('horologen-render');
  expect(() => orderOf(requestOf({ runbook, drill: 'worker-stuck' }))).toThrow(
    expect.objectContaining({ code: 'rehearsal-drill-elsewhere' }),
  );
});

test('every drill has its words in every language', () => {
  for (const { drills } of [en, es, ja]) {
    expect(Object.keys(drills).toSorted()).toEqual(DRILLS.map(({ name }) => name).toSorted());
  }
});
