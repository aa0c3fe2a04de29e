import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { SiteRequest } from '../../src/engine/site.ts';
import { askEffects } from '../../src/rehearsal/control.ts';
import { openRehearsal, type RehearsalSite } from '../../src/rehearsal/site.ts';
import { json, type ReleasesJson, requestOf, type StatusJson, sh } from './open.ts';

let site: RehearsalSite;

/** One rehearsal for the tests of a block, which go on from each other's state. */
function rehearsal(request: Partial<SiteRequest> = {}): void {
  beforeAll(async () => {
    site = await openRehearsal(requestOf(request));
  });
  afterAll(() => site.close());
}

const status = () => json<StatusJson>(site, 'fly status --json');
const releases = () => json<ReleasesJson>(site, 'fly releases --json');
const ask = (path: string) => fetch(`${site.ready?.details['base_url']}${path}`);
const health = async () => (await ask('/api/v1/healthz')).status;
const running = async () => ((await (await ask('/')).json()) as { version: string }).version;
const checks = (of: StatusJson) => of.Machines.flatMap((machine) => machine.checks.map((check) => check.status));

async function untilHealth(wanted: number): Promise<void> {
  for (let tries = 0; (await health()) !== wanted && tries < 100; tries += 1) await sleep(100);
  expect(await health()).toBe(wanted);
}

describe('an app that is already there', () => {
  rehearsal();

  test('rolls to the next release and back to the last one, and serves all the time', async () => {
    expect((await releases()).map(({ Version, Status }) => [Version, Status])).toEqual([
      [3, 'complete'],
      [2, 'complete'],
      [1, 'complete'],
    ]);
    expect(new Set((await releases()).map(({ ImageRef }) => ImageRef)).size).toBe(3);
    expect(await running()).toBe('1.3.0');

    const answers: number[] = [];
    let rolling = true;
    const traffic = (async () => {
      while (rolling) {
        answers.push(await health());
        await sleep(10);
      }
    })();
    const deployed = await sh(site, 'fly deploy --strategy rolling');
    rolling = false;
    await traffic;
    expect(deployed.code).toBe(0);
    expect(new Set(answers)).toEqual(new Set([200]));
    expect(await running()).toBe('1.4.0');

    const [, before] = await releases();
    const back = await sh(site, `fly deploy --image ${before?.ImageRef} --yes --skip-release-command`);
    expect(back.code).toBe(0);
    expect(await running()).toBe('1.3.0');
    expect(await releases()).toMatchObject([{ Version: 5, ImageRef: before?.ImageRef }, { Version: 4 }, {}, {}, {}]);
    expect((await status()).Machines.map((machine) => machine.config.metadata.fly_release_version)).toEqual(['5', '5']);
  });

  test('a secret that is set restarts the machines in a release of the same image', async () => {
    const [before] = await releases();
    expect((await sh(site, 'fly secrets set JWT_SECRET=- --stage', { stdin: 'new' })).code).toBe(0);
    expect((await sh(site, 'fly secrets list')).stdout).toMatch(/^\* JWT_SECRET/m);
    expect((await releases())[0]?.Version).toBe(before?.Version);
    expect((await sh(site, 'fly secrets deploy')).code).toBe(0);
    expect((await sh(site, 'fly secrets list')).stdout).toMatch(/^ {2}JWT_SECRET/m);
    expect((await releases())[0]).toMatchObject({ Version: 6, Status: 'complete', ImageRef: before?.ImageRef });
    expect(await running()).toBe('1.3.0');
    const told = await sh(site, 'fly ssh console -C "printenv JWT_SECRET" | tail -n 1');
    expect(told.stdout).toBe('new\n');
  });

  test('the log is followed until flyctl is ended; without --no-tail it does not return', async () => {
    const all = await sh(site, 'fly logs --no-tail');
    expect(all.stdout).toMatch(/ eze \[info\]INFO listening on port \d+$/m);
    const followed = await sh(site, 'timeout 1 fly logs | grep -c listening');
    expect(Number(followed.stdout)).toBeGreaterThanOrEqual(2);
    const empty = await sh(site, 'timeout 1 fly logs --no-tail --region gru', { timeoutMs: 5000 });
    expect(empty).toMatchObject({ code: 124, stdout: '' });
  });

  test('bluegreen replaces the machines only when all the new ones are healthy', async () => {
    const before = (await status()).Machines.map(({ id }) => id);
    expect((await sh(site, 'fly deploy --strategy bluegreen')).code).toBe(0);
    const after = (await status()).Machines.map(({ id }) => id);
    expect(after).toHaveLength(2);
    expect(after.filter((id) => before.includes(id))).toEqual([]);
    expect(await running()).toBe('1.4.0');
  });
});

describe('a release that never becomes healthy', () => {
  rehearsal({ drill: 'release-unhealthy' });

  test('fails in the words of flyctl after the wait; the other machine goes on serving; the last image heals it', async () => {
    const deployed = await sh(site, 'fly deploy --wait-timeout 2');
    expect(deployed.code).toBe(1);
    expect(deployed.stderr).toMatch(
      /^Error: failed to update machine (\w{14}): Unrecoverable error: timeout reached waiting for health checks to pass for machine \1: failed to get VM \1: /m,
    );
    expect(checks(await status()).toSorted()).toEqual(['critical', 'passing']);
    expect(
      (await status()).Machines.flatMap((machine) => machine.checks)
        .map((check) => check.output)
        .join(),
    ).toContain('relation \\"guest_profiles\\" does not exist');
    expect(await health()).toBe(200);
    const [failed, last] = await releases();
    expect(failed?.Status).toBe('failed');
    expect((await sh(site, `fly deploy --image ${last?.ImageRef}`)).code).toBe(0);
    expect(checks(await status())).toEqual(['passing', 'passing']);
  });

  test('bluegreen leaves the old machines alone', async () => {
    const before = (await status()).Machines.map(({ id }) => id);
    expect((await sh(site, 'fly deploy --strategy bluegreen --wait-timeout 1')).code).toBe(1);
    expect((await status()).Machines.map(({ id }) => id)).toEqual(before);
    expect(checks(await status())).toEqual(['passing', 'passing']);
  });

  test('flyctl that is killed in the middle leaves a release that was interrupted, and rolling stops', async () => {
    const replaced = async () =>
      (await askEffects(site.control)).filter(({ effect }) => effect === 'machine-replaced').length;
    const before = await replaced();
    await sh(site, 'timeout -s KILL 1 fly deploy');
    await sleep(200);
    expect((await releases())[0]?.Status).toBe('interrupted');
    expect((await replaced()) - before).toBe(1);
  });

  test('with the strategy immediate nobody waits, and nobody serves', async () => {
    expect((await sh(site, 'fly deploy --strategy immediate')).code).toBe(0);
    expect((await releases())[0]?.Status).toBe('complete');
    expect(checks(await status())).toEqual(['critical', 'critical']);
    expect(await health()).toBe(503);
  });
});

describe('a migration that fails', () => {
  rehearsal({ drill: 'migration-fails' });

  test('crashes the app; its log is shown, and the other machine goes on serving', async () => {
    const deployed = await sh(site, 'fly deploy');
    expect(deployed.code).toBe(1);
    expect(deployed.stderr).toMatch(
      /^Error: failed to update machine (\w+): Unrecoverable error: smoke checks for \1 failed: the app appears to be crashing$/m,
    );
    expect(deployed.stderr).toContain('UndefinedTable) relation "reservation" does not exist');
    expect(await health()).toBe(200);
  });
});

describe('a database that stops after a deploy', () => {
  rehearsal({ drill: 'database-down' });

  test('makes the app unhealthy, and its own checks say so', async () => {
    expect((await sh(site, 'fly deploy')).code).toBe(0);
    await untilHealth(503);
    const found = await json<Record<string, { name: string; status: string }[]>>(
      site,
      'fly checks list -a booking-stg-db --json',
    );
    expect(Object.values(found)).toEqual([
      expect.arrayContaining([expect.objectContaining({ name: 'pg', status: 'critical' })]),
    ]);
  });

  test('is up again once its machine is started', async () => {
    const [machine] = (await json<StatusJson>(site, 'fly status -a booking-stg-db --json')).Machines;
    expect(machine?.state).toBe('stopped');
    expect((await sh(site, `fly machine start ${machine?.id} -a booking-stg-db`)).code).toBe(0);
    await untilHealth(200);
  });
});

describe('an incident', () => {
  rehearsal({ drill: 'migration-fails', flow: 'incident' });

  test('finds the app broken, with good releases to go back to', async () => {
    await untilHealth(503);
    const good = (await releases()).filter(({ Status }) => Status === 'complete').slice(1);
    expect(good).toHaveLength(3);
    expect((await sh(site, `fly deploy --image ${good[0]?.ImageRef}`)).code).toBe(0);
    expect(await health()).toBe(200);
  });
});
