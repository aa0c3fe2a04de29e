import { describe, expect, test } from 'vitest';
import type { PlanRequest } from '../../src/engine/plan.ts';
import { planEdited } from '../../src/engine/plan-edited.ts';
import { TASK_NAMES, taskFor } from '../../tasks/registry.ts';
import { refusal } from '../refusal.ts';
import { fence, parse, runbook } from '../runbook/a-runbook.ts';

const REQUEST: PlanRequest = {
  environment: 'staging',
  flow: 'setup',
  values: {},
  today: '2026-03-01',
  tasks: taskFor,
  taskNames: TASK_NAMES,
};

const RUNBOOK = parse(
  runbook(
    fence('bash deploy id=bookings timeout=9s budget=2 secrets=TOKEN', 'curl "$base_url" <<< "$TOKEN"') +
      fence('bash verify id=look', 'curl "$base_url"') +
      fence('http verify id=answer', 'GET $base_url/healthz'),
  ),
);

const edited = (id: string, body: string) => planEdited(RUNBOOK, REQUEST, id, body);

describe('an edited command', () => {
  test('is the step as it was, with the other text', () => {
    const step = edited('bookings', 'curl --retry 3 "$base_url" <<< "$TOKEN"');
    expect(step).toMatchObject({
      id: 'bookings',
      edited: true,
      body: 'curl --retry 3 "$base_url" <<< "$TOKEN"',
      command: ['curl --retry 3 "$base_url" <<< "$TOKEN"'],
      effect: 'write',
      timeoutMs: 9000,
      budget: 2,
      secrets: ['TOKEN'],
    });
  });

  test('counts as a change, also of a step that only reads', () => {
    expect(edited('look', 'rm -r cache').effect).toBe('write');
  });

  test.each([
    ['a name without a value', 'bookings', 'echo "$nihgt"', /`nihgt` has no value in staging/],
    [
      'a secret on a command line',
      'bookings',
      'curl -H "Authorization: $TOKEN" "$base_url"',
      /Every process on the host/,
    ],
    ['a secret that the step does not name', 'look', 'login <<< "$TOKEN"', /This step does not see `TOKEN`/],
    ['an effect that the runbook does not allow', 'answer', 'DELETE $base_url/shops', /verify step says read/],
    ['a request that is none', 'answer', 'what is this', /./],
    ['nothing', 'bookings', ' \n', /nothing to run/],
    ['a mark that turns the writing', 'bookings', 'echo \u202e', /invisible character/],
  ])('with %s is refused, and says why', (_, id, body, what) => {
    const problem = refusal(() => edited(id, body));
    expect(problem).toMatchObject({ code: 'edit-refused', exit: 7, means: expect.stringMatching(/^Nothing was run/) });
    expect(problem.what).toMatch(what);
    // It is in no file: no line of one is named.
    expect(problem.where).toBeUndefined();
  });
});
