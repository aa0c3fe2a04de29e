import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { alembic } from '../../../src/rehearsal/alembic/alembic.ts';
import { type Database, startDatabase } from '../../../src/rehearsal/database.ts';

const REVISIONS = {
  'aaa111_users.sql': `-- create users
--
-- Revision ID: aaa111
-- Revises:

-- upgrade
create table users (id int primary key);

-- downgrade
drop table users;
`,
  'bbb222_col.sql': `-- add col
--
-- Revision ID: bbb222
-- Revises: aaa111

-- upgrade
alter table users add column col text;

-- downgrade
alter table users drop column col;
`,
};

const BRANCH = `-- another branch
--
-- Revision ID: ccc333
-- Revises: aaa111

-- upgrade
create table others (id int);

-- downgrade
drop table others;
`;

let root: string;
let database: Database;
let project: string;
let url: string;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'alembic-test-'));
  // PostgreSQL's own user passes through it when the tests run as root.
  await chmod(root, 0o711);
  database = await startDatabase(join(root, 'pg'), () => {});
  await database.createDatabase('app', 'app', 'pw', false);
}, 60_000);

afterAll(async () => {
  await database?.stop();
  await rm(root, { recursive: true });
});

let round = 0;

beforeEach(async () => {
  round += 1;
  project = join(root, `project-${round}`);
  const name = `db${round}`;
  await database.query(`create database ${name} owner app`);
  url = `postgresql+asyncpg://app:pw@127.0.0.1:${database.port}/${name}`;
  await mkdir(join(project, 'alembic/versions'), { recursive: true });
  await writeFile(join(project, 'alembic.ini'), '[alembic]\nscript_location = %(here)s/alembic\n');
  for (const [file, text] of Object.entries(REVISIONS)) await add(file, text);
});

const add = (file: string, text: string): Promise<void> => writeFile(join(project, 'alembic/versions', file), text);

async function run(line: string, env: Record<string, string | undefined> = { DATABASE_URL: url }) {
  let stdout = '';
  let stderr = '';
  const code = await alembic({
    args: line.split(' '),
    cwd: project,
    env,
    out: (text) => {
      stdout += text;
    },
    err: (text) => {
      stderr += text;
    },
  });
  return { code, stdout, stderr };
}

test('up, current, and down again, in the words of alembic 1.19', async () => {
  expect(await run('heads', {})).toEqual({ code: 0, stdout: 'bbb222 (head)\n', stderr: '' });
  expect(await run('current')).toMatchObject({ code: 0, stdout: '' });
  const up = await run('upgrade head');
  expect(up).toMatchObject({ code: 0, stdout: '' });
  expect(up.stderr).toContain('INFO  [alembic.runtime.migration] Running upgrade  -> aaa111, create users\n');
  expect(up.stderr).toContain('INFO  [alembic.runtime.migration] Running upgrade aaa111 -> bbb222, add col\n');
  expect(await run('current')).toMatchObject({ code: 0, stdout: 'bbb222 (head)\n' });
  expect((await run('upgrade head')).stderr).not.toContain('Running');
  const down = await run('downgrade -1');
  expect(down.stderr).toContain('Running downgrade bbb222 -> aaa111, add col');
  expect(await run('current')).toMatchObject({ stdout: 'aaa111\n' });
  expect(await run('upgrade +1')).toMatchObject({ code: 0 });
  expect(await run('downgrade aaa111')).toMatchObject({ code: 0 });
  expect(await run('downgrade base')).toMatchObject({ code: 0 });
  expect(await run('current')).toMatchObject({ code: 0, stdout: '' });
});

test('history is newest first', async () => {
  expect(await run('history')).toMatchObject({
    stdout: 'aaa111 -> bbb222 (head), add col\n<base> -> aaa111, create users\n',
  });
});

test.each([
  ['a command that it does not have', 'curent', {}, 2, '', "invalid choice: 'curent'"],
  ['a flag that it does not have', 'current --check', {}, 2, '', 'unrecognized arguments: --check'],
  ['no revision', 'upgrade', {}, 2, '', 'the following arguments are required: revision'],
  ['no configuration', '-c other.ini heads', {}, 255, "FAILED: No 'script_location' key found in configuration.\n", ''],
  ['an unknown revision', 'upgrade zzz999', {}, 255, "FAILED: Can't locate revision identified by 'zzz999'\n", ''],
  ['below the base', 'downgrade -1', {}, 255, "FAILED: Relative revision -1 didn't produce 1 migrations\n", ''],
  ['not at head', 'current --check-heads', {}, 255, 'FAILED: Database is not on all head revisions\n', ''],
  ['no address', 'current', { DATABASE_URL: undefined }, 1, '', "KeyError: 'DATABASE_URL'"],
  [
    'the scheme that attach yields',
    'current',
    { DATABASE_URL: 'postgres://app:pw@127.0.0.1/app' },
    1,
    '',
    "sqlalchemy.exc.NoSuchModuleError: Can't load plugin: sqlalchemy.dialects:postgres",
  ],
  [
    'sslmode with asyncpg',
    'current',
    { DATABASE_URL: 'postgresql+asyncpg://app:pw@127.0.0.1/app?sslmode=disable' },
    1,
    '',
    "TypeError: connect() got an unexpected keyword argument 'sslmode'",
  ],
  [
    'a database that is down',
    'current',
    { DATABASE_URL: 'postgresql://app:pw@127.0.0.1:1/app' },
    1,
    '',
    'sqlalchemy.exc.OperationalError: (psycopg2.OperationalError) connection to server at "127.0.0.1", port 1 failed: Connection refused',
  ],
] as const)('%s', async (_, line, env, code, stdout, stderr) => {
  const ran = await run(line, { DATABASE_URL: url, ...env });
  expect(ran).toMatchObject({ code, stdout });
  expect(ran.stderr).toContain(stderr);
  expect(ran.stderr).not.toContain('pw');
});

test('a revision that the code does not have stops current, upgrade and downgrade', async () => {
  await run('upgrade head');
  await rm(join(project, 'alembic/versions/bbb222_col.sql'));
  for (const line of ['current', 'upgrade head', 'downgrade -1']) {
    expect(await run(line)).toMatchObject({
      code: 255,
      stdout: "FAILED: Can't locate revision identified by 'bbb222'\n",
    });
  }
});

test('a migration that fails is undone; those before it stay', async () => {
  await add(
    'ccc333_bad.sql',
    BRANCH.replace('Revises: aaa111', 'Revises: bbb222').replace(
      'create table others (id int)',
      'create table half (id int);\nalter table nowhere add column x int',
    ),
  );
  const failed = await run('upgrade head');
  expect(failed.code).toBe(1);
  expect(failed.stderr).toContain(
    'sqlalchemy.exc.ProgrammingError: (asyncpg.errors.UndefinedTable) relation "nowhere" does not exist',
  );
  expect(await run('current')).toMatchObject({ stdout: 'bbb222\n' });
  expect((await database.query("select to_regclass('half') as half", `db${round}`)).rows).toEqual([{ half: null }]);
});

describe('with two heads', () => {
  beforeEach(() => add('ccc333_branch.sql', BRANCH));

  test('head is ambiguous, heads is not', async () => {
    expect((await run('heads')).stdout).toBe('bbb222 (head)\nccc333 (head)\n');
    expect(await run('upgrade head')).toMatchObject({
      code: 255,
      stdout: expect.stringContaining("FAILED: Multiple head revisions are present for given argument 'head'; please"),
    });
    expect(await run('upgrade heads')).toMatchObject({ code: 0 });
    expect((await run('current')).stdout).toBe('bbb222 (head)\nccc333 (head)\n');
    const down = await run('downgrade -1');
    expect(down).toMatchObject({ code: 0, stderr: expect.stringContaining('ambiguous') });
  });

  test('a merge makes one of them', async () => {
    await add(
      'ddd444_merge.sql',
      '-- merge\n--\n-- Revision ID: ddd444\n-- Revises: bbb222, ccc333\n\n-- upgrade\n\n-- downgrade\n',
    );
    expect(await run('upgrade head')).toMatchObject({ code: 0 });
    expect((await run('current')).stdout).toBe('ddd444 (head)\n');
    expect((await run('history')).stdout).toContain('bbb222, ccc333 -> ddd444 (head) (mergepoint), merge\n');
    await run('downgrade ccc333');
    expect((await run('current')).stdout).toBe('bbb222\nccc333\n');
  });
});

test('stamp writes the revision and runs nothing', async () => {
  expect(await run('stamp head')).toMatchObject({ code: 0 });
  expect(await run('current')).toMatchObject({ stdout: 'bbb222 (head)\n' });
  expect((await database.query("select to_regclass('users') as users", `db${round}`)).rows).toEqual([{ users: null }]);
});

test('check compares the models of the code with the database', async () => {
  expect(await run('check')).toMatchObject({ code: 255, stdout: 'FAILED: Target database is not up to date.\n' });
  await run('upgrade head');
  expect(await run('check')).toMatchObject({ code: 0, stdout: 'No new upgrade operations detected.\n' });
  await writeFile(join(project, 'alembic/models.json'), JSON.stringify({ users: ['id', 'col', 'later'] }));
  expect((await run('check')).stdout).toBe(
    "FAILED: New upgrade operations detected: [('add_column', None, 'users', Column('later'))]\n",
  );
});

test('two programs that upgrade at once: one of them waits and finds nothing to do', async () => {
  const both = await Promise.all([run('upgrade head'), run('upgrade head')]);
  expect(both.map(({ code }) => code)).toEqual([0, 0]);
  expect(both.filter(({ stderr }) => stderr.includes('Running upgrade')).length).toBe(1);
});
