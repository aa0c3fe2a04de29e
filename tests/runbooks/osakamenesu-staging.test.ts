import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { buildPlan, type Plan } from '../../src/engine/plan.ts';
import { flyNames } from '../../src/engine/plan-resources.ts';
import { loadRunbook } from '../../src/runbook/load.ts';
import { parseRunbook } from '../../src/runbook/parse.ts';
import { FLOWS, type Flow } from '../../src/runbook/types.ts';
import { TASK_NAMES, taskFor } from '../../tasks/registry.ts';
import { refusal } from '../refusal.ts';

const FILE = 'runbooks/osakamenesu-staging.md';
const text = readFileSync(FILE, 'utf8');
const runbook = await loadRunbook(FILE);

function planFor(environment: string, flow: Flow = 'setup', of = runbook): Plan {
  return buildPlan(of, { environment, flow, values: {}, tasks: taskFor, taskNames: TASK_NAMES });
}

/** The problems of the runbook with a change in its text. */
function problemsWith(from: string, to: string): (string | undefined)[] {
  expect(text).toContain(from);
  const problem = refusal(() => planFor('staging', 'setup', parseRunbook(FILE, text.replaceAll(from, to))));
  return (problem.problems ?? [problem]).map(({ code }) => code);
}

describe('production is out of reach', () => {
  test('it is sealed, with its reason', () => {
    expect(refusal(() => planFor('production'))).toMatchObject({
      code: 'environment-sealed',
      exit: 7,
      what: expect.stringContaining('prod'),
    });
  });

  test('every app that any step names is one of the two of staging', () => {
    const { steps } = planFor('staging');
    const named = steps.flatMap(({ command, on, body }) => [
      ...flyNames([...command, body.replaceAll('$app', 'osakamenesu-api-stg')].join('\n')).apps,
      ...(on.kind === 'fly' ? [on.app] : []),
    ]);
    expect(new Set(named)).toEqual(new Set(['osakamenesu-api-stg', 'osakamenesu-db-stg']));
  });

  test.each([
    ['flyctl status -a "$database"', 'flyctl status -a osakamenesu-api', 'resource-foreign'],
    ['flyctl status -a "$database"', 'flyctl deploy', 'resource-unknown'],
    ['GET $base_url/healthz', 'GET https://osakamenesu-api.fly.dev/healthz', 'resource-foreign'],
    ['app: osakamenesu-api-stg', 'app: osakamenesu-api', 'resource-foreign'],
    ['database: osakamenesu-db-stg', 'database: osakamenesu-db', 'resource-foreign'],
  ])('%s → %s is refused before anything runs', (from, to, code) => {
    expect(new Set(problemsWith(from, to))).toContain(code);
  });
});

describe('the walk', () => {
  test.each(FLOWS)('%s can be planned for staging and for a rehearsal', (flow) => {
    for (const environment of ['staging', 'rehearsal']) {
      expect(planFor(environment, flow).path.length).toBeGreaterThan(0);
    }
  });

  test('exactly two requests change something, each at most once in a run', () => {
    const { steps } = planFor('staging');
    const posts = steps.filter(({ command }) => /^(POST|PUT|PATCH|DELETE) /.test(command[0] ?? ''));
    expect(posts.map(({ id, budget, retry, effect }) => ({ id, budget, retry, effect }))).toEqual([
      { id: 'book-a', budget: 1, retry: undefined, effect: 'write' },
      { id: 'book-b', budget: 1, retry: undefined, effect: 'write' },
    ]);
    expect(steps.filter(({ body }) => /\bcurl\b/.test(body))).toEqual([]);
  });

  test.each(['setup', 'redeploy'] as const)('a machine is woken right before any step on one: %s', (flow) => {
    const { steps, path } = planFor('staging', flow);
    const walked = path.flatMap((id) => steps.find((step) => step.id === id) ?? []);
    const onMachine = walked.map(({ on }) => on.kind === 'fly');
    const firsts = walked.filter((_, index) => onMachine[index + 1] && !onMachine[index]);
    expect(firsts.map(({ uses }) => uses)).toEqual(['fly/wake', 'fly/wake']);
  });

  test('the staging configuration is what is deployed, after it was read', () => {
    const { steps, path } = planFor('staging');
    expect(steps.find(({ id }) => id === 'rollout')?.command[0]).toContain(' -c fly.stg.toml ');
    expect(path.indexOf('stg-config')).toBeLessThan(path.indexOf('rollout'));
  });

  test('the database URL is no argument of any command', () => {
    const lines = planFor('staging').steps.flatMap(({ command }) => command);
    expect(lines.filter((line) => line.includes('secrets set'))).toEqual([
      expect.stringContaining('DATABASE_URL=- --stage -a osakamenesu-api-stg'),
      expect.stringContaining('DATABASE_URL=- -a osakamenesu-api-stg'),
    ]);
  });

  test('the columns and the data are for staging alone, and look for themselves where they are', () => {
    for (const id of ['columns', 'data', 'availability']) {
      const step = runbook.steps.find((each) => each.id === id);
      expect(step?.when).toBe('env=staging');
      expect(step?.body).toMatch(/current_database\(\) (<>|=) 'osakamenesu_api_stg'/);
    }
    const body = runbook.steps.find(({ id }) => id === 'columns')?.body ?? '';
    expect([...body.matchAll(/ADD COLUMN IF NOT EXISTS (\w+)/g)].map((match) => match[1])).toEqual([
      'buffer_minutes',
      'photo_embedding',
      'photo_embedding_computed_at',
      'main_photo_index',
    ]);
  });
});

describe('the teardown', () => {
  test('is in the document', () => {
    expect(text).toContain('flyctl apps destroy osakamenesu-api-stg --yes');
    expect(text).toContain('flyctl apps destroy osakamenesu-db-stg --yes');
  });

  test.each(FLOWS)('is in no plan: %s', (flow) => {
    const { steps } = planFor('staging', flow);
    expect(steps.filter(({ body, command }) => /destroy/.test(`${body}\n${command.join('\n')}`))).toEqual([]);
    expect(steps.filter(({ effect }) => effect === 'destroy')).toEqual([]);
  });
});
