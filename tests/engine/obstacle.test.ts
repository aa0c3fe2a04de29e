import { describe, expect, test } from 'vitest';
import { obstacle } from '../../src/engine/obstacle.ts';
import type { Plan, PlannedStep } from '../../src/engine/plan.ts';
import type { Entry } from '../../src/journal/records.ts';
import { intentOf, plannedStep, planOf, resultOf, stateOf } from './fixtures.ts';

const check = plannedStep('check', { stage: 'preflight', effect: 'read' });
const deploy = plannedStep('deploy', { needs: ['check'], budget: 2 });
const drop = plannedStep('drop', { effect: 'destroy' });
const plan = planOf([check, deploy, drop]);
const guarded = planOf([check, deploy, drop], {
  environment: { name: 'production', guard: 'typed', rehearsal: false },
});
const ready = resultOf('check', 'passed');
const satisfied: Entry = { type: 'guard.satisfied', guard: 'typed', how: 'typed', by: 'alice@ops' };

const left = (how: 'skipped' | 'by-hand'): Entry => ({
  type: 'step.settled',
  step: 'check',
  outcome: how === 'skipped' ? 'skipped' : 'passed',
  how,
  reason: 'the owner decided at 03:10',
  by: 'alice@ops',
});
const dropDecided = plannedStep('drop', { effect: 'destroy', needs: ['check'] });

interface Row {
  plan?: Plan;
  step: PlannedStep;
  entries?: Entry[];
  secretNames?: string[];
  typed?: string;
  code: string | undefined;
}

const rows: Record<string, Row> = {
  'a check may run at once': { step: check, code: undefined },
  'a check may run before the guard is satisfied': { plan: guarded, step: check, code: undefined },
  'a write waits for the steps it needs': { step: deploy, code: 'needs-unmet' },
  'nothing starts once the lock is lost': {
    step: check,
    entries: [{ type: 'lock.lost', scope: 'host', by: 'ben@ops' }],
    code: 'lock-lost',
  },
  'a failed need is unmet': { step: deploy, entries: [resultOf('check', 'failed')], code: 'needs-unmet' },
  'a write may run when its needs passed': { step: deploy, entries: [ready], code: undefined },
  'a write goes on when what it needs was skipped': { step: deploy, entries: [left('skipped')], code: undefined },
  'a step that destroys does not': {
    step: dropDecided,
    entries: [left('skipped')],
    typed: 'the-app',
    code: 'needs-unmet',
  },
  'a step that destroys goes on when what it needs was attested': {
    step: dropDecided,
    entries: [left('by-hand')],
    typed: 'the-app',
    code: undefined,
  },
  'a write waits for the guard': { plan: guarded, step: deploy, entries: [ready], code: 'guard-unsatisfied' },
  'a write may run when the guard is satisfied': {
    plan: guarded,
    step: deploy,
    entries: [ready, satisfied],
    code: undefined,
  },
  'a running step does not run twice': { step: deploy, entries: [ready, intentOf('deploy')], code: 'step-running' },
  'a budget counts every attempt, failed ones too': {
    step: deploy,
    entries: [
      ready,
      intentOf('deploy'),
      resultOf('deploy', 'failed'),
      intentOf('deploy', 2),
      resultOf('deploy', 'failed', 2),
    ],
    code: 'budget-spent',
  },
  'below its budget a step may run again': {
    step: deploy,
    entries: [ready, intentOf('deploy'), resultOf('deploy', 'failed')],
    code: undefined,
  },
  'destroying asks for the name, guard or not': { step: drop, code: 'not-typed' },
  'destroying refuses another name': { step: drop, typed: 'prod', code: 'not-typed' },
  'destroying goes on with the very name': { step: drop, typed: 'the-app', code: undefined },
  'a secret that was not entered stands in the way': { step: check, secretNames: ['TOKEN'], code: 'secret-missing' },
  'nothing runs after the seal': {
    step: check,
    entries: [
      {
        type: 'seal',
        outcome: 'completed',
        open: [],
        counts: { passed: 0, failed: 0, skipped: 0, refused: 0, unknown: 0 },
        by: 'a',
      },
    ],
    code: 'run-sealed',
  },
};

describe('what keeps a step from running', () => {
  test.each(Object.entries(rows))('%s', (_, row) => {
    const of = row.plan ?? plan;
    const found = obstacle(row.step, {
      plan: of,
      state: stateOf(of, row.entries),
      secretNames: row.secretNames ?? [],
      typed: row.typed,
      destroys: 'the-app',
    });
    expect(found?.code).toBe(row.code);
    if (found) expect(found.next.length).toBeGreaterThan(0);
  });
});
