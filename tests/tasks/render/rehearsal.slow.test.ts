import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { askEffects } from '../../../src/rehearsal/control.ts';
import { DATABASE, OTHER, openRender, type RenderRehearsal, SERVICE } from './a-rehearsal.ts';

const KEY = 'flask-signing-key-5c0ffee51deadbeef77';
const service = SERVICE;
let render: RenderRehearsal;
const run: RenderRehearsal['run'] = (...given) => render.run(...given);

beforeAll(async () => {
  render = await openRender({ fresh: true, flow: 'setup' });
}, 60_000);
afterAll(() => render?.site.close());

const rules = {
  service,
  variables: {
    DATABASE_URL: { scheme: ['postgresql'] },
    SECRET_KEY: { differs_from: OTHER, min_length: 32 },
    HOROLOGEN_PLAN: { allowed: ['limited', 'unlimited'] },
    HOROLOGEN_MONTHLY_LIMIT: { when: { HOROLOGEN_PLAN: 'limited' }, pattern: '[1-9]\\d*' },
    ANTHROPIC_API_KEY: { optional: 'only the generation fails' },
  },
};

const signIn = (email: string, secret: string, home: string) => ({
  post: '/login',
  form: { email },
  secret_form: { password: secret },
  expect: ['status == 303', `header location == ${home}`],
});

describe('from a service that never started to one that serves, and back', () => {
  test('the key is good, and the service is there', async () => {
    const found = await run('render/ready', { service, branch: 'main' });
    expect(found).toMatchObject({
      outcome: 'passed',
      evidence: { account: 'operator@example.com', autoDeploy: 'yes' },
    });
    expect(await run('render/ready', { service, branch: 'release' })).toMatchObject({
      problem: { code: 'render-branch' },
    });
    await expect(run('render/ready', { service: 'shopp' })).rejects.toMatchObject({ code: 'render-service-not-found' });
  });

  test('without a key, and with a wrong one, it says how to get one', async () => {
    const without = render.context({ env: { RENDER_API_KEY: '' } });
    await expect(run('render/ready', { service }, without)).rejects.toMatchObject({ code: 'render-no-key' });
    const wrong = render.context({ env: { RENDER_API_KEY: 'rnd_wrong' } });
    await expect(run('render/ready', { service }, wrong)).rejects.toMatchObject({ code: 'render-auth' });
  });

  test('the variables are missing, then set one key at a time, and no value is told', async () => {
    expect((await run('render/env', rules)).problem).toMatchObject({
      code: 'render-env',
      what: expect.stringContaining('DATABASE_URL is not set; SECRET_KEY is not set'),
    });
    const at = render.context({ secrets: { SECRET_KEY: KEY } });
    const input = {
      service,
      secrets: ['SECRET_KEY'],
      databases: { DATABASE_URL: DATABASE },
      values: { HOROLOGEN_PLAN: 'limited', HOROLOGEN_MONTHLY_LIMIT: '30' },
    };
    const result = await run('render/env-set', input, at);
    expect(result).toMatchObject({
      outcome: 'passed',
      evidence: { set: ['SECRET_KEY', 'DATABASE_URL', 'HOROLOGEN_PLAN', 'HOROLOGEN_MONTHLY_LIMIT'] },
    });
    expect(JSON.stringify([result, at.said])).not.toContain(KEY);
    expect(await render.ask('env-equals', { key: 'SECRET_KEY', value: KEY })).toBe(true);
    const effects = (await askEffects(render.site.control)).map(({ effect }) => effect);
    expect(effects.filter((effect) => effect === 'render-env-put')).toHaveLength(4);
    expect(effects).not.toContain('render-env-replaced');
    const good = await run('render/env', rules);
    expect(good).toMatchObject({ outcome: 'passed', summary: '4 good · not set: ANTHROPIC_API_KEY' });
    expect(JSON.stringify(good)).not.toContain(KEY);
  });

  test('a deploy is followed until it serves', async () => {
    const at = render.context();
    const result = await run('render/deploy', { service }, at);
    expect(result).toMatchObject({ outcome: 'passed', evidence: { status: 'live', previous: null } });
    expect((await fetch(`${render.baseUrl}/healthz`)).status).toBe(200);
  });

  test('the database is migrated by a job, and is at head then', async () => {
    expect((await run('render/at-head', { service })).problem).toMatchObject({ code: 'alembic-not-at-head' });
    const result = await run('render/migrate', { service });
    expect(result).toMatchObject({
      outcome: 'passed',
      evidence: { before: 'base', after: '4d0e6a2b2c44', ran: { length: 4 } },
    });
    expect(await run('render/at-head', { service })).toMatchObject({ outcome: 'passed' });
  });

  test('seeds and imports are jobs, and can be run again', async () => {
    for (const created of [4, 0]) {
      expect(await run('render/job', { service, command: 'python scripts/seed_dev.py' })).toMatchObject({
        outcome: 'passed',
        text: expect.stringContaining(`created=${created}`),
      });
    }
    const seed = { service, command: 'python scripts/seed_staging_min.py', match: ['TESTBRAND / REF001'] };
    expect(await run('render/job', seed)).toMatchObject({ outcome: 'passed' });
    const command = 'python scripts/import_master_products_from_sqlite.py';
    for (const log of ['inserted=3 skipped=0', 'inserted=0 skipped=3']) {
      expect(await run('render/job', { service, command, env: { TENANT_ID: '2' } })).toMatchObject({
        outcome: 'passed',
        text: expect.stringContaining(`tenant_id=2 ${log}`),
      });
    }
  });

  test('a job that fails says so with its last line, and an assignment in front needs a shell', async () => {
    const command = 'python scripts/import_master_products_from_sqlite.py';
    expect(await run('render/job', { service, command })).toMatchObject({
      outcome: 'failed',
      problem: { code: 'render-job-failed', means: 'Its last line: ERROR TENANT_ID is required' },
    });
    expect(await run('render/job', { service, command: 'python scripts/nothing.py' })).toMatchObject({
      problem: { code: 'render-job-failed', means: expect.stringContaining("can't open file") },
    });
    expect(
      await run('render/job', { service, command: 'python scripts/check_env_data.py', match: ['no such line'] }),
    ).toMatchObject({ problem: { code: 'render-job-log' } });
  });

  test('pages behind a login, with what the roles may see', async () => {
    const at = render.context({ secrets: render.passwords });
    const pages = [
      { as: 'staff', ...signIn('staff-a@example.com', 'STAFF_PASSWORD', '/staff/search') },
      {
        as: 'staff',
        get: '/staff/references?brand=TESTBRAND',
        times: 10,
        expect: ['status == 200', 'body count == 1'],
      },
      {
        as: 'staff',
        get: '/staff/search?brand=TESTBRAND&reference=REF001',
        expect: ['body contains price_jpy=123456'],
      },
      { as: 'staff', get: '/admin/upload', expect: ['status == 403'] },
      { as: 'admin', ...signIn('admin-a@example.com', 'ADMIN_PASSWORD', '/admin') },
      { as: 'admin', get: '/admin/upload', expect: ['status == 200'] },
    ];
    expect(await run('http/pages', { base_url: render.baseUrl, pages }, at)).toMatchObject({
      outcome: 'passed',
      summary: '15 requests as expected',
    });
    expect(JSON.stringify(at.said)).not.toContain(render.passwords.STAFF_PASSWORD);
  });

  test('a reissued password must be changed before anything else opens, and is never shown', async () => {
    const at = render.context({ secrets: render.passwords });
    const pages = [
      { as: 'admin', ...signIn('admin-a@example.com', 'ADMIN_PASSWORD', '/admin') },
      {
        as: 'admin',
        post: '/admin/users/reissue-password',
        form: { email: 'staff-a@example.com' },
        keep: { TEMPORARY: '/temporary_password' },
      },
      { as: 'staff', ...signIn('staff-a@example.com', 'TEMPORARY', '/password/change') },
      { as: 'staff', get: '/staff/search', expect: ['status == 303', 'header location == /password/change'] },
      { as: 'staff', post: '/password/change', secret_form: { new_password: 'STAFF_PASSWORD' } },
      { as: 'again', ...signIn('staff-a@example.com', 'STAFF_PASSWORD', '/staff/search') },
    ];
    expect(await run('http/pages', { base_url: render.baseUrl, pages }, at)).toMatchObject({ outcome: 'passed' });
  });

  test('a page that is not as expected stops the walk and says what it was', async () => {
    const at = render.context({ secrets: render.passwords });
    const pages = [
      { as: 'staff', ...signIn('staff-a@example.com', 'ADMIN_PASSWORD', '/staff/search') },
      { get: '/login' },
    ];
    expect(await run('http/pages', { base_url: render.baseUrl, pages }, at)).toMatchObject({
      outcome: 'failed',
      problem: { code: 'http-assertion-failed', what: expect.stringContaining('expected status == 303, was 401') },
      evidence: { pages: { length: 1 } },
    });
  });

  test('there is nothing to go back to yet; then auto-deploy is off before the rollback is asked for', async () => {
    expect((await run('render/rollback', { service })).problem).toMatchObject({ code: 'no-rollback-target' });
    expect(await render.ask('auto-deploy')).toBe('yes');
    expect(await render.ask('push')).toBe(true);
    const first = await run('render/events', { service, forbid: [] });
    expect(first.outcome).toBe('passed');
    await expect
      .poll(async () => (await render.ask('deploys')) as { status: string }[], { timeout: 10_000 })
      .toMatchObject([
        { status: 'live', trigger: 'new_commit' },
        { status: 'deactivated' },
        { status: 'update_failed' },
      ]);

    const result = await run('render/rollback', { service });
    expect(result).toMatchObject({
      outcome: 'passed',
      summary: expect.stringContaining('the database is as it was'),
      evidence: { autoDeploy: 'no', status: 'live' },
    });
    const effects = await askEffects(render.site.control);
    expect(effects.findLast(({ effect }) => effect === 'render-rollback')).toMatchObject({ autoDeploy: 'no' });
    // A commit that comes now stays where it is.
    expect(await render.ask('push')).toBe(false);
    expect(await run('render/auto-deploy', { service, auto_deploy: 'yes' })).toMatchObject({
      outcome: 'passed',
      evidence: { before: 'no', now: 'yes' },
    });
  });

  test('a deploy that waits for another is answered without a body, and found all the same', async () => {
    const [first, second] = await Promise.all([run('render/deploy', { service }), run('render/deploy', { service })]);
    const codes = [first, second].map(({ outcome, problem }) => problem?.code ?? outcome);
    // The one that went first may be seen when the other has taken its place.
    expect(codes.every((code) => code === 'passed' || code === 'render-deploy-replaced')).toBe(true);
    expect(codes).toContain('passed');
  });

  test('from the id on the error page to the exception in the log', async () => {
    await run('render/job', { service, command: 'python -m alembic downgrade 3c9d5f1a1b33' });
    const at = render.context({ secrets: render.passwords });
    const pages = [
      { ...signIn('staff-a@example.com', 'STAFF_PASSWORD', '/staff/search') },
      { get: '/staff/references?brand=TESTBRAND', expect: ['status == 200'] },
    ];
    const broken = await run('http/pages', { base_url: render.baseUrl, pages }, at);
    expect(broken.outcome).toBe('failed');
    const listed = await run('render/exception', { service, error_id: 'none' });
    const id = /error_id=(\w+)/.exec(listed.text ?? '')?.[1] ?? '';
    expect(await run('render/exception', { service, error_id: id })).toMatchObject({
      outcome: 'passed',
      evidence: {
        exception: 'psycopg.errors.UndefinedColumn: column "currency" does not exist',
        fault: 'schema',
      },
    });
    await expect(run('render/exception', { service, error_id: '00000000' })).resolves.toMatchObject({
      problem: { code: 'render-error-id-unknown' },
    });
    expect(await run('render/logs', { service, forbid: ['UndefinedTable', 'UndefinedColumn'] })).toMatchObject({
      outcome: 'failed',
      evidence: { counts: { UndefinedTable: 0, UndefinedColumn: 1 } },
    });
    expect(await run('render/logs', { service, at_most: [{ text: 'login failed', times: 5 }] })).toMatchObject({
      outcome: 'passed',
    });
  });

  test('the way back of the database is a revision that is named', async () => {
    await run('render/migrate', { service });
    expect(await run('render/downgrade', { service, to: '3c9d5f1a1b33' })).toMatchObject({
      outcome: 'passed',
      evidence: { before: '4d0e6a2b2c44', after: '3c9d5f1a1b33' },
    });
    expect(await run('render/downgrade', { service, to: 'none' })).toMatchObject({
      problem: { code: 'alembic-revision-unknown' },
    });
  });

  test('a process that dies is an event, and serves again', async () => {
    await render.ask('crash');
    await expect.poll(async () => (await run('render/events', { service })).problem?.code).toBe('render-events');
    await expect.poll(async () => (await fetch(`${render.baseUrl}/healthz`)).status, { timeout: 10_000 }).toBe(200);
  });

  test('the database is available', async () => {
    expect(await run('render/postgres', { database: DATABASE })).toMatchObject({ outcome: 'passed' });
    await expect(run('render/postgres', { database: 'other' })).rejects.toMatchObject({
      code: 'render-database-not-found',
    });
  });

  test('a step that is stopped cancels its job', async () => {
    const stop = new AbortController();
    setTimeout(() => stop.abort('stopped'), 1200);
    const at = render.context({ signal: stop.signal });
    await expect(run('render/job', { service, command: 'sleep 30' }, at)).rejects.toMatchObject({
      code: 'render-job-interrupted',
      means: expect.stringContaining('was cancelled'),
    });
    const effects = await askEffects(render.site.control);
    expect(effects.findLast(({ effect }) => effect === 'render-job-ended')).toMatchObject({ status: 'canceled' });
  });
}, 60_000);
