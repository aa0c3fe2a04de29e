import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { installAlembic } from '../../../src/rehearsal/alembic/install.ts';
import { type Database, startDatabase } from '../../../src/rehearsal/database.ts';
import { taskFor } from '../../../tasks/registry.ts';
import type { TaskResult } from '../../../tasks/task.ts';
import { contextFor } from '../context.ts';

let root: string;
let database: Database;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'alembic-tasks-'));
  await chmod(root, 0o711);
  database = await startDatabase(join(root, 'pg'), () => {});
  await database.createDatabase('app', 'app', 'pw', false);
  installAlembic(join(root, 'bin'));
  await mkdir(join(root, 'app/alembic/versions'), { recursive: true });
  await writeFile(join(root, 'app/alembic.ini'), '[alembic]\nscript_location = alembic\n');
  await revision('aaa111', '', 'create table users (id int);', 'drop table users;');
  await revision('bbb222', 'aaa111', 'alter table users add column col text;', 'alter table users drop column col;');
}, 60_000);

afterAll(async () => {
  await database?.stop();
  await rm(root, { recursive: true });
});

function revision(id: string, revises: string, up: string, down: string): Promise<void> {
  const text = `-- change ${id}\n--\n-- Revision ID: ${id}\n-- Revises: ${revises}\n\n-- upgrade\n${up}\n\n-- downgrade\n${down}\n`;
  return writeFile(join(root, 'app/alembic/versions', `${id}.sql`), text);
}

function run(uses: string, input: object = {}): Promise<TaskResult> {
  const task = taskFor(uses);
  if (!task) throw new Error(`no task ${uses}`);
  const secrets = { DATABASE_URL: `postgresql+asyncpg://app:pw@127.0.0.1:${database.port}/app` };
  const env = { PATH: `${join(root, 'bin')}:${process.env['PATH']}` };
  const given = { command: 'python -m alembic', directory: join(root, 'app'), ...input };
  return task.run(task.input.parse(given), contextFor({ secrets, env, cwd: root }));
}

test('from nothing to head, and back to what was recorded', async () => {
  expect(await run('alembic/at-head')).toMatchObject({
    outcome: 'failed',
    evidence: { current: 'base', heads: 'bbb222' },
    problem: { code: 'alembic-not-at-head' },
  });
  expect(await run('alembic/upgrade')).toMatchObject({
    outcome: 'passed',
    summary: 'base → bbb222 · 2 ran',
    evidence: { before: 'base', after: 'bbb222', ran: ['-> aaa111, change aaa111', 'aaa111 -> bbb222, change bbb222'] },
  });
  expect(await run('alembic/upgrade')).toMatchObject({ outcome: 'passed', summary: 'was at bbb222' });
  expect(await run('alembic/at-head')).toMatchObject({ outcome: 'passed' });
  expect(await run('alembic/downgrade', { to: 'aaa111' })).toMatchObject({
    outcome: 'passed',
    evidence: { before: 'bbb222', after: 'aaa111' },
  });
  expect(await run('alembic/downgrade', { to: 'aaa111' })).toMatchObject({
    outcome: 'passed',
    summary: 'was at aaa111',
  });
  expect(await run('alembic/downgrade', { to: 'base' })).toMatchObject({
    outcome: 'passed',
    evidence: { after: 'base' },
  });
});

test('a migration that fails says where the database is', async () => {
  await revision('ccc333', 'bbb222', 'alter table user add column x int;', '');
  expect(await run('alembic/upgrade')).toMatchObject({
    outcome: 'failed',
    evidence: { before: 'base', after: 'bbb222' },
    problem: { code: 'alembic-failed', means: expect.stringContaining('the database is at bbb222') },
  });
});

test('older code cannot tell where newer code has left the database', async () => {
  await rm(join(root, 'app/alembic/versions/ccc333.sql'));
  await rm(join(root, 'app/alembic/versions/bbb222.sql'));
  await expect(run('alembic/downgrade', { to: 'aaa111' })).rejects.toMatchObject({
    code: 'alembic-revision-unknown',
    next: expect.arrayContaining([expect.stringContaining('downgrade first')]),
  });
});

test.each(['-1', '+1', 'aaa111-1', 'head'])('a downgrade to %s is refused before anything runs', (to) => {
  expect(taskFor('alembic/downgrade')?.input.safeParse({ to }).success).toBe(false);
});

test('with two heads nothing is migrated', async () => {
  await revision('bbb222', 'aaa111', 'select 1;', '');
  await revision('ddd444', 'aaa111', 'create table others (id int);', 'drop table others;');
  expect(await run('alembic/upgrade')).toMatchObject({
    outcome: 'failed',
    problem: { code: 'alembic-multiple-heads', means: expect.stringContaining('Nothing was changed') },
  });
});
