/** A server with docker compose, as an operator works on it: update, rebuild, a broken release, and the way back. */
import { execFileSync } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { askEffects, askPlatform } from '../../src/rehearsal/control.ts';
import type { RehearsalSite } from '../../src/rehearsal/site.ts';
import { openServer, PROJECT, runTask } from '../rehearsal/compose-site.ts';

const LIMITS = {
  web: { cpus: 0.25, memory: '128M' },
  api: { cpus: 0.5, memory: '512M' },
  worker: { cpus: 0.5, memory: '512M' },
  beat: { cpus: 0.25, memory: '256M' },
  db: { cpus: 0.5, memory: '512M' },
  redis: { cpus: 0.25, memory: '192M' },
};
const CELERY = { app: 'app.worker.celery_app.celery_app' };
const SERVICES = Object.keys(LIMITS);

let site: RehearsalSite;
let commits: readonly string[];

beforeAll(async () => {
  site = await openServer({ drill: 'release-unhealthy' });
  commits = (await askPlatform(site.control, 'compose', 'commits')) as string[];
}, 60_000);

afterAll(() => site?.close());

const run = (uses: string, input: object = {}, service?: string) =>
  runTask(
    site,
    uses,
    uses.startsWith('compose/') && uses !== 'compose/prune' ? { ...PROJECT, ...input } : { ...input },
    service,
  );

const git = (...args: string[]): string => execFileSync('git', args, { cwd: site.cwd, encoding: 'utf8' }).trim();

const docker = (...args: string[]): string =>
  execFileSync('docker', args, { cwd: site.cwd, env: { ...site.env }, encoding: 'utf8' });

async function until(what: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 80; tries += 1) {
    if (await what()) return;
    await sleep(100);
  }
  throw new Error('it did not come about');
}

describe('daily', () => {
  test('compose is there, and the file has the services', async () => {
    const found = await run('compose/ready', { services: SERVICES });
    expect(found).toMatchObject({
      outcome: 'passed',
      evidence: { cli: 'docker compose', services: expect.arrayContaining(SERVICES) },
    });
  });

  test('every service runs, and those with a health check are healthy', async () => {
    const found = await run('compose/status');
    expect(found).toMatchObject({ outcome: 'passed', summary: '6/6 services run · 4/4 healthy' });
  });

  test('the containers have the limits of the table', async () => {
    const found = await run('compose/limits', { limits: LIMITS });
    expect(found.problem).toBeUndefined();
    expect(found.summary).toBe('6 services within their limits');
  });

  test('a table that says otherwise is found out', async () => {
    const { redis: _, ...rest } = LIMITS;
    const found = await run('compose/limits', { limits: { ...rest, web: { cpus: 0.5, memory: '128M' } } });
    expect(found.problem?.what).toContain('web has 0.25 CPUs, not 0.5');
    expect(found.problem?.what).toContain('redis is not in the table');
  });

  test('logs are bounded, and filtered', async () => {
    const found = await run('compose/logs', { services: ['api'], tail: 1 });
    expect(found.evidence).toEqual({ lines: 1, read: 1 });
    expect((await run('compose/logs', { grep: 'UVICORN', ignore_case: true })).evidence).toMatchObject({ lines: 1 });
    expect((await run('compose/logs', { services: ['nginx'] })).problem?.code).toBe('compose-no-service');
  });

  test('Celery answers, nothing is stuck, and Redis says PONG', async () => {
    expect(await run('celery/ready', CELERY, 'worker')).toMatchObject({ outcome: 'passed' });
    expect(await run('celery/active', { ...CELERY, stuck_after: 600 }, 'worker')).toMatchObject({ outcome: 'passed' });
    expect(await run('redis/ready', {}, 'redis')).toMatchObject({ outcome: 'passed', summary: 'PONG' });
  });
});

describe('what goes wrong by itself', () => {
  test('a service that was stopped is not among those that run, and is missed all the same', async () => {
    docker('compose', '-f', PROJECT.file, '--env-file', '.env', 'stop', 'beat');
    expect(docker('compose', '-f', PROJECT.file, '--env-file', '.env', 'ps', '--services')).not.toContain('beat');
    const found = await run('compose/status');
    expect(found.problem?.what).toBe('Not all services are well: beat exited (0).');
    expect(await run('compose/recreate', { services: ['beat'] })).toMatchObject({ outcome: 'passed' });
  });

  test('a worker that is stuck answers, and a restart mends it', async () => {
    await askPlatform(site.control, 'compose', 'break', 'worker-stuck');
    await until(
      async () => (await run('celery/active', { ...CELERY, stuck_after: 600 }, 'worker')).outcome === 'failed',
    );
    const found = await run('celery/active', { ...CELERY, stuck_after: 600 }, 'worker');
    expect(found.problem).toMatchObject({ code: 'celery-stuck' });
    expect((await run('celery/ready', CELERY, 'worker')).outcome).toBe('passed');
    expect((await run('compose/restart', { services: ['worker'] })).outcome).toBe('passed');
    await until(async () => (await run('celery/ready', CELERY, 'worker')).outcome === 'passed');
    expect((await run('celery/active', { ...CELERY, stuck_after: 600 }, 'worker')).outcome).toBe('passed');
  });

  test('without a worker, and without Redis, Celery says which of them it is', async () => {
    docker('stop', 'salon_gbp_worker');
    expect((await run('celery/ready', { ...CELERY, timeout: 1 }, 'beat')).problem?.code).toBe('celery-no-worker');
    docker('stop', 'salon_gbp_redis');
    expect((await run('celery/ready', { ...CELERY, timeout: 1 }, 'beat')).problem?.code).toBe('celery-broker');
    expect((await run('redis/ready', {}, 'redis')).problem?.code).toBe('compose-not-running');
    expect((await run('compose/status')).problem?.what).toMatch(/worker exited .*redis exited/);
    docker('start', 'salon_gbp_redis', 'salon_gbp_worker');
    await until(async () => (await run('compose/status')).outcome === 'passed');
  });
});

describe('update, and back', () => {
  test('a service is built and started alone', async () => {
    const before = docker('ps', '-q', '--filter', 'name=salon_gbp_api');
    const found = await run('compose/rebuild', { services: ['web'] });
    expect(found).toMatchObject({ outcome: 'passed', evidence: { released: false, replaced: [] } });
    expect(docker('ps', '-q', '--filter', 'name=salon_gbp_api')).toBe(before);
  });

  test('the wrong branch, and files that were changed by hand, stop a deploy before anything is changed', async () => {
    expect((await run('compose/deploy', { branch: 'main' })).problem?.code).toBe('git-other-branch');
    execFileSync('sh', ['-c', 'echo >> alembic.ini'], { cwd: site.cwd });
    expect((await run('compose/deploy', { branch: 'master' })).problem?.code).toBe('git-local-changes');
    git('checkout', 'alembic.ini');
    expect(git('rev-parse', 'HEAD')).toBe(commits[1]);
  });

  test('a release that never becomes healthy: released, not healthy, with the revision before recorded', async () => {
    const found = await run('compose/deploy', { branch: 'master', wait_timeout: 30 });
    expect(found.problem).toMatchObject({
      code: 'released-not-healthy',
      what: expect.stringContaining('api is unhealthy'),
    });
    expect(found.evidence).toMatchObject({
      branch: 'master',
      before: commits[1],
      after: commits[2],
      commits: 1,
      released: true,
      healthy: false,
    });
    expect((await run('compose/status')).problem?.what).toContain('api is unhealthy');
  });

  test('the schema goes forward, and back again first, with the new code', async () => {
    expect((await run('alembic/upgrade', {}, 'api')).outcome).toBe('passed');
    const downgraded = await run('alembic/downgrade', { to: '2b3c4d5e6f70' }, 'api');
    expect(downgraded.problem).toBeUndefined();
  });

  test('back to the recorded commit: checked out, built, healthy', async () => {
    const found = await run('compose/rollback', { commit: commits[1] });
    expect(found.problem).toBeUndefined();
    expect(found.evidence).toMatchObject({ from: commits[2], to: commits[1], released: true, healthy: true });
    expect(git('rev-parse', 'HEAD')).toBe(commits[1]);
    const health = docker('exec', 'salon_gbp_api', 'curl', '-fsS', 'http://localhost:8000/api/health');
    expect(JSON.parse(health)).toMatchObject({ status: 'ok', version: '1.1.0' });
    const built = (await askEffects(site.control)).filter(({ effect }) => effect === 'image-built');
    expect(built.length).toBeGreaterThan(2);
  });

  test('a rollback leaves a detached HEAD, and the next deploy says so', async () => {
    expect((await run('compose/deploy', { branch: 'master' })).problem?.code).toBe('git-detached');
    expect(git('rev-parse', 'HEAD')).toBe(commits[1]);
  });

  test('old images go, those in use and the younger stay', async () => {
    const found = await run('compose/prune', { until: '168h' });
    expect(found).toMatchObject({
      outcome: 'passed',
      evidence: { removed: [{ image: 'salon_gbp_app:2025-10' }] },
    });
    expect(docker('image', 'ls')).toContain('salon_gbp_app');
  });
});

test('what a commit that is not there, or a file that is not there, leads to', async () => {
  expect((await run('compose/rollback', { commit: 'abcdef0' })).problem?.code).toBe('git-no-commit');
  expect((await run('compose/status', { file: 'compose.yml' })).problem?.code).toBe('compose-file');
});

test('docker-compose 1.29, which can neither wait nor format, is told apart and waited for', async () => {
  const found = await run('compose/status', { cli: 'docker-compose' });
  expect(found).toMatchObject({ outcome: 'passed', summary: '6/6 services run · 4/4 healthy' });
  expect((await run('compose/recreate', { cli: 'docker-compose', services: ['web'] })).outcome).toBe('passed');
});
