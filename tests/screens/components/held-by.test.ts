import { expect, test } from 'vitest';
import { heldBy } from '../../../screens/components/held-by.ts';
import type { Model } from '../../../screens/ui-state.ts';
import type { Locale } from '../../../src/locale/index.ts';
import type { ProblemDetail } from '../../../src/problem.ts';
import { modelOf } from '../fixtures/models.ts';

function met(locale: Locale): { model: Model; problem: ProblemDetail } {
  const model = modelOf('over: take over', locale);
  const { overlay } = model.ui;
  if (overlay?.kind !== 'takeOver') throw new Error('the fixture shows no lock');
  return { model, problem: overlay.problem };
}

test.each([
  ['en', 'alice@ops · since 2026-11-22 02:29 (05:29 UTC) · on ops-1 from 203.0.113.7 · at “Deploy” · 20261122-0529-k3'],
  [
    'es',
    'alice@ops · desde 2026-11-22 02:29 (05:29 UTC) · en ops-1, desde 203.0.113.7 · en «Deploy» · 20261122-0529-k3',
  ],
  [
    'ja',
    'alice@ops・2026-11-22 02:29 (05:29 UTC) 開始 · ops-1（接続元 203.0.113.7） · 手順「Deploy」 · 20261122-0529-k3',
  ],
] as const)('says in %s who has the lock and where, and since when in the runbook’s time zone', (locale, who) => {
  const { model, problem } = met(locale);
  expect(heldBy(model, problem)).toEqual({ what: model.messages.takeOver.held, means: who, next: problem.next });
});

test('a lock whose holder nobody knows, and another problem, are told as they are', () => {
  const { model, problem } = met('ja');
  const { holder: _, ...unknown } = problem;
  const other = { ...problem, code: 'lock-not-typed' } as const;
  expect(heldBy(model, unknown)).toBe(unknown);
  expect(heldBy(model, other)).toBe(other);
});
