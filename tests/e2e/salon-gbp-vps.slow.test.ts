import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { resolveValues } from '../../src/engine/plan-values.ts';
import { foldAll, type RunState } from '../../src/engine/state.ts';
import { inputOf } from '../../src/engine/step-input.ts';
import { atPlace } from '../../src/exec/place.ts';
import type { JournalRecord } from '../../src/journal/records.ts';
import { PROGRAM_ROOT } from '../../src/program.ts';
import { askEffects, askPlatform } from '../../src/rehearsal/control.ts';
import { openRehearsal, type RehearsalSite } from '../../src/rehearsal/site.ts';
import { loadRunbook } from '../../src/runbook/load.ts';
import { taskFor } from '../../tasks/registry.ts';
import type { TaskResult } from '../../tasks/task.ts';
import { contextFor } from '../tasks/context.ts';
import { type OperatorHome, operatorHome } from './home.ts';
import { endProcessesOf } from './processes.ts';

describe('the runbook, walked by the real program', () => {
  let home: OperatorHome;
  beforeEach(() => {
    home = operatorHome();
  });
  afterEach(() => {
    endProcessesOf(home.env['TEJUN_HOME'] ?? '');
    home.remove();
  });

  /** Walks as an operator who always goes on. */
  async function walk(...args: string[]): Promise<{ code: number; state: RunState; ms: number }> {
    const began = performance.now();
    const all = ['run', 'salon-gbp-vps', '--env', 'rehearsal', '--auto', '--json', ...args];
    const options = { cwd: PROGRAM_ROOT, env: { PATH: process.env['PATH'], ...home.env }, maxBuffer: 64 * 1024 * 1024 };
    const { stdout, stderr, code } = await promisify(execFile)(join(PROGRAM_ROOT, 'bin', 'tejun'), all, options).then(
      (done) => ({ ...done, code: 0 }),
      (error: { stdout: string; stderr: string; code: number }) => error,
    );
    if (stdout === '') throw new Error(stderr);
    const records = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as JournalRecord);
    return { code, state: foldAll(records), ms: performance.now() - began };
  }

  const having = (state: RunState, status: string) =>
    Object.values(state.steps).flatMap((step) => (step.status === status ? [step.id] : []));

  /** What failed, with why. */
  const failures = (state: RunState) =>
    Object.values(state.steps).flatMap((step) => (step.status === 'failed' ? [`${step.id}: ${step.summary}`] : []));

  test('an empty server is set up from start to seal in less than a minute', async () => {
    const { code, state, ms } = await walk('--flow', 'setup');
    expect(failures(state)).toEqual([]);
    expect(code).toBe(0);
    expect(ms).toBeLessThan(60_000);
    expect(having(state, 'skipped')).toEqual(['supabase-user', 'salon', 'invite', 'gbp']);
    // What is left is a person's.
    expect(state.checklist.filter((item) => item.state !== 'done').map(({ steps }) => steps)).toEqual([[]]);
  });

  test('an update brings code and schema forward, with a record and a backup before it', async () => {
    const { code, state } = await walk('--flow', 'redeploy');
    expect(failures(state)).toEqual([]);
    expect(code).toBe(0);
    const commit = state.captured['commit_before'];
    expect(state.steps['update']?.evidence).toMatchObject({
      before: commit,
      after: expect.not.stringMatching(`^${commit}$`),
    });
    expect(state.steps['migrate']?.evidence).toMatchObject({ before: state.captured['revision_before'] });
  });

  test.each(['migration-fails', 'release-unhealthy'])('drill %s: the code goes back by itself', async (drill) => {
    const { code, state } = await walk('--flow', 'redeploy', '--drill', drill);
    expect(failures(state)).toHaveLength(1);
    expect(state.steps['back-code']?.status).toBe('passed');
    expect(state.seal?.outcome).toBe('rolled-back');
    expect(code).toBe(1);
  });

  test('a rollback takes the schema back first, and both fit afterwards', async () => {
    const { code, state } = await walk('--flow', 'rollback');
    expect(failures(state)).toEqual([]);
    expect(code).toBe(0);
    expect(state.steps['back-schema']?.evidence).toMatchObject({ after: state.captured['back_revision'] });
    expect(state.steps['back-at-head']?.evidence).toMatchObject({ current: state.captured['back_revision'] });
  });

  test('an incident in which all is well finds nothing', async () => {
    const { code, state } = await walk('--flow', 'incident');
    expect(failures(state)).toEqual([]);
    expect(code).toBe(0);
  });

  test('a restore is one routine, from a backup of last night to the end of the one before', async () => {
    const { code, state } = await walk('--flow', 'routine', '--section', 'リストア');
    expect(failures(state)).toEqual([]);
    expect(code).toBe(0);
    expect(having(state, 'skipped')).toEqual(['restore-compare']);
    expect(state.steps['restore-drop']?.evidence).toMatchObject({ name: 'salon_gbp_old', dropped: true });
  });

  test('a routine that destroys shows what went', async () => {
    const { code, state } = await walk('--flow', 'routine', '--section', '月次の作業');
    expect(failures(state)).toEqual([]);
    expect(code).toBe(0);
    expect(state.steps['monthly-backups']?.evidence).toMatchObject({ count: 0, verified: 1 });
  });
});

/** A rehearsed server, on which steps of the runbook are run one by one. */
async function openServer(given: { drill?: string; flow?: 'incident' | 'routine' } = {}) {
  const runbook = await loadRunbook('salon-gbp-vps');
  const written = resolveValues(runbook, { environment: 'rehearsal', values: {} });
  const { flow = 'routine', drill } = given;
  const request = { run: 'drill', runbook, values: written, fresh: false, flow, ...(drill ? { drill } : {}) };
  const site: RehearsalSite = await openRehearsal(request);
  const values: Record<string, string> = { ...site.values({ ...written, run: 'drill' }) };
  return {
    site,
    async run(id: string, more: Record<string, string> = {}): Promise<TaskResult> {
      const step = runbook.steps.find((each) => each.id === id);
      const task = step && taskFor(step.uses);
      if (!step || !task) throw new Error(`no step ${id}`);
      const all = { ...values, ...more };
      // As the engine does it: the run's values are variables, and `on=` says where.
      const context = contextFor({ cwd: site.cwd, env: site.env, values: all, timeoutMs: 60_000 });
      const local = context.exec;
      const exec: typeof local = (command, options) => local(atPlace(step.on, command, all), options);
      return task.run(inputOf(step, task, all, {}), Object.assign(context, { exec }));
    },
  };
}

describe('the routines, one after the other on one server', () => {
  let server: Awaited<ReturnType<typeof openServer>>;
  beforeAll(async () => {
    server = await openServer();
  });
  afterAll(() => server?.site.close());

  const passes = async (...ids: string[]) => {
    for (const id of ids) expect(await server.run(id), id).toMatchObject({ outcome: 'passed' });
  };

  test('every day', () =>
    passes('daily-status', 'daily-limits', 'daily-outside', 'daily-backup', 'alerts', 'job-logs'));

  test('the logs are followed for a while, and no longer', async () => {
    const result = await server.run('logs-follow');
    expect(result).toMatchObject({ exit: 124, text: expect.stringContaining('api') });
  });

  test('every week', () =>
    passes('logs-all', 'logs-one', 'weekly-errors', 'weekly-disk', 'weekly-docker-disk', 'weekly-backups'));

  test('restarting, re-creating, rebuilding', () =>
    passes('restart-one', 'restart-all', 'recreate-one', 'rebuild-web', 'rebuild-backend', 'rebuild-migrate'));

  test('the schema, one back and forward again', async () => {
    await passes('schema-now', 'schema-history');
    const parent = (await server.run('schema-parent')).text?.trim() ?? '';
    expect(parent).toMatch(/^[0-9a-f]{12}$/);
    expect(await server.run('schema-down', { schema_parent: parent })).toMatchObject({ evidence: { after: parent } });
    expect(await server.run('schema-now')).toMatchObject({ problem: { code: 'alembic-not-at-head' } });
    await passes('schema-up', 'schema-now');
  });

  test('SQL is read-only', async () => {
    expect(await server.run('sql')).toMatchObject({ outcome: 'passed', text: expect.stringContaining('2') });
    expect(await server.run('sql', { query: 'DELETE FROM app_users' })).toMatchObject({ outcome: 'failed' });
  });

  test('the crontab gets its lines, and is found to have them', async () => {
    expect(await server.run('cron-check')).toMatchObject({ problem: { code: 'cron-differs' } });
    await passes('cron', 'cron-check');
    const effects = await askEffects(server.site.control);
    expect(effects.filter(({ effect }) => effect === 'crontab-installed')).toHaveLength(1);
  });

  test('a restore can be undone until the one before is dropped', async () => {
    await passes('backup', 'backups', 'restore-before', 'restore', 'restore-swap', 'restore-restart', 'restore-health');
    expect((await server.run('restore-before')).summary).toContain('the one before is kept as salon_gbp_old');
    await passes('unrestore-swap', 'unrestore-restart', 'unrestore-health');
    expect((await server.run('restore-before')).summary).toContain('stands ready in salon_gbp_restore');
  });
});

describe('drill: old backups have filled the disk', () => {
  let server: Awaited<ReturnType<typeof openServer>>;
  beforeAll(async () => {
    server = await openServer({ drill: 'backup-disk-full', flow: 'incident' });
  });
  afterAll(() => server?.site.close());

  test('no backup can be made, the triage says why, and the remedy keeps enough good ones', async () => {
    expect((await server.run('disk-now')).problem).toMatchObject({ code: 'disk-full' });
    expect((await server.run('disk-backups')).summary).toMatch(/^61 backups, 61 verified; 3\d may go$/);
    const pruned = (await server.run('disk-prune')).evidence as { count: number; verified: number };
    expect(pruned.count).toBeGreaterThanOrEqual(30);
    expect(pruned.count + pruned.verified).toBe(61);
    expect(await server.run('disk-now')).toMatchObject({ outcome: 'passed' });
    expect(await server.run('backup')).toMatchObject({ outcome: 'passed' });
  });
});

describe('what an operator finds broken', () => {
  let server: Awaited<ReturnType<typeof openServer>>;
  beforeAll(async () => {
    server = await openServer({ flow: 'incident' });
  });
  afterAll(() => server?.site.close());

  const breaks = (what: string) => askPlatform(server.site.control, 'compose', 'break', what);

  test('a database password that stands in two places, and differs: found without showing it', async () => {
    await breaks('wrong-database-password');
    await expect.poll(async () => (await server.run('loop-status')).outcome, { timeout: 20_000 }).toBe('failed');
    const found = await server.run('loop-env');
    expect(found.problem?.means).toContain('DATABASE_URL のパスワードと POSTGRES_PASSWORD が違います');
    expect(await server.run('bad-gateway-api')).toMatchObject({ outcome: 'failed' });
    const path = join(server.site.cwd, '.env');
    const text = await readFile(path, 'utf8');
    const password = /^POSTGRES_PASSWORD=(.*)$/m.exec(text)?.[1] ?? '';
    // What the manual remedy asks a person to do.
    await writeFile(path, text.replace('not-the-password', password));
    for (const id of ['loop-env', 'loop-recreate', 'loop-status', 'bad-gateway-api']) {
      expect(await server.run(id), id).toMatchObject({ outcome: 'passed' });
    }
  });

  test('a worker that is stuck in a task, and still answers: a restart mends it', async () => {
    await breaks('worker-stuck');
    await expect
      .poll(async () => (await server.run('celery-active')).problem, { timeout: 20_000 })
      .toMatchObject({ code: 'celery-stuck' });
    expect(await server.run('celery-restart')).toMatchObject({ outcome: 'passed' });
    await expect.poll(async () => (await server.run('celery-active')).outcome, { timeout: 20_000 }).toBe('passed');
    await expect.poll(async () => (await server.run('celery-ready')).outcome, { timeout: 20_000 }).toBe('passed');
  });

  test('a database that is down: the triage tells it from the app, and a restart brings it back', async () => {
    await breaks('database-down');
    expect((await server.run('loop-db')).outcome).toBe('failed');
    expect((await server.run('bad-gateway-status')).outcome).toBe('failed');
    expect(await server.run('loop-restart-db')).toMatchObject({ outcome: 'passed' });
    for (const id of ['loop-db', 'loop-recreate', 'bad-gateway-status', 'bad-gateway-api']) {
      expect(await server.run(id), id).toMatchObject({ outcome: 'passed' });
    }
  });

  test('a health check that asks localhost on Alpine: the file is mended, and the container made anew', async () => {
    const file = join(server.site.cwd, 'deploy/docker-compose.prod.yml');
    const text = await readFile(file, 'utf8');
    await writeFile(file, text.replace('http://127.0.0.1:8000/healthz', 'http://localhost:8000/healthz'));
    await server.run('web-recreate');
    expect((await server.run('web-check')).outcome).toBe('failed');
    expect((await server.run('web-answers')).outcome, 'nginx itself is well').toBe('passed');
    for (const id of ['web-fix-check', 'web-recreate', 'web-check']) {
      expect(await server.run(id), id).toMatchObject({ outcome: 'passed' });
    }
    expect(await readFile(file, 'utf8')).toBe(text);
  });

  test('the other remedies of a healthy server do no harm', async () => {
    for (const id of ['redis-restart', 'bad-gateway-recreate-api', 'media-recreate', 'disk-parts', 'disk-images']) {
      expect(await server.run(id), id).toMatchObject({ outcome: 'passed' });
    }
    for (const id of ['bad-gateway-status', 'bad-gateway-web', 'bad-gateway-network', 'redis-ping', 'media-files']) {
      expect(await server.run(id), id).toMatchObject({ outcome: 'passed' });
    }
  });
});
