import { describe, expect, test } from 'vitest';
import { buildPlan, type Plan } from '../../src/engine/plan.ts';
import { loadRunbook } from '../../src/runbook/load.ts';
import type { Flow } from '../../src/runbook/types.ts';
import { taskFor } from '../../tasks/registry.ts';

const runbook = await loadRunbook('fly-neon-production');

function planFor(flow: Flow = 'setup', given: { section?: string; values?: Record<string, string> } = {}): Plan {
  const { section, values = {} } = given;
  return buildPlan(runbook, {
    environment: 'production',
    flow,
    values,
    tasks: taskFor,
    ...(section === undefined ? {} : { section }),
  });
}

const stepOf = (plan: Plan, id: string) => plan.steps.find((step) => step.id === id);
const commandOf = (plan: Plan, id: string) => stepOf(plan, id)?.command ?? [];
const secretsOf = (plan: Plan) => plan.secrets.map(({ name, from }) => (from ? `${name} ← ${from}` : name));

describe('the production of Fly, Neon and GitHub', () => {
  test('is entered by typing its name, and names no other app than its three', () => {
    expect(planFor().environment.guard).toBe('typed');
    expect(runbook.environments['production']?.resources).toEqual([
      'phase2-backend',
      'phase2-client',
      'phase2-authentik',
    ]);
  });

  test('migration, backend, client, checks: in this order', () => {
    const { path } = planFor();
    const order = [
      'commit',
      'neon-url',
      'client-secrets',
      'migrate',
      'deploy-backend',
      'deploy-client',
      'smoke-backend',
    ];
    expect(order.map((id) => path.indexOf(id))).toEqual(order.map((id) => path.indexOf(id)).toSorted((a, b) => a - b));
    expect(order.filter((id) => !path.includes(id))).toEqual([]);
  });

  test('the switches leave out what they say, and nothing waits for it', () => {
    const { path, steps } = planFor('redeploy', { values: { run_migrations: 'false', run_smoke_check: 'false' } });
    expect(path.filter((id) => id === 'migrate' || id.startsWith('smoke'))).toEqual([]);
    expect(steps.find(({ id }) => id === 'deploy-backend')?.needs).toEqual(['backend-present']);
  });

  test('Authentik is there only when it is asked for, with its six secrets', () => {
    const without = planFor();
    expect(JSON.stringify([without.path, secretsOf(without)])).not.toMatch(/authentik/i);
    const plan = planFor('setup', { values: { deploy_authentik: 'true' } });
    expect(plan.path.filter((id) => id.includes('authentik'))).toEqual([
      'apps-env-authentik',
      'authentik-config',
      'authentik-app',
      'authentik-secrets',
      'authentik-present',
      'deploy-authentik',
      'authentik-status',
    ]);
    expect(secretsOf(plan).filter((name) => name.startsWith('AUTHENTIK_'))).toHaveLength(6);
  });

  test('the connection string is never asked for where Neon is asked for it', () => {
    expect(secretsOf(planFor())).toContain('DATABASE_URL ← neon-url');
    expect(secretsOf(planFor('routine', { section: 'DB の復元：新しいブランチへ' }))).toEqual([
      'NEON_API_KEY',
      'DATABASE_URL ← restore-current,restore-url',
    ]);
  });

  test('a redeploy asks for no secret but the key of Neon', () => {
    expect(secretsOf(planFor('redeploy'))).toEqual(['NEON_API_KEY', 'DATABASE_URL ← neon-url']);
  });

  test('no secret stands on a command line', () => {
    const plan = planFor('setup', { values: { deploy_authentik: 'true' } });
    const lines = plan.steps
      .flatMap(({ command }) => command)
      .filter((line) => /SESSION_SECRET|DATABASE_URL/.test(line));
    expect(lines.filter((line) => /(set|-b|--body)\s+\S*=?"?\$(SESSION_SECRET|DATABASE_URL)/.test(line))).toEqual([]);
    expect(commandOf(plan, 'client-secrets')[0]).toBe(
      'printf %s "$SESSION_SECRET" | flyctl secrets set SESSION_SECRET=- --stage -a phase2-client',
    );
  });

  test('going back deploys images, the front before what it calls, and never says rollback to flyctl', () => {
    const plan = planFor('rollback');
    expect(plan.path).toEqual(['back-client', 'back-backend', 'back-smoke', 'back-smoke-top']);
    const lines = plan.steps.flatMap(({ command }) => command);
    expect(lines.filter((line) => /releases rollback/.test(line))).toEqual([]);
    expect(stepOf(plan, 'deploy-client')?.undo).toBe('back-client');
    expect(stepOf(plan, 'deploy-backend')?.undo).toBe('back-backend');
  });

  test('restoring into a new branch: freeze, branch, new string, secret, deploy, check, CI, forward fix', () => {
    expect(planFor('routine', { section: 'DB の復元：新しいブランチへ' }).path).toEqual([
      'restore-window',
      'restore-current',
      'restore-freeze',
      'restore-branch',
      'restore-url',
      'restore-look',
      'restore-secret',
      'restore-deploy',
      'restore-smoke',
      'restore-ci',
      'restore-forward',
    ]);
  });

  test('restoring in place destroys, keeps the state before, and sets no secret', () => {
    const plan = planFor('routine', { section: 'DB の復元：その場で', values: { run: 'a-run' } });
    expect(stepOf(plan, 'inplace-restore')).toMatchObject({ effect: 'destroy' });
    expect(commandOf(plan, 'inplace-restore').at(-1)).toMatch(/\/restore \{.*"preserve_under_name":"before-a-run"\}$/);
    expect(plan.path.filter((id) => stepOf(plan, id)?.uses === 'fly/secrets')).toEqual([]);
  });

  test('rotation has its five steps in order', () => {
    const plan = planFor('routine', { section: 'シークレットのローテーション' });
    const titles = plan.path.map((id) => stepOf(plan, id)?.title ?? '');
    expect(titles.map((title) => /^\d/.exec(title)?.[0]).filter(Boolean)).toEqual([
      '1',
      '2',
      '3',
      '3',
      '4',
      '4',
      '5',
      '5',
    ]);
  });

  test('a run of GitHub is started at most once, and production only behind its reviewers', () => {
    const staging = planFor('routine', { section: 'GitHub Actions：staging にデプロイする' });
    const production = planFor('routine', { section: 'GitHub Actions：production にデプロイする' });
    expect(stepOf(staging, 'gh-staging-start')?.budget).toBe(1);
    expect(stepOf(production, 'gh-production-start')).toMatchObject({
      budget: 1,
      needs: ['gh-reviewers', 'gh-production-secrets', 'gh-production-variables'],
    });
    expect(commandOf(production, 'gh-production-start')[0]).toBe(
      'gh workflow run deploy-fly.yml --repo phase2/app --ref main -f target_environment=production -f run_migrations=true -f run_smoke_check=true',
    );
  });

  test('every symptom is looked at and has its remedies under the same heading', () => {
    const { steps } = planFor('incident');
    const headings = (stage: string) => [
      ...new Set(steps.filter((step) => step.stage === stage).map((step) => step.headings.at(-1))),
    ];
    expect(headings('triage')).toEqual([
      'DB につながらない',
      'スモークチェックが通らない',
      'flyctl がログインを拒む',
      'コストがしきい値を超えた',
    ]);
    expect(headings('remedy')).toEqual(headings('triage'));
  });
});
