import { describe, expect, test } from 'vitest';
import { counted, evidence, failures, walk } from './fly-neon-walk.ts';

describe('the production of Fly, Neon and GitHub in a rehearsal', () => {
  test('a first set-up, with Authentik, is sealed in less than a minute', async () => {
    const walked = await walk('smoke-login', '--set', 'deploy_authentik=true');
    expect(failures(walked)).toEqual([]);
    expect(walked.exit).toBe(0);
    expect(walked.seconds).toBeLessThan(60);
    expect(walked.records.findLast(({ type }) => type === 'seal')).toMatchObject({ outcome: 'completed' });
    expect(evidence(walked, 'migrate')).toMatchObject({ summary: '4 applied, up to 000004_guest_email.sql' });
    // The platform's own word: three apps, one release each, and each secret stored once on its own app.
    expect(counted(walked, 'app-created').map(({ app }) => app)).toEqual([
      'phase2-backend',
      'phase2-client',
      'phase2-authentik',
    ]);
    expect(counted(walked, 'release-settled').map(({ app, status }) => `${app} ${status}`)).toEqual([
      'phase2-backend complete',
      'phase2-client complete',
      'phase2-authentik complete',
    ]);
    const stored = counted(walked, 'secret-stored').map(({ app, name }) => `${app} ${name}`);
    expect(stored.filter((one) => one.startsWith('phase2-backend'))).toEqual(['phase2-backend DATABASE_URL']);
    expect(stored).toHaveLength(1 + 5 + 6);
    expect(walked.output).not.toMatch(/npg_[0-9a-f]{24}|napi_[0-9a-f]{48}/);
  }, 120_000);

  test('a redeploy runs only the new migration, and rolls both apps', async () => {
    const walked = await walk('smoke-login', '--flow', 'redeploy');
    expect(failures(walked)).toEqual([]);
    expect(evidence(walked, 'migrate')).toMatchObject({ applied: ['000004_guest_email.sql'] });
    expect(evidence(walked, 'deploy-backend')).toMatchObject({ version: 4, released: true, healthy: true });
    expect(evidence(walked, 'smoke-backend')).toMatchObject({ status: 200 });
  }, 120_000);

  test('a migration that fails stops the walk before anything is deployed', async () => {
    const walked = await walk('migrate', '--flow', 'redeploy', '--drill', 'migration-fails');
    expect(failures(walked)).toEqual(['migrate']);
    expect(
      walked.records.filter((record) => record.type === 'step.intent' && record.step === 'deploy-backend'),
    ).toEqual([]);
    expect(walked.exit).toBe(5);
  }, 120_000);

  test('a backend that never becomes healthy is taken back, and its client is not touched', async () => {
    const walked = await walk('back-backend', '--flow', 'redeploy', '--drill', 'release-unhealthy');
    expect(failures(walked)).toEqual(['deploy-backend']);
    expect(evidence(walked, 'back-backend')).toMatchObject({ outcome: 'passed', healthy: true });
    expect(walked.records.filter((record) => record.type === 'step.intent' && record.step === 'deploy-client')).toEqual(
      [],
    );
    expect(walked.exit).toBe(1);
  }, 120_000);

  test('going back: both apps run their image before, the client first', async () => {
    const walked = await walk('back-smoke-top', '--flow', 'rollback');
    expect(failures(walked)).toEqual([]);
    const last = counted(walked, 'release-settled').slice(-2);
    expect(last.map(({ app, version, status }) => `${app} ${version} ${status}`)).toEqual([
      'phase2-client 4 complete',
      'phase2-backend 4 complete',
    ]);
  }, 120_000);

  test('the database is restored into a new branch, and everything follows it', async () => {
    const walked = await walk('restore-ci', '--flow', 'routine', '--section', 'DB の復元：新しいブランチへ');
    expect(failures(walked)).toEqual([]);
    expect(walked.branches).toMatchObject([
      { name: 'main' },
      { name: expect.stringMatching(/^restore-/), state: 'ready' },
    ]);
    expect(evidence(walked, 'restore-look')).toMatchObject({ rowCount: 3 });
    expect(evidence(walked, 'restore-smoke')).toMatchObject({ status: 200 });
    expect(evidence(walked, 'restore-ci')).toMatchObject({ outcome: 'passed' });
  }, 120_000);

  test('in place: the branch is put back, its state before is kept, and nothing needs a new secret', async () => {
    const walked = await walk('inplace-smoke', '--flow', 'routine', '--section', 'DB の復元：その場で');
    expect(failures(walked)).toEqual([]);
    expect(walked.branches).toMatchObject([{ name: 'main' }, { name: expect.stringMatching(/^before-/), port: null }]);
    expect(counted(walked, 'neon-branch-restored')).toHaveLength(1);
    expect(evidence(walked, 'inplace-smoke')).toMatchObject({ outcome: 'passed', status: 200 });
  }, 120_000);

  test('secrets are rotated: staged, then deployed once on each app', async () => {
    const walked = await walk('rotate-smoke-login', '--flow', 'routine', '--section', 'シークレットのローテーション');
    expect(failures(walked)).toEqual([]);
    expect(evidence(walked, 'rotate-client')).toMatchObject({ stage: true });
    expect(
      counted(walked, 'release-settled')
        .slice(-2)
        .map(({ app }) => app),
    ).toEqual(['phase2-backend', 'phase2-client']);
  }, 120_000);

  test('production is dispatched once, and waits for its reviewers', async () => {
    const section = 'GitHub Actions：production にデプロイする';
    const walked = await walk('gh-production-watch', '--flow', 'routine', '--section', section);
    expect(failures(walked)).toEqual([]);
    expect(counted(walked, 'workflow-dispatched')).toMatchObject([{ environment: 'production' }]);
    expect(evidence(walked, 'gh-production-watch')).toMatchObject({ conclusion: 'success' });
  }, 120_000);

  test('the week: costs within and beyond their limits', async () => {
    const figures = (week: number, month: number) =>
      [
        `cost_week=${week}`,
        'cost_last_week=100',
        `cost_month=${month}`,
        'cost_budget=100000',
        'cost_deploys=3',
      ].flatMap((pair) => ['--set', pair]);
    const section = ['--flow', 'routine', '--section', '週次の点検'];
    expect(failures(await walk('weekly-neon', ...section, ...figures(110, 300)))).toEqual([]);
    const beyond = await walk('weekly-neon', ...section, ...figures(130, 300));
    expect(failures(beyond)).toEqual(['weekly-cost']);
    expect(evidence(beyond, 'weekly-cost')).toMatchObject({ level: 'warning', growth: 30 });
  }, 120_000);
});
