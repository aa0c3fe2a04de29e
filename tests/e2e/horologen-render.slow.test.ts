import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { resolveValues } from '../../src/engine/plan-values.ts';
import { foldAll } from '../../src/engine/state.ts';
import { inputOf } from '../../src/engine/step-input.ts';
import type { JournalRecord } from '../../src/journal/records.ts';
import { PROGRAM_ROOT } from '../../src/program.ts';
import { askEffects, askPlatform } from '../../src/rehearsal/control.ts';
import type { DrillName } from '../../src/rehearsal/drills.ts';
import { openRehearsal, type RehearsalSite } from '../../src/rehearsal/site.ts';
import { loadRunbook } from '../../src/runbook/load.ts';
import { taskFor } from '../../tasks/registry.ts';
import type { TaskResult } from '../../tasks/task.ts';
import { contextFor } from '../tasks/context.ts';
import { type OperatorHome, operatorHome } from './home.ts';
import { endProcessesOf } from './processes.ts';

const RUNBOOK = 'runbooks/horologen-render.md';

describe('a whole release in rehearsal', () => {
  let home: OperatorHome;
  beforeEach(() => {
    home = operatorHome();
  });
  afterEach(() => {
    endProcessesOf(home.env['TEJUN_HOME'] ?? '');
    home.remove();
  });

  async function walk(...args: string[]): Promise<{ code: number; records: JournalRecord[] }> {
    const tejun = join(PROGRAM_ROOT, 'bin', 'tejun');
    const options = { cwd: PROGRAM_ROOT, env: { PATH: process.env['PATH'], ...home.env }, maxBuffer: 16 * 1024 * 1024 };
    const all = ['run', RUNBOOK, '--env', 'rehearsal', '--auto', '--json', ...args];
    const { stdout, code } = await promisify(execFile)(tejun, all, options).then(
      (done) => ({ stdout: done.stdout, code: 0 }),
      (error: { stdout: string; code: number }) => error,
    );
    const records = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as JournalRecord);
    return { code, records };
  }

  test('from the variables to the seal in less than a minute, every line of the checklist proved', async () => {
    const began = performance.now();
    const { code, records } = await walk();
    expect(code).toBe(0);
    expect(performance.now() - began).toBeLessThan(60_000);
    const state = foldAll(records);
    expect(Object.values(state.steps).flatMap(({ id, status }) => (status === 'failed' ? [id] : []))).toEqual([]);
    expect(state.checklist.filter((item) => item.state !== 'done')).toEqual([]);
    expect(state.seal).toBeDefined();
  });

  test('a migration that fails is met, and the app alone goes back', async () => {
    const { code, records } = await walk('--flow', 'redeploy', '--drill', 'migration-fails');
    expect(code).toBe(1);
    const state = foldAll(records);
    expect(state.steps['migrate']).toMatchObject({ status: 'failed' });
    expect(state.steps['rollback']).toMatchObject({ status: 'passed' });
    expect(state.steps['downgrade']?.status ?? 'waiting').toBe('waiting');
  });
});

/** A step of the runbook itself, run against a rehearsal that a drill has broken. */
async function openBroken(drill: DrillName) {
  const runbook = await loadRunbook(RUNBOOK);
  const written = resolveValues(runbook, { environment: 'rehearsal', values: {} });
  const request = { run: 'drill', runbook, values: written, fresh: false, flow: 'incident' as const, drill };
  const site: RehearsalSite = await openRehearsal(request);
  const values = site.values({ ...written, run: 'drill' });
  const secrets = Object.fromEntries(
    Object.values(runbook.secrets).map((spec) => [spec.name, site.secretFor(spec)?.toString() ?? '']),
  );
  return {
    site,
    async run(id: string, given: Record<string, string> = {}): Promise<TaskResult> {
      const step = runbook.steps.find((each) => each.id === id);
      const task = step && taskFor(step.uses);
      if (!step || !task) throw new Error(`no step ${id}`);
      const all = { ...values, ...given };
      const context = contextFor({ cwd: site.cwd, env: site.env, secrets, values: all, timeoutMs: 60_000 });
      return task.run(inputOf(step, task, all, {}), context);
    },
  };
}

describe('drill: a migration that fails', () => {
  let broken: Awaited<ReturnType<typeof openBroken>>;
  beforeAll(async () => {
    broken = await openBroken('migration-fails');
  });
  afterAll(() => broken?.site.close());

  test('the triage sees where the database is, and the exception behind the id on the page', async () => {
    expect((await broken.run('see-revisions')).problem).toMatchObject({ code: 'alembic-not-at-head' });
    // A person meets the error page; its id is what they have in hand.
    expect(await broken.run('count-one')).toMatchObject({ outcome: 'failed' });
    const newest = await broken.run('see-exception');
    const id = /error_id=(\w+)/.exec(newest.text ?? '')?.[1] ?? '';
    expect(await broken.run('see-exception', { error_id: id })).toMatchObject({
      outcome: 'passed',
      evidence: { fault: 'schema', exception: expect.stringContaining('UndefinedColumn') },
    });
    expect((await broken.run('see-schema-errors')).problem).toMatchObject({ code: 'render-logs-forbidden' });
  });

  test('the same migration fails again; the older version mends it, and no commit brings it back', async () => {
    expect(await broken.run('migrate-again')).toMatchObject({ outcome: 'failed' });
    expect(await broken.run('rollback')).toMatchObject({ outcome: 'passed', evidence: { autoDeploy: 'no' } });
    for (const id of ['rollback-logs', 'rollback-pages', 'count-one', 'see-data']) {
      expect(await broken.run(id), id).toMatchObject({ outcome: 'passed' });
    }
    const effects = await askEffects(broken.site.control);
    expect(effects.find(({ effect }) => effect === 'render-rollback')).toMatchObject({ autoDeploy: 'no' });
    expect(await broken.run('auto-deploy-on')).toMatchObject({ outcome: 'passed', evidence: { before: 'no' } });
  });
});

describe('drill: a release that never becomes healthy', () => {
  let broken: Awaited<ReturnType<typeof openBroken>>;
  beforeAll(async () => {
    broken = await openBroken('release-unhealthy');
  });
  afterAll(() => broken?.site.close());

  test('the log names the module, the version before it goes on serving, and deploying again does not help', async () => {
    expect((await broken.run('see-start')).problem).toMatchObject({ code: 'render-logs-forbidden' });
    expect(await broken.run('see-env')).toMatchObject({ outcome: 'passed' });
    expect((await broken.run('deploy-again')).problem).toMatchObject({
      code: 'render-update-failed',
      means: expect.stringContaining('goes on serving'),
    });
    expect(await broken.run('price')).toMatchObject({ outcome: 'passed' });
  });

  test('the mended commit is deployed, and its migration run', async () => {
    await askPlatform(broken.site.control, 'render', 'push');
    await expect
      .poll(async () => (await broken.run('see-deploys')).evidence, { timeout: 20_000, interval: 300 })
      .toMatchObject({ counts: { deploy_ended: 5 } });
    expect(await broken.run('migrate-again')).toMatchObject({ outcome: 'passed' });
    for (const id of ['price', 'see-revisions']) expect(await broken.run(id), id).toMatchObject({ outcome: 'passed' });
  });
});

describe('drill: the database is down', () => {
  let broken: Awaited<ReturnType<typeof openBroken>>;
  beforeAll(async () => {
    broken = await openBroken('database-down');
  });
  afterAll(() => broken?.site.close());

  test('the triage tells the database from the app', async () => {
    expect((await broken.run('see-postgres')).problem).toMatchObject({ code: 'render-database-unavailable' });
    expect(await broken.run('login-staff')).toMatchObject({ outcome: 'failed' });
    expect((await broken.run('see-connections')).problem).toMatchObject({ code: 'render-logs-forbidden' });
  });

  test('when a person has started it again, people can log in', async () => {
    await askPlatform(broken.site.control, 'render', 'start-database');
    await expect
      .poll(async () => (await broken.run('see-postgres')).outcome, { timeout: 20_000, interval: 300 })
      .toBe('passed');
    expect(await broken.run('login-staff')).toMatchObject({ outcome: 'passed' });
  });
});
