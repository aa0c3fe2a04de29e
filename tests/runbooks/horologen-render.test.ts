import { describe, expect, test } from 'vitest';
import { buildPlan, type Plan } from '../../src/engine/plan.ts';
import { loadRunbook } from '../../src/runbook/load.ts';
import type { Flow } from '../../src/runbook/types.ts';
import { taskFor } from '../../tasks/registry.ts';

const runbook = await loadRunbook('runbooks/horologen-render.md');

function planFor(environment: string, flow: Flow = 'setup', values: Record<string, string> = {}): Plan {
  return buildPlan(runbook, { environment, flow, values, tasks: taskFor });
}

function step(plan: Plan, id: string) {
  const found = plan.steps.find((each) => each.id === id);
  if (!found) throw new Error(`no step ${id}`);
  return found;
}

describe('the release of HoroloGen on Render', () => {
  test.each(['staging', 'production', 'rehearsal'])('can be planned for %s, whatever the walk', (environment) => {
    for (const flow of ['setup', 'redeploy', 'rollback', 'incident', 'routine'] as const) {
      expect(planFor(environment, flow).path.length).toBeGreaterThan(0);
    }
  });

  test('production is entered only by typing its name', () => {
    expect(planFor('production').environment.guard).toBe('typed');
  });

  test('variables are set one key at a time, and never the whole set', () => {
    const lines = planFor('staging').steps.flatMap(({ command }) => command);
    const puts = lines.filter((line) => line.startsWith('PUT '));
    expect(puts.length).toBeGreaterThanOrEqual(7);
    expect(puts.every((line) => /\/env-vars\/[A-Z_]+ /.test(line))).toBe(true);
  });

  test('no secret stands in a request that the plan shows', () => {
    const put = step(planFor('staging'), 'env-set').command.find((line) => line.includes('/SECRET_KEY'));
    expect(put).toMatch(/ \{"value":"\$SECRET_KEY"\}$/);
  });

  test('the path is: variables, deploy, migration, seeds, data, the seven checks', () => {
    expect(planFor('rehearsal').path).toEqual([
      'render-ready',
      'postgres-ready',
      'env-set',
      'env-rules',
      'deploy',
      'migrate',
      'seed-users',
      'seed-min',
      'sqlite-there',
      'import-tenant-2',
      'import-tenant-3',
      'data-check',
      'login-platform-admin',
      'login-staff',
      'count-one',
      'ten-reloads',
      'price',
      'rbac',
      'forced-change',
      'logs-clean',
      'at-head',
    ]);
  });

  test('the import is walked only when it is asked for, and the sample product is none of production’s', () => {
    expect(planFor('staging').path).not.toContain('import-tenant-2');
    expect(planFor('staging', 'setup', { import_sqlite: 'yes' }).path).toContain('import-tenant-3');
    expect(planFor('production').path).not.toContain('seed-min');
    expect(planFor('production').path).toContain('env-rules-prod');
  });

  test('auto-deploy is turned off before the rollback is asked for', () => {
    const { command } = step(planFor('staging', 'rollback'), 'rollback');
    const off = command.findIndex((line) => /^PATCH .*"autoDeploy":"no"/.test(line));
    const back = command.findIndex((line) => /^POST .*\/rollback /.test(line));
    expect(off).toBeGreaterThan(0);
    expect(back).toBeGreaterThan(off);
  });

  test('a migration that fails leads to the older version of the app, and never to a downgrade', () => {
    expect(step(planFor('staging'), 'migrate').undo).toBe('rollback');
    expect(step(planFor('staging'), 'deploy').undo).toBe('rollback');
  });

  test('the downgrade destroys, and waits for a decision that a person records', () => {
    const plan = planFor('staging', 'incident', { downgrade_to: '3c9d5f1a1b33' });
    expect(step(plan, 'downgrade')).toMatchObject({
      effect: 'destroy',
      needs: ['downgrade-decision'],
      stage: 'remedy',
    });
    expect(step(plan, 'downgrade-decision')).toMatchObject({ uses: 'manual' });
    expect(plan.path).not.toContain('downgrade');
  });

  test('the assignment of a tenant goes through a shell', () => {
    const plan = planFor('rehearsal');
    expect(step(plan, 'import-tenant-2').command.join('\n')).toContain(
      `{"startCommand":"sh -c 'TENANT_ID=2 python scripts/import_master_products_from_sqlite.py'"}`,
    );
  });

  test('each of the seven points is a line of the checklist, proved by its step', () => {
    const bound = runbook.checklist.flatMap(({ text, steps }) => (/^[①-⑦]/.test(text) ? [steps] : []));
    expect(bound.flat()).toEqual([
      'login-platform-admin',
      'login-staff',
      'count-one',
      'ten-reloads',
      'price',
      'rbac',
      'forced-change',
    ]);
  });
});
