/** The drills of a staging on Fly: the runbook's own triage finds each trouble, and its own remedy mends it. */
import { afterEach, describe, expect, test } from 'vitest';
import { buildPlan } from '../../src/engine/plan.ts';
import { rawInput } from '../../src/engine/plan-input.ts';
import { atPlace } from '../../src/exec/place.ts';
import { askEffects } from '../../src/rehearsal/control.ts';
import type { DrillName } from '../../src/rehearsal/drills.ts';
import { openRehearsal, type RehearsalSite } from '../../src/rehearsal/site.ts';
import { loadRunbook } from '../../src/runbook/load.ts';
import type { Flow } from '../../src/runbook/types.ts';
import { taskFor } from '../../tasks/registry.ts';
import type { TaskResult } from '../../tasks/task.ts';
import { requestOf, sh } from '../rehearsal/open.ts';
import { contextFor } from '../tasks/context.ts';

interface Broken {
  site: RehearsalSite;
  /** Runs a step of the runbook as the engine would. */
  run(id: string, values?: Readonly<Record<string, string>>): Promise<TaskResult & { said?: readonly string[] }>;
  effects(name: string): Promise<number>;
}

let site: RehearsalSite | undefined;
afterEach(() => site?.close());

async function open(name: string, drill: DrillName, flow: Flow = 'incident'): Promise<Broken> {
  const runbook = await loadRunbook(name);
  const plan = buildPlan(runbook, { environment: 'rehearsal', flow, values: {}, tasks: taskFor });
  const opened = await openRehearsal({ ...requestOf({ runbook, values: plan.values, flow }), drill });
  site = opened;
  return {
    site: opened,
    async run(id, values = {}) {
      const step = plan.steps.find((each) => each.id === id);
      const task = step && taskFor(step.uses);
      if (!step || !task) throw new Error(`no step ${id}`);
      const own = opened.values({ ...plan.values, ...values });
      const secrets = step.secrets.flatMap((secret) => {
        const { from: _, ...asked } = runbook.secrets[secret] ?? { name: secret, ask: '', optional: false };
        const value = opened.secretFor({ position: { line: 1, column: 1 }, ...asked })?.toString();
        return value === undefined ? [] : [[secret, value]];
      });
      const context = contextFor({
        cwd: opened.cwd,
        env: { ...opened.env, ...own },
        values: own,
        secrets: Object.fromEntries(secrets),
        timeoutMs: 60_000,
      });
      const { exec } = context;
      context.exec = (command, options) => exec(atPlace(step.on, command, own), options);
      try {
        return { ...(await task.run(task.input.parse(rawInput(step, own)), context)), said: context.said };
      } catch (error) {
        const { detail } = error as { detail?: TaskResult['problem'] };
        if (!detail) throw error;
        return { outcome: 'failed', summary: detail.what, problem: detail };
      }
    },
    effects: async (effect) => (await askEffects(opened.control)).filter((one) => one.effect === effect).length,
  };
}

test('a wrong database password: the database answers and refuses; a new role of its own mends it', async () => {
  const { site, run, effects } = await open('cabanas-staging', 'wrong-database-password');
  expect(await run('ver-maquinas')).toMatchObject({ evidence: { app: 'sist-cabanas-mvp' } });
  const found = await run('ver-base');
  expect(found.outcome).toBe('failed');
  expect(JSON.stringify(found)).toContain('password authentication failed');
  expect(await run('ver-redis')).toMatchObject({ outcome: 'passed' });
  expect(await run('ver-secretos'), 'the secret is there: its name says nothing of its value').toMatchObject({
    outcome: 'passed',
  });

  const attached = await effects('postgres-attached');
  const mended = await run('usuario-nuevo');
  expect(mended).toMatchObject({ outcome: 'passed' });
  expect(JSON.stringify(mended)).not.toMatch(/postgres:\/\/\w+:/);
  expect(await effects('postgres-attached')).toBe(attached + 1);
  const listed = await sh(site, 'flyctl secrets list -a sist-cabanas-mvp --json');
  expect(listed.stdout).toContain('DATABASE_URL');
  for (const id of ['ver-base', 'ver-maquinas']) expect(await run(id), id).toMatchObject({ outcome: 'passed' });
});

test('a login that is over: every command is refused, and logging in mends it', async () => {
  const { site, run, effects } = await open('cabanas-staging', 'expired-token');
  expect((await sh(site, 'flyctl status -a sist-cabanas-mvp')).stderr).toBe(
    "Error: no access token available. Please login with 'flyctl auth login'\n",
  );
  for (const id of ['ver-sesion', 'flyctl', 'ver-maquinas']) {
    expect((await run(id)).problem, id).toMatchObject({ code: 'fly-auth' });
  }
  expect(await effects('logged-in')).toBe(0);
  expect(await run('entrar')).toMatchObject({ outcome: 'passed' });
  expect(await effects('logged-in')).toBe(1);
  for (const id of ['ver-sesion', 'flyctl', 'ver-maquinas'])
    expect(await run(id), id).toMatchObject({ outcome: 'passed' });
});

describe('the constraint against double booking is missing', () => {
  const NIGHTS = { check_in: '2026-03-01', check_out: '2026-03-03' };

  test('both guests get the room; the remedy refuses while they have it, and then closes the door', async () => {
    const { site, run } = await open('cabanas-staging', 'constraint-missing');
    expect(await run('ver-base'), 'everything else is well').toMatchObject({ outcome: 'passed' });
    expect((await run('carrera', NIGHTS)).problem).toMatchObject({ code: 'race-too-many-winners' });
    expect((await run('ver-restriccion')).problem?.what).toContain('reservations no tiene restricción EXCLUDE');

    const refused = await run('reponer-restriccion');
    expect(refused.problem?.what).toMatch(/hay reservas que se pisan: \d+ y \d+ \(cabaña 1, desde 2026-03-01\)/);
    expect((await run('ver-restriccion')).outcome).toBe('failed');

    // What a person decides: the guest who came second gets another night.
    const moved = await sh(
      site,
      `psql -qAtX "$URL" -c "update reservations set check_in = '2026-04-01', check_out = '2026-04-03' where id = (select max(id) from reservations)"`,
      { env: { URL: urlOf(site) } },
    );
    expect(moved.stderr).toBe('');
    for (const again of ['once', 'and once more']) {
      expect(await run('reponer-restriccion'), again).toMatchObject({ outcome: 'passed' });
    }
    expect(await run('ver-restriccion')).toMatchObject({
      outcome: 'passed',
      evidence: { rows: [{ conname: 'reservations_no_overlap' }] },
    });
    const fair = await run('carrera', { check_in: '2026-05-01', check_out: '2026-05-03' });
    expect(fair).toMatchObject({ outcome: 'passed', evidence: { wins: 1, losses: 1 } });
  });

  test('in a redeploy it is dropped after the deploy, and the race of the walk finds it', async () => {
    const { run } = await open('cabanas-staging', 'constraint-missing', 'redeploy');
    expect(await run('despliegue')).toMatchObject({ outcome: 'passed' });
    expect((await run('carrera', NIGHTS)).problem).toMatchObject({
      code: 'race-too-many-winners',
      means: expect.stringContaining('more than once'),
    });
  });
});

test('a worker that is stuck: it answers, its task has no end, and a restart mends it', async () => {
  const { run } = await open('salon-gbp-vps', 'worker-stuck');
  await expect
    .poll(async () => (await run('celery-active')).problem, { timeout: 20_000 })
    .toMatchObject({ code: 'celery-stuck' });
  expect(await run('celery-ready'), 'it answers all the same').toMatchObject({ outcome: 'passed' });
  expect(await run('celery-restart')).toMatchObject({ outcome: 'passed' });
  for (const id of ['celery-ready', 'celery-active']) {
    await expect.poll(async () => (await run(id)).outcome, { timeout: 20_000 }).toBe('passed');
  }
});

function urlOf(site: RehearsalSite): string {
  const name = 'DATABASE_URL';
  return site.secretFor({ name, ask: '', optional: false, position: { line: 1, column: 1 } })?.toString() ?? '';
}
