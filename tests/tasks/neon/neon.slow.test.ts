import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { neon } from '../../../src/rehearsal/neon/stand-in.ts';
import type { StandIn } from '../../../src/rehearsal/stand-in.ts';
import { taskFor } from '../../../tasks/registry.ts';
import type { TaskResult } from '../../../tasks/task.ts';
import { makeGround } from '../../rehearsal/ground.ts';
import { contextFor, type TestContext } from '../context.ts';

/** Tasks over HTTP against the stand-in, whose branches are real servers recovered to a point in time. */
const project = 'misty-sea-123456';

let ground: Awaited<ReturnType<typeof makeGround>>;
let standIn: StandIn;
/** Of the default branch. */
let main = '';

beforeAll(async () => {
  const values = { neon_project: project, neon_database: 'phase2', neon_role: 'phase2_owner' };
  ground = await makeGround({ values });
  standIn = await neon.start(ground);
  await standIn.populated?.();
  main = standIn.secrets?.['DATABASE_URL'] ?? '';
}, 60_000);

afterAll(async () => {
  await standIn?.stop();
  await ground?.end();
});

function context(secrets: Record<string, string> = {}): TestContext {
  return contextFor({
    secrets: { NEON_API_KEY: standIn.secrets?.['NEON_API_KEY'] ?? '', ...secrets },
    env: { ...standIn.env },
    timeoutMs: 60_000,
  });
}

function run(uses: string, input: object, at: TestContext = context()): Promise<TaskResult> {
  const task = taskFor(uses);
  if (!task) throw new Error(`no task ${uses}`);
  return task.run(task.input.parse(input), at);
}

async function query(url: string, sql: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url.split('?')[0], ssl: { rejectUnauthorized: false } });
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

async function connection(branch: string): Promise<string> {
  const at = context();
  const result = await run('neon/connection', { project, branch, database: 'phase2', role: 'phase2_owner' }, at);
  expect(result.outcome).toBe('passed');
  return at.provided[0]?.use((bytes) => bytes.toString()) ?? '';
}

const force = (method: 'GET' | 'POST', ...answers: number[]) =>
  standIn.ask?.(
    'force',
    answers.map((status) => ({ method, status })),
  );

describe('looking', () => {
  test('the project, its branch and its history', async () => {
    expect(await run('neon/ready', { project, history: '6h' })).toMatchObject({
      outcome: 'passed',
      summary: `${project} · main · 7 d of history`,
      evidence: { historySeconds: 604_800, state: 'ready' },
    });
  });

  test('a history that is shorter than the runbook needs', async () => {
    expect((await run('neon/ready', { project, history: '30d' })).problem).toMatchObject({
      code: 'neon-short-history',
    });
  });

  test('a key that is wrong, a project and a branch that are not there', async () => {
    const wrong = context({ NEON_API_KEY: 'napi_wrong' });
    await expect(run('neon/ready', { project }, wrong)).rejects.toMatchObject({ code: 'neon-auth', exit: 4 });
    await expect(run('neon/ready', { project: 'other' })).rejects.toMatchObject({ code: 'neon-not-found' });
    await expect(run('neon/ready', { project, branch: 'mai' })).rejects.toMatchObject({ code: 'neon-no-branch' });
  });

  test('the connection string becomes a secret and is shown nowhere', async () => {
    const at = context();
    const result = await run('neon/connection', { project, database: 'phase2', role: 'phase2_owner' }, at);
    const [secret] = at.provided;
    expect(secret?.name).toBe('DATABASE_URL');
    expect(secret?.use((bytes) => bytes.toString())).toBe(main);
    expect(main).toContain('sslmode=require');
    expect(JSON.stringify([result, at.said, at.reported])).not.toContain(new URL(main).password);
  });

  test('nothing is running', async () => {
    expect(await run('neon/operations', { project })).toMatchObject({ summary: 'no operation is running' });
  });
});

describe('what the platform refuses for a while', () => {
  test('429 is waited out as long as it says', async () => {
    force('GET', 429);
    const began = Date.now();
    expect(await run('neon/operations', { project })).toMatchObject({ outcome: 'passed' });
    expect(Date.now() - began).toBeGreaterThanOrEqual(1000);
  });

  test('423 is waited out', async () => {
    force('GET', 423, 423);
    const at = context();
    expect(await run('neon/operations', { project }, at)).toMatchObject({ outcome: 'passed' });
    expect(at.said).toEqual(['the project is locked by a running operation; waiting for it']);
  });

  test('a failure of the server is repeated for what reads, and never for what writes', async () => {
    force('GET', 500);
    expect(await run('neon/operations', { project })).toMatchObject({ outcome: 'passed' });
    force('POST', 500);
    await expect(run('neon/branch', { project, name: 'never' })).rejects.toMatchObject({ code: 'neon-refused' });
    expect(ground.effects.all().filter(({ effect }) => effect === 'neon-branch-created')).toEqual([]);
  });
});

describe('the endpoint', () => {
  test('speaks TLS, and refuses whoever does not, in the words of Neon', async () => {
    expect(await query(main, 'select 1 as one')).toEqual([{ one: 1 }]);
    const plain = new pg.Client({ connectionString: main.split('?')[0], ssl: false });
    await expect(plain.connect()).rejects.toThrow('connection is insecure (try using `sslmode=require`)');
  });

  test('tejun connects as the string says', async () => {
    expect(await run('postgres/ready', {}, context({ DATABASE_URL: main }))).toMatchObject({ outcome: 'passed' });
  });
});

describe('going back', () => {
  let before = '';

  beforeAll(async () => {
    await query(main, "create table notes (text text); insert into notes values ('kept')");
    await sleep(50);
    before = new Date().toISOString();
    await sleep(50);
    await query(main, "insert into notes values ('a mistake')");
  });

  test('a time outside of the history is refused before anything happens', async () => {
    for (const at of ['2020-01-01T00:00:00Z', '8d']) {
      expect((await run('neon/branch', { project, name: 'old', at })).problem).toMatchObject({
        code: 'neon-outside-history',
        means: expect.stringContaining('7 d'),
      });
    }
  });

  test('a branch of the time before has what was there then; main goes on', async () => {
    const at = context();
    const result = await run('neon/branch', { project, name: 'rescue', at: before }, at);
    expect(result).toMatchObject({
      outcome: 'passed',
      evidence: {
        branch: 'rescue',
        at: before,
        operations: [
          { action: 'create_branch', status: 'finished' },
          { action: 'start_compute', status: 'finished' },
        ],
      },
    });
    expect(at.said).toContain('create_branch: finished');
    expect(JSON.stringify([result, at.said, at.reported])).not.toContain(new URL(main).password);
    const rescue = await connection('rescue');
    expect(rescue).not.toBe(main);
    expect(await query(rescue, 'select text from notes')).toEqual([{ text: 'kept' }]);
    expect(await query(main, 'select count(*)::int from notes')).toEqual([{ count: 2 }]);
    await query(rescue, "insert into notes values ('only here')");
  }, 30_000);

  test('once more is no second branch, and another time is refused', async () => {
    expect(await run('neon/branch', { project, name: 'rescue', at: before })).toMatchObject({
      outcome: 'passed',
      summary: 'rescue is there already',
    });
    const other = new Date(Date.now() - 60_000).toISOString();
    expect((await run('neon/branch', { project, name: 'rescue', at: other })).problem).toMatchObject({
      code: 'neon-branch-exists',
    });
    const made = ground.effects.all().filter(({ effect }) => effect === 'neon-branch-created');
    expect(made).toHaveLength(1);
  });

  test('a time before the rehearsal is as it was found', async () => {
    expect(await run('neon/branch', { project, name: 'earlier', at: '2d' })).toMatchObject({ outcome: 'passed' });
    expect(await query(await connection('earlier'), "select to_regclass('notes') as notes")).toEqual([{ notes: null }]);
  }, 30_000);

  test('in place: the same connection string leads to the state before, and the present one is kept', async () => {
    const input = { project, at: before, preserve_as: 'main-before' };
    expect(await run('neon/restore', input)).toMatchObject({
      outcome: 'passed',
      evidence: { branch: 'main', at: before, preservedAs: 'main-before' },
    });
    expect(await connection('main')).toBe(main);
    expect(await query(main, 'select text from notes')).toEqual([{ text: 'kept' }]);
    expect((await run('neon/restore', input)).problem).toMatchObject({ code: 'neon-branch-exists' });
    expect(standIn.ask?.('branches', null)).toContainEqual({ name: 'main-before', state: 'ready', port: null });
  }, 30_000);

  test('what is changed while an operation runs is locked out, and waits', async () => {
    const [first, second] = [context(), context()];
    const both = await Promise.all([
      run('neon/branch', { project, name: 'one' }, first),
      sleep(150).then(() => run('neon/branch', { project, name: 'two' }, second)),
    ]);
    expect(both.map(({ outcome }) => outcome)).toEqual(['passed', 'passed']);
    expect([...first.said, ...second.said]).toContain('the project is locked by a running operation; waiting for it');
  }, 60_000);
});
