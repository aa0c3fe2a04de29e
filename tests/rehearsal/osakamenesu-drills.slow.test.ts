import { afterEach, expect, test } from 'vitest';
import { buildPlan } from '../../src/engine/plan.ts';
import { rawInput } from '../../src/engine/plan-input.ts';
import { atPlace } from '../../src/exec/place.ts';
import type { DrillName } from '../../src/rehearsal/drills.ts';
import { openRehearsal, type RehearsalSite } from '../../src/rehearsal/site.ts';
import { loadRunbook } from '../../src/runbook/load.ts';
import { taskFor } from '../../tasks/registry.ts';
import type { TaskResult } from '../../tasks/task.ts';
import { contextFor } from '../tasks/context.ts';
import { sh } from './open.ts';

/** Each trouble that the runbook knows: its triage finds it, its remedy mends it. */
const runbook = await loadRunbook('runbooks/osakamenesu-staging.md');
const plan = buildPlan(runbook, { environment: 'rehearsal', flow: 'incident', values: {}, tasks: taskFor });

let site: RehearsalSite;
let url: string;
afterEach(() => site?.close());

async function open(drill?: DrillName): Promise<void> {
  const { values } = plan;
  site = await openRehearsal({
    run: 'run',
    runbook,
    values,
    fresh: false,
    flow: 'incident',
    ...(drill ? { drill } : {}),
  });
  const spec = runbook.secrets['DATABASE_URL'];
  if (!spec) throw new Error('the runbook has no DATABASE_URL');
  const { from: _, ...asked } = spec;
  url = site.secretFor(asked)?.toString() ?? '';
}

/** Runs a step of the runbook as the engine would. */
async function run(id: string): Promise<TaskResult> {
  const step = plan.steps.find((each) => each.id === id);
  const task = step && taskFor(step.uses);
  if (!step || !task) throw new Error(`no step ${id}`);
  const context = contextFor({
    cwd: site.cwd,
    env: site.env,
    secrets: { ...(step.secrets.length > 0 || step.uses === 'fly/database-url' ? { DATABASE_URL: url } : {}) },
    timeoutMs: 60_000,
  });
  const { exec } = context;
  context.exec = (command, options) => exec(atPlace(step.on, command), options);
  const input = task.input.parse(rawInput(step, site.values(plan.values)));
  const choice = await task.choose?.(input, context);
  const chosen = choice ? { ...input, [choice.field]: choice.options[choice.suggested]?.value } : input;
  return task.run(chosen, context);
}

test('a release that never becomes healthy', async () => {
  await open('release-unhealthy');
  expect(await run('see-machines')).toMatchObject({ outcome: 'failed', problem: { code: 'fly-unhealthy' } });
  // Its first checks may not have run yet.
  await expect.poll(async () => (await run('see-unhealthy')).text, { timeout: 10_000 }).toContain('guest_profiles');
  expect(await run('mend-release')).toMatchObject({ outcome: 'passed' });
  expect(await run('see-machines')).toMatchObject({ outcome: 'passed' });
});

test('a migration that fails', async () => {
  await open('migration-fails');
  const failed = await sh(
    site,
    'fly ssh console -a osakamenesu-api-stg -C "sh -lc \'cd /app && alembic upgrade head\'"',
  );
  expect(failed.stderr).toContain('UndefinedTable');
  const { text: at } = await run('see-revision');
  expect(at).toMatch(/^[0-9a-f]{12}$/);
  expect(await run('mend-migration')).toMatchObject({ outcome: 'passed' });
  await run('mend-wake');
  expect(await run('mend-at-head')).toMatchObject({ outcome: 'passed', evidence: { current: at, atHead: true } });
});

test('a database that is down', async () => {
  await open('database-down');
  expect(await run('see-db')).toMatchObject({ outcome: 'failed', problem: { code: 'fly-checks-failing' } });
  expect(await run('mend-db')).toMatchObject({ outcome: 'passed' });
  expect(await run('see-db')).toMatchObject({ outcome: 'passed', summary: '3/3 checks passing' });
});

test('a database URL that asyncpg does not take, and then a login that is over', async () => {
  await open();
  const wrong = 'postgres://u:p@osakamenesu-db-stg.flycast:5432/osakamenesu_api_stg?sslmode=disable';
  await sh(site, 'fly secrets set DATABASE_URL=- -a osakamenesu-api-stg', { stdin: wrong });
  expect((await run('see-errors')).text).toContain('must have one of postgresql+asyncpg:');
  expect(await run('see-secret')).toMatchObject({ outcome: 'passed' });
  expect(await run('mend-url')).toMatchObject({ outcome: 'passed' });
  expect(await run('see-machines')).toMatchObject({ outcome: 'passed' });

  const ready = taskFor('fly/ready');
  const over = contextFor({ cwd: site.cwd, env: { ...site.env, FLY_API_TOKEN: 'over' } });
  await expect(ready?.run(ready.input.parse({ app: plan.values['app'] }), over)).rejects.toMatchObject({
    code: 'fly-auth',
  });
});
