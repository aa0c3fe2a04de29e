import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openRehearsal, type RehearsalSite } from '../../src/rehearsal/site.ts';
import { loadRunbook } from '../../src/runbook/load.ts';
import type { Step } from '../../src/runbook/types.ts';
import { taskFor } from '../../tasks/registry.ts';
import type { TaskResult } from '../../tasks/task.ts';
import { contextFor } from '../tasks/context.ts';
import { json, type StatusJson, sh } from './open.ts';

/** The staging of the osakamenesu runbook, deployed three times and left alone. */
const runbook = await loadRunbook('runbooks/osakamenesu-staging.md');
const app = 'osakamenesu-api-stg';
const values = { app, database: 'osakamenesu-db-stg', base_url: `https://${app}.fly.dev`, app_dir: '/app' };

let site: RehearsalSite;
let origin: string;
let url: string;

beforeAll(async () => {
  site = await openRehearsal({ run: 'run', runbook, values, fresh: false });
  origin = site.ready?.details['base_url'] ?? '';
  // A walk that attaches the database is given it by that step; the others are given the rehearsal's own.
  const spec = runbook.secrets['DATABASE_URL'];
  if (!spec) throw new Error('the runbook has no DATABASE_URL');
  const { from: _, ...asked } = spec;
  url = site.secretFor(asked)?.toString() ?? '';
}, 60_000);
afterAll(() => site?.close());

const states = async () =>
  (await json<StatusJson>(site, `fly status -a ${app} --json`)).Machines.map(({ state }) => state);

async function untilAsleep(): Promise<void> {
  for (let tries = 0; (await states()).includes('started') && tries < 100; tries += 1) await sleep(300);
}

function run(uses: string, input: object, more: { values?: Record<string, string> } = {}): Promise<TaskResult> {
  const task = taskFor(uses);
  if (!task) throw new Error(`no task ${uses}`);
  const secrets = { DATABASE_URL: url };
  return task.run(
    task.input.parse(input),
    contextFor({ cwd: site.cwd, env: site.env, secrets, timeoutMs: 60_000, ...more }),
  );
}

function body(id: string): string {
  const step = runbook.steps.find((each: Step) => each.id === id);
  if (!step) throw new Error(`no step ${id}`);
  return step.body;
}

describe('an app whose machines sleep when nobody asks', () => {
  test('fly/idle waits until they do', async () => {
    expect(await run('fly/idle', { app, wait: '30s' })).toMatchObject({
      outcome: 'passed',
      summary: expect.stringMatching(/^2 machines: 2 suspended/),
    });
  });

  test('a step on a machine then fails as the real one does', async () => {
    await untilAsleep();
    const ran = await sh(site, `fly ssh console -a ${app} -C "printenv PORT"`);
    expect(ran.code).toBe(1);
    expect(ran.stderr).toContain(`Error: app ${app} has no started VMs.`);
  });

  test('fly/wake wakes one, and lets the one that is awake be', async () => {
    await untilAsleep();
    expect(await run('fly/wake', { app })).toMatchObject({
      outcome: 'passed',
      summary: expect.stringMatching(/^\w+ was suspended and is awake$/),
      evidence: { woken: true },
    });
    expect((await states()).toSorted()).toEqual(['started', 'suspended']);
    expect(await run('fly/wake', { app })).toMatchObject({ evidence: { woken: false } });
    expect(await sh(site, `fly ssh console -a ${app} -C "sh -lc 'cd /app && alembic current'"`)).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^\w+ \(head\)\n$/),
    });
  });

  test('a request wakes one by itself', async () => {
    await untilAsleep();
    expect((await fetch(`${origin}/healthz`)).status).toBe(200);
    expect(await states()).toContain('started');
  });

  test('while somebody asks, it is not idle, and fly/idle says so', async () => {
    let asking = true;
    const traffic = (async () => {
      while (asking) {
        await fetch(`${origin}/healthz`);
        await sleep(200);
      }
    })();
    const found = await run('fly/idle', { app, wait: '22s' });
    asking = false;
    await traffic;
    expect(found).toMatchObject({
      outcome: 'failed',
      problem: { code: 'fly-not-idle', means: expect.stringContaining('Something still asks for it') },
    });
  });

  test('asleep it can still be deployed', async () => {
    await untilAsleep();
    expect(await sh(site, `fly deploy -a ${app} -c fly.stg.toml --yes`)).toMatchObject({ code: 0 });
  });
});

describe('its configuration file', () => {
  const wanted = { app, config: 'fly.stg.toml', auto_stop: 'suspend', auto_start: true, min_machines: 0 };

  test('says that it sleeps', async () => {
    expect(await run('fly/config', wanted)).toMatchObject({ outcome: 'passed' });
  });

  test('the one of another app, or one that never sleeps, is refused', async () => {
    expect(await run('fly/config', { ...wanted, app: 'other' })).toMatchObject({
      problem: { code: 'fly-config-differs', what: `fly.stg.toml: app is ${app}, not other.` },
    });
    expect(await run('fly/config', { ...wanted, config: 'fly.toml' })).toMatchObject({
      problem: { what: expect.stringContaining('auto_stop is off, not suspend') },
    });
  });

  test('the database’s checks are listed by its own app', async () => {
    expect(await run('fly/checks', { app: values.database })).toMatchObject({ summary: '3/3 checks passing' });
  });
});

describe('the columns and the data', () => {
  const sql = (text: string, more: Record<string, string> = {}) => run('sql', { body: text }, { values: more });

  test('without the columns the shops cannot be read; with them they can, however often they are added', async () => {
    await sql('alter table profiles drop column buffer_minutes');
    expect(await sql('select buffer_minutes from profiles')).toMatchObject({
      outcome: 'failed',
      problem: { what: expect.stringContaining('column "buffer_minutes" does not exist') },
    });
    expect(await sql(body('columns'))).toMatchObject({ outcome: 'passed' });
    expect(await sql(body('columns'))).toMatchObject({ outcome: 'passed' });
  });

  test('the data is the same two shops, two therapists and two shifts the second time, and names nobody', async () => {
    const first = await sql(body('data'));
    const second = await sql(body('data'));
    expect(second).toMatchObject({ outcome: 'passed', evidence: { rowCount: 1 } });
    expect(first.evidence).not.toEqual(second.evidence);
    const counts = `select (select count(*) from profiles) as shops, (select count(*) from therapists) as therapists,
      (select count(*) from therapist_shifts) as shifts, (select count(*) from guest_reservations) as booked`;
    expect((await sql(counts)).text).toBe('2|2|2|0');
    const names = await sql('select name from profiles union all select name from therapists order by 1');
    expect(names.text?.split('\n').every((name) => name.startsWith('STG '))).toBe(true);
  });

  test('in a database that is not staging’s both are refused, and nothing is changed', async () => {
    await sql('create database osakamenesu_api');
    const elsewhere = url.replace(/\/[^/?]+(\?|$)/, '/osakamenesu_api$1');
    for (const id of ['columns', 'data']) {
      const task = taskFor('sql');
      const secrets = { DATABASE_URL: elsewhere };
      expect(await task?.run({ body: body(id) }, contextFor({ cwd: site.cwd, env: site.env, secrets }))).toMatchObject({
        outcome: 'failed',
        problem: {
          what: expect.stringContaining('staging のデータベースではありません: osakamenesu_api'),
          means: expect.stringContaining('Nothing was changed'),
        },
      });
    }
  });
});
