import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { askEffects, askSecretEquals } from '../../src/rehearsal/control.ts';
import { openRehearsal, type RehearsalSite } from '../../src/rehearsal/site.ts';
import { APP, json, type ReleasesJson, requestOf, type StatusJson, secret, sh } from './open.ts';

// The steps of a first set-up, in their order: each test needs the ones before it.
let site: RehearsalSite;
let base = '';
beforeAll(async () => {
  site = await openRehearsal(requestOf({ fresh: true }));
  base = site.values({ base_url: `https://${APP}.fly.dev` })['base_url'] ?? '';
});
afterAll(() => site.close());

test('the platform is empty', async () => {
  expect(await json(site, 'fly apps list --json')).toEqual([]);
  expect((await sh(site, 'fly postgres list --json')).stdout).toBe('No postgres clusters found\n');
  expect((await fetch(base)).status).toBe(503);
});

test('flyctl is the pinned version, logged in, and knows the region', async () => {
  expect(await json(site, 'flyctl version --json')).toMatchObject({ Name: 'flyctl', Version: '0.4.87' });
  expect(await json(site, 'fly auth whoami --json')).toEqual({ email: 'operator@example.com' });
  const regions = await json<{ code: string }[]>(site, 'fly platform regions --json');
  expect(regions.map(({ code }) => code)).toContain('eze');
});

test('the app is created, and has nothing yet', async () => {
  expect((await sh(site, `fly apps create ${APP} --org personal`)).stdout).toBe(`New app created: ${APP}\n`);
  expect(await json(site, 'fly status --json')).toMatchObject({
    Name: APP,
    Deployed: false,
    Status: 'pending',
    Machines: [],
  });
  const ssh = await sh(site, 'fly ssh console -C true');
  expect(ssh.stderr).toMatch(
    /^Error: app booking-stg has no started VMs\.\nIt may be unhealthy or not have been deployed yet\./,
  );
});

test('PostgreSQL is created and attached; its URL has the form of the real one and works through the proxy', async () => {
  const created = await sh(
    site,
    'fly postgres create --name db --org personal --region eze --initial-cluster-size 1 --vm-size shared-cpu-1x --volume-size 1',
  );
  expect(created.code).toBe(0);
  expect(created.stdout).toContain("Save your credentials in a secure place -- you won't be able to see them again!");
  const attached = await sh(site, `fly postgres attach db -a ${APP} --yes`);
  const url = /^ {2}DATABASE_URL=(postgres:\/\/booking_stg:\w+@db\.flycast:5432\/booking_stg\?sslmode=disable)$/m.exec(
    attached.stdout,
  )?.[1];
  expect(url).toBeDefined();
  expect(await askSecretEquals(site.control, APP, 'DATABASE_URL', Buffer.from(url ?? ''))).toBe(true);
  const { username, password, pathname } = new URL(url ?? '');
  const through = await sh(
    site,
    `fly proxy 0:5432 -a db > proxy.out & sleep 0.1; while ! grep -q Proxying proxy.out; do sleep 0.05; done; cat proxy.out; kill %1; rm proxy.out`,
  );
  expect(through.stdout).toBe('Proxying local port 0 to remote [db.internal]:5432\n');
  const spec = secret('DATABASE_URL');
  const port = new URL(site.secretFor(spec)?.toString() ?? '').port;
  const client = new pg.Client({
    host: '127.0.0.1',
    port: Number(port),
    user: username,
    password,
    database: pathname.slice(1),
  });
  await client.connect();
  expect((await client.query('select current_user as me')).rows).toEqual([{ me: 'booking_stg' }]);
  await client.end();
});

describe('secrets', () => {
  test('one by one from standard input, staged; the ends are trimmed as the real one trims them', async () => {
    const redis = site.secretFor(secret('REDIS_URL')) ?? Buffer.alloc(0);
    const set = await sh(site, `fly secrets set REDIS_URL=- --stage -a ${APP}`, { stdin: ` ${redis.toString()}\n` });
    expect(set).toEqual({
      code: 0,
      stdout:
        'Secrets have been staged, but not set on VMs. Deploy or update machines in this app for the secrets to take effect.\n',
      stderr: '',
    });
    expect(await askSecretEquals(site.control, APP, 'REDIS_URL', redis)).toBe(true);
  });

  test('imported with the real grammar', async () => {
    const imported = await sh(site, `fly secrets import -a ${APP}`, {
      stdin: 'JWT_SECRET="""a#b"""\nICS_SALT=cut#here\n',
    });
    expect(imported.stdout).toBe('Secrets are staged for the first deployment\n');
    expect(await askSecretEquals(site.control, APP, 'JWT_SECRET', Buffer.from('a#b'))).toBe(true);
    expect(await askSecretEquals(site.control, APP, 'ICS_SALT', Buffer.from('cut'))).toBe(true);
  });

  test.each([
    ['', 1, 'Error: requires at least one SECRET=VALUE pair\n'],
    [
      'oops\n',
      1,
      'Error: Failed to parse secrets from stdin: Secrets must be provided as NAME=VALUE pairs (oops is invalid)\n',
    ],
    ['P="\n', 3, 'Error: runtime error: slice bounds out of range [1:0]\n'],
  ])('an import of %j exits %i', async (stdin, code, stderr) => {
    expect(await sh(site, `fly secrets import -a ${APP}`, { stdin })).toEqual({ code, stdout: '', stderr });
  });

  test('are listed by name, staged', async () => {
    const listed = await json<{ name: string; status: string }[]>(site, `fly secrets list -a ${APP} --json`);
    expect(listed.map(({ name, status }) => `${name} ${status}`)).toEqual([
      'DATABASE_URL Staged',
      'ICS_SALT Staged',
      'JWT_SECRET Staged',
      'REDIS_URL Staged',
    ]);
    expect((await sh(site, `fly secrets list -a ${APP}`)).stdout).toMatch(/^\* DATABASE_URL\t[0-9a-f]{16}\tStaged/m);
  });
});

test('the first deploy makes two machines and a complete release', async () => {
  const deployed = await sh(site, `fly deploy -a ${APP} --remote-only`);
  expect(deployed.code).toBe(0);
  expect(deployed.stdout).toContain(' * create 2 "app" machines');
  const status = await json<StatusJson>(site, 'fly status --json');
  expect(status.Machines).toHaveLength(2);
  for (const machine of status.Machines) {
    expect(machine.state).toBe('started');
    expect(machine.checks.map((check) => check.status)).toEqual(['passing']);
    expect(machine.config.metadata.fly_release_version).toBe(String(status.Version));
  }
  expect(await json<ReleasesJson>(site, 'fly releases --json')).toMatchObject([{ Version: 1, Status: 'complete' }]);
  expect((await sh(site, `fly secrets list -a ${APP}`)).stdout).not.toContain('*');
});

test('the service is healthy, ready and measured', async () => {
  const health = await fetch(`${base}/api/v1/healthz`);
  expect(health.status).toBe(200);
  expect(await health.json()).toEqual({ status: 'healthy', checks: { database: 'ok', redis: 'ok' } });
  expect((await fetch(`${base}/api/v1/readyz`)).status).toBe(200);
  const metrics = await (await fetch(`${base}/metrics`)).text();
  expect(metrics).toMatch(/^http_request_duration_seconds_bucket\{le="\+Inf"\} \d+$/m);
  expect(await (await fetch(`${base}/api/v1/accommodations`)).json()).toHaveLength(1);
});

describe('reservations', () => {
  const post = (body: unknown): Promise<Response> =>
    fetch(`${base}/api/v1/reservations`, {
      method: 'POST',
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
  const stay = { accommodation_id: 1, check_in: '2025-11-15', check_out: '2025-11-17' };

  test('of twenty guests who want the same nights at the same time, one gets them', async () => {
    const answers = await Promise.all(Array.from({ length: 20 }, () => post(stay)));
    const statuses = answers.map((answer) => answer.status);
    expect(statuses.toSorted()).toEqual([201, ...Array.from({ length: 19 }, () => 409)]);
    const lost = answers.find((answer) => answer.status === 409);
    expect(await lost?.json()).toEqual({ detail: 'overlap' });
  });

  test.each([
    ['the night after', { ...stay, check_in: '2025-11-17', check_out: '2025-11-18' }, 201],
    ['a night within', { ...stay, check_in: '2025-11-16', check_out: '2025-11-17' }, 409],
    ['text for a number', { ...stay, accommodation_id: '1', check_in: '2026-01-01', check_out: '2026-01-02' }, 201],
    ['no such accommodation', { ...stay, accommodation_id: 99 }, 404],
    ['no nights', { ...stay, check_out: stay.check_in }, 422],
    ['no such day', { ...stay, check_in: '2025-02-30' }, 422],
    ['no JSON', '{', 422],
  ])('%s', async (_name, body, status) => {
    expect((await post(body)).status).toBe(status);
  });
});

test('a command on a machine: its output, its environment, its exit as flyctl tells it', async () => {
  const url = await sh(site, `fly ssh console -a ${APP} -C "printenv DATABASE_URL" | tail -n 1 | cut -d: -f1`);
  expect(url.stdout).toBe('postgres\n');
  expect(await sh(site, 'fly ssh console -C "sh -c \'exit 7\'" > /dev/null')).toMatchObject({
    code: 1,
    stderr: 'Error: ssh shell: Process exited with status 7\n',
  });
  expect((await sh(site, 'fly ssh console -C "cat" | tail -n 1', { stdin: 'hello' })).stdout).toContain('hello');
  expect(await json(site, 'fly machine exec "sh -c \'echo out; exit 7\'" --json')).toEqual({
    exit_code: 7,
    stdout: 'out\n',
  });
});

test('the platform says what was done, once each', async () => {
  const effects = (await askEffects(site.control)).map(({ effect }) => effect);
  const count = (name: string): number => effects.filter((effect) => effect === name).length;
  expect({
    apps: count('app-created'),
    postgres: count('postgres-created'),
    attached: count('postgres-attached'),
    secrets: count('secret-stored'),
    images: count('image-built'),
    releases: count('release-created'),
    machines: count('machine-created'),
  }).toEqual({ apps: 2, postgres: 1, attached: 1, secrets: 4, images: 1, releases: 1, machines: 2 });
});
