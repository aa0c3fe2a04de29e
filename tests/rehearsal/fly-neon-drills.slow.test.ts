import { afterEach, expect, test } from 'vitest';
import { buildPlan } from '../../src/engine/plan.ts';
import { rawInput } from '../../src/engine/plan-input.ts';
import type { DrillName } from '../../src/rehearsal/drills.ts';
import { openRehearsal, type RehearsalSite } from '../../src/rehearsal/site.ts';
import { loadRunbook } from '../../src/runbook/load.ts';
import type { Flow } from '../../src/runbook/types.ts';
import { taskFor } from '../../tasks/registry.ts';
import type { TaskResult } from '../../tasks/task.ts';
import { contextFor } from '../tasks/context.ts';
import { sh } from './open.ts';

/** Each trouble that the runbook knows: its triage finds it, its remedy mends it. */
const runbook = await loadRunbook('runbooks/fly-neon-production.md');
const plan = buildPlan(runbook, { environment: 'rehearsal', flow: 'incident', values: {}, tasks: taskFor });

let site: RehearsalSite;
/** What the operator or a step before has given. */
let secrets: Record<string, string>;
afterEach(() => site?.close());

async function open(drill: DrillName | undefined, flow: Flow = 'incident'): Promise<void> {
  site = await openRehearsal({
    run: 'run',
    runbook,
    values: plan.values,
    fresh: false,
    flow,
    ...(drill ? { drill } : {}),
  });
  const key = runbook.secrets['NEON_API_KEY'];
  secrets = { NEON_API_KEY: (key && site.secretFor(key)?.toString()) ?? '' };
}

/** Runs a step of the runbook as the engine would. */
async function run(id: string): Promise<TaskResult> {
  const step = plan.steps.find((each) => each.id === id);
  const task = step && taskFor(step.uses);
  if (!step || !task) throw new Error(`no step ${id}`);
  const context = contextFor({ cwd: site.cwd, env: site.env, secrets, timeoutMs: 60_000 });
  const input = task.input.parse(rawInput(step, site.values(plan.values)));
  const choice = await task.choose?.(input, context);
  const chosen = choice ? { ...input, [choice.field]: choice.options[choice.suggested]?.value } : input;
  const result = await task.run(chosen, context).catch((error: Error) => ({ outcome: 'failed', ...error }) as never);
  for (const secret of context.provided) secrets[secret.name] = secret.use((bytes) => bytes.toString());
  return result;
}

const outcome = async (id: string) => (await run(id)).outcome;

test('a password that was reset in Neon, and that the backend was not told', async () => {
  await open('wrong-database-password');
  await expect.poll(() => outcome('see-backend'), { timeout: 15_000 }).toBe('failed');
  expect(await outcome('see-secret')).toBe('passed');
  expect(await outcome('see-url')).toBe('passed');
  expect(await outcome('see-database')).toBe('passed');
  expect((await run('see-backend-log')).text).toMatch(/password authentication failed/);
  expect(await outcome('mend-url')).toBe('passed');
  await expect.poll(() => outcome('see-backend'), { timeout: 15_000 }).toBe('passed');
  await expect.poll(() => outcome('see-through'), { timeout: 15_000 }).toBe('passed');
});

test('a database that is down', async () => {
  await open('database-down');
  await expect.poll(() => outcome('see-backend'), { timeout: 15_000 }).toBe('failed');
  expect(await outcome('see-url')).toBe('passed');
  expect(await outcome('see-database')).toBe('failed');
  expect(await outcome('see-neon')).toBe('passed');
  expect(await outcome('mend-compute')).toBe('passed');
  expect(await outcome('see-database')).toBe('passed');
  await expect.poll(() => outcome('see-through'), { timeout: 15_000 }).toBe('passed');
});

test('a release that never becomes healthy', async () => {
  await open('release-unhealthy');
  await expect.poll(() => outcome('see-through'), { timeout: 15_000 }).toBe('failed');
  expect(await outcome('see-front')).toBe('passed');
  expect(await outcome('see-backend')).toBe('failed');
  expect(await outcome('back-backend')).toBe('passed');
  await expect.poll(() => outcome('see-through'), { timeout: 15_000 }).toBe('passed');
});

test('a login that is over', async () => {
  await open('expired-token');
  expect((await run('see-login')) as { code?: string }).toMatchObject({ code: 'fly-auth' });
  expect(await outcome('mend-login')).toBe('passed');
  expect(await outcome('see-login')).toBe('passed');
});

test('a configuration that opens the backend to the internet does not pass the pre-flight', async () => {
  await open(undefined, 'redeploy');
  expect(await outcome('backend-config')).toBe('passed');
  const opened = await sh(site, "printf '[http_service]\\n  internal_port = 8080\\n' >> infra/fly/backend.fly.toml");
  expect(opened.code).toBe(0);
  expect((await run('backend-config')).problem?.what).toContain('http_service is there, and must not be');
  await sh(site, "sed -i 's/phase2-backend.internal/elsewhere.internal/' infra/fly/client.fly.toml");
  expect((await run('client-config')).problem?.what).toContain('env.BACKEND_GRPC_ADDRESS is elsewhere.internal:50051');
  await sh(site, 'cp backend/db/migrations/000002_reservations.sql backend/db/migrations/000001_twice.sql');
  expect(await outcome('migration-names')).toBe('failed');
});
