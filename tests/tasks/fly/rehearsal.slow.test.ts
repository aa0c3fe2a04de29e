import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openRehearsal, type RehearsalSite } from '../../../src/rehearsal/site.ts';
import type { Runbook } from '../../../src/runbook/types.ts';
import { taskFor } from '../../../tasks/registry.ts';
import type { TaskResult } from '../../../tasks/task.ts';
import { contextFor, type TestContext } from '../context.ts';

const JWT = 'jwt-signing-key-93b1c04e77';

const RUNBOOK: Runbook = {
  file: 'booking.md',
  digest: '',
  title: 'Booking',
  language: 'en',
  timezone: 'UTC',
  environments: {},
  values: {},
  secrets: {
    JWT_SECRET: { name: 'JWT_SECRET', ask: '', optional: false, position: { line: 1, column: 1 } },
  },
  steps: [],
  checklist: [],
};

let site: RehearsalSite;
let databaseUrl = '';

beforeAll(async () => {
  const values = { app: 'booking-stg', base_url: 'https://booking-stg.fly.dev' };
  site = await openRehearsal({ run: 'tasks', runbook: RUNBOOK, values, flow: 'setup', fresh: true });
}, 60_000);

afterAll(() => site?.close());

function context(given: { signal?: AbortSignal; env?: Record<string, string> } = {}): TestContext {
  const secrets = { JWT_SECRET: JWT, ...(databaseUrl ? { DATABASE_URL: databaseUrl } : {}) };
  return contextFor({ cwd: site.cwd, secrets, timeoutMs: 60_000, ...given, env: { ...site.env, ...given.env } });
}

function run(uses: string, input: object, at: TestContext = context()): Promise<TaskResult> {
  const task = taskFor(uses);
  if (!task) throw new Error(`no task ${uses}`);
  return task.run(task.input.parse(input), at);
}

const app = 'booking-stg';
const deploys = { app, wait_timeout: '4s' };

/** The next release is built from what is in the project. */
function change(edit: (release: { version: string; tables: string[] }) => void): void {
  const path = join(site.cwd, 'release.json');
  const release = JSON.parse(readFileSync(path, 'utf8'));
  edit(release);
  writeFileSync(path, JSON.stringify(release));
}

describe('from nothing to a release, into a broken one, and back', () => {
  test('flyctl is there, and someone is logged in', async () => {
    expect(await run('fly/ready', {})).toMatchObject({
      outcome: 'passed',
      summary: expect.stringMatching(/^v0\.4\.\d+ · .+@/),
    });
    expect((await run('fly/ready', { min_version: '9.0' })).problem).toMatchObject({ code: 'fly-too-old' });
  });

  test('without flyctl it says how to get it', async () => {
    await expect(run('fly/ready', {}, context({ env: { PATH: '/nowhere' } }))).rejects.toMatchObject({
      code: 'fly-missing',
    });
  });

  test('without a login it says how to log in', async () => {
    await expect(run('fly/ready', {}, context({ env: { FLY_API_TOKEN: '' } }))).rejects.toMatchObject({
      code: 'fly-auth',
    });
  });

  test('regions', async () => {
    expect(await run('fly/region', { region: 'eze' })).toMatchObject({ outcome: 'passed' });
    expect((await run('fly/region', { region: 'xyz' })).problem).toMatchObject({
      code: 'fly-no-region',
      means: expect.stringContaining('eze'),
    });
  });

  test('an app that is not there is said to be missing, then created, then found', async () => {
    await expect(run('fly/status', { app })).rejects.toMatchObject({
      code: 'fly-app-not-found',
      what: expect.stringContaining(app),
    });
    expect(await run('fly/app', { app, org: 'personal' })).toMatchObject({
      outcome: 'passed',
      evidence: { created: true },
    });
    expect(await run('fly/app', { app, org: 'personal' })).toMatchObject({
      outcome: 'passed',
      evidence: { created: false },
    });
    expect((await run('fly/app', { app, org: 'acme' })).problem).toMatchObject({ code: 'fly-app-other-org' });
  });

  test('a cluster is created and attached, and its URL becomes a secret that nothing shows', async () => {
    const at = context();
    const result = await run('fly/postgres', { app, name: `${app}-db`, org: 'personal', region: 'eze' }, at);
    expect(result).toMatchObject({ outcome: 'passed', evidence: { created: true, attached: true, urlKnown: true } });
    const [url] = at.provided;
    expect(url?.name).toBe('DATABASE_URL');
    databaseUrl = url?.use((bytes) => bytes.toString()) ?? '';
    expect(databaseUrl).toMatch(/^postgres:\/\/[^ ]+@booking-stg-db\.flycast:5432\//);
    const password = new URL(databaseUrl.replace('postgres:', 'http:')).password;
    expect(JSON.stringify([result, at.said, at.ran])).not.toContain(password);
    expect(at.said.join('\n')).not.toContain('Password:');
  });

  test('a second time there is nothing to do', async () => {
    const result = await run('fly/postgres', { app, name: `${app}-db`, org: 'personal', region: 'eze' });
    expect(result).toMatchObject({ outcome: 'passed', evidence: { created: false, attached: false, urlKnown: false } });
    expect(result.summary).toContain('its value is not known here');
  });

  test('the database is reached through the tunnel', async () => {
    expect(await run('postgres/ready', {})).toMatchObject({ outcome: 'passed' });
  });

  test('secrets are staged on standard input, and listed by name', async () => {
    expect((await run('fly/secrets-present', { app, names: ['JWT_SECRET'] })).problem).toMatchObject({
      code: 'fly-secrets-missing',
    });
    const at = context();
    const result = await run('fly/secrets', { app, names: ['JWT_SECRET'] }, at);
    expect(result).toMatchObject({ outcome: 'passed', evidence: { set: ['JWT_SECRET'], staged: ['JWT_SECRET'] } });
    expect(JSON.stringify([result, at.said, at.ran])).not.toContain(JWT);
    expect(await run('fly/secrets-present', { app, names: ['JWT_SECRET', 'DATABASE_URL'] })).toMatchObject({
      outcome: 'passed',
    });
  });

  test('the first deploy is released and healthy, and shows its machines while it runs', async () => {
    const at = context();
    const result = await run('fly/deploy', deploys, at);
    expect(result).toMatchObject({ outcome: 'passed', evidence: { version: 1, released: true, healthy: true } });
    expect(at.reported.length).toBeGreaterThan(0);
    expect(at.said.join('\n')).not.toContain('"Machines"');
    expect(await run('fly/status', { app })).toMatchObject({ outcome: 'passed' });
  }, 60_000);

  test('now the URL can be read from a machine', async () => {
    const at = context();
    const result = await run('fly/postgres', { app, name: `${app}-db`, org: 'personal', region: 'eze' }, at);
    expect(result).toMatchObject({ evidence: { attached: false, urlKnown: true } });
    expect(at.provided[0]?.use((bytes) => bytes.toString())).toBe(databaseUrl);
  });

  test('there is nothing to go back to yet', async () => {
    expect((await run('fly/rollback', { app })).problem).toMatchObject({ code: 'no-rollback-target' });
  });

  test('a release whose checks fail is released, and not healthy', async () => {
    change((release) => {
      release.version = '2.0.0';
      release.tables.push('no_such_table');
    });
    const result = await run('fly/deploy', deploys);
    expect(result).toMatchObject({
      outcome: 'failed',
      evidence: { version: 2, released: true, healthy: false },
      problem: { code: 'released-not-healthy', next: expect.arrayContaining([expect.stringContaining('rollback')]) },
    });
    expect((await run('fly/status', { app })).problem).toMatchObject({ code: 'fly-unhealthy' });
  }, 60_000);

  test('the way back offers the release that was good', async () => {
    const task = taskFor('fly/rollback');
    const choice = await task?.choose?.(task.input.parse({ app }), context());
    expect(choice).toMatchObject({
      field: 'image',
      suggested: 0,
      warning: { kind: 'fly-rollback', now: 'release 2' },
    });
    expect(choice?.options).toHaveLength(1);
    expect(choice?.options[0]?.label).toBe('release 1');

    const result = await run('fly/rollback', { app, image: choice?.options[0]?.value, strategy: 'immediate' });
    expect(result).toMatchObject({
      outcome: 'passed',
      evidence: {
        version: 3,
        image: expect.stringContaining(choice?.options[0]?.value ?? '-'),
        released: true,
        healthy: true,
      },
    });
  }, 60_000);

  test('restart and logs', async () => {
    expect(await run('fly/restart', { app })).toMatchObject({ outcome: 'passed', exit: 0 });
    const logs = await run('fly/logs', { app, lines: 5 });
    expect(logs.outcome).toBe('passed');
    expect(logs.text?.split('\n').length).toBeLessThanOrEqual(5);
  }, 60_000);

  test('a deploy that is stopped says what runs', async () => {
    const stop = new AbortController();
    const at = context({ signal: stop.signal });
    setTimeout(() => stop.abort('stopped'), 1500);
    const result = await run('fly/deploy', { app }, at);
    expect(result).toMatchObject({
      outcome: 'failed',
      problem: { code: 'deploy-interrupted', what: 'The deploy was stopped before it ended.' },
    });
    expect(result.problem?.means).toMatch(/What (still )?runs (now )?is release \d/);
  }, 60_000);
});
