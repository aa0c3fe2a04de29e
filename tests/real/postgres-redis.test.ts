/**
 * The real pg_dump, pg_restore, psql, redis-server and redis-cli, in real containers. PostgreSQL's client programs run in a
 * container and its server beside it: the tasks' `docker exec CONTAINER pg_dump` finds it by the container's PGHOST.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { chownSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { freePort } from '../../src/rehearsal/ports.ts';
import type { TaskResult } from '../../tasks/task.ts';
import { noEngine, type RealEngine, startEngine } from './engine.ts';
import { importImage } from './image.ts';
import { runTask } from './run-task.ts';

const BIN = (() => {
  const versions = '/usr/lib/postgresql';
  try {
    const newest = readdirSync(versions).sort((a, b) => Number(b) - Number(a));
    return newest
      .map((version) => `${versions}/${version}/bin`)
      .find((bin) => spawnSync(`${bin}/postgres`, ['--version']).status === 0);
  } catch {
    return undefined;
  }
})();

function lacking(): string | undefined {
  const engine = noEngine();
  if (engine) return engine;
  if (!BIN) return 'no PostgreSQL server of Debian (apt-get install postgresql)';
  if (spawnSync('redis-server', ['--version']).status !== 0) return 'no redis-server (apt-get install redis-server)';
  return undefined;
}

const why = lacking();
if (why) process.stderr.write(`skipped, backups and Redis with their real programs: ${why}\n`);

const PASSWORD = 'real-redis-password-71';

describe.skipIf(why !== undefined)('backups and Redis, with the real programs', () => {
  let engine: RealEngine;
  let port: number;
  let data: string;
  let backups: string;

  const asPostgres = (program: string, ...args: string[]): string =>
    execFileSync('runuser', ['-u', 'postgres', '--', `${BIN}/${program}`, ...args], {
      cwd: '/',
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    });

  const psql = (database: string, sql: string): string =>
    engine.docker('exec', 'salon_gbp_db', 'psql', '-X', '-At', '-U', 'salon_gbp', '-d', database, '-c', sql).trim();

  const server = { container: 'salon_gbp_db', user: 'salon_gbp', database: 'salon_gbp' };

  const run = (
    uses: string,
    input: Record<string, unknown>,
    service?: string,
    secrets?: Record<string, string>,
  ): Promise<TaskResult> =>
    runTask(
      {
        env: engine.env,
        cwd: backups,
        values: { compose_cli: 'docker-compose', compose_file: join(backups, 'redis.yml') },
        ...(service ? { service } : {}),
        ...(secrets ? { secrets } : {}),
      },
      uses,
      input,
    );

  beforeAll(async () => {
    engine = await startEngine();
    backups = join(engine.directory, 'server');
    data = join(engine.directory, 'pg');
    mkdirSync(backups);
    mkdirSync(data);
    execFileSync('chmod', ['711', engine.directory]);
    const [uid, gid] = ['-u', '-g'].map((flag) => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' })));
    chownSync(data, uid ?? 0, gid ?? 0);
    port = await freePort();
    asPostgres('initdb', '-D', data, '-U', 'salon_gbp', '-A', 'trust', '-N');
    const settings = `-p ${port} -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c fsync=off`;
    // Its output goes to a file: a server that holds the pipe would keep pg_ctl's caller waiting.
    asPostgres('pg_ctl', 'start', '-w', '-D', data, '-l', join(data, 'log'), '-o', settings);
    const programs = ['psql', 'pg_dump', 'pg_restore', 'pg_isready'].map((name) => `${BIN}/${name}`);
    importImage(engine, 'pg-clients:1', programs);
    engine.docker(
      ...['run', '-d', '--init', '--name', 'salon_gbp_db', '--network', 'host'],
      ...['-e', 'PGHOST=127.0.0.1', '-e', `PGPORT=${port}`, 'pg-clients:1', '/bin/sleep', '1000'],
    );
    psql('postgres', 'create database salon_gbp');
    psql(
      'salon_gbp',
      "create table app_users (id int generated always as identity primary key, display_name text); insert into app_users (display_name) select 'user ' || n from generate_series(1, 2000) n",
    );
    importImage(engine, 'redis:real', ['/usr/bin/redis-server', '/usr/bin/redis-cli']);
    writeFileSync(
      join(backups, 'redis.yml'),
      `version: "3.8"\nservices:\n  redis:\n    image: redis:real\n    network_mode: none\n    command: [/bin/redis-server, --requirepass, ${PASSWORD}, --save, ""]\n`,
    );
    execFileSync('docker-compose', ['-f', 'redis.yml', 'up', '-d'], { cwd: backups, env: engine.env, stdio: 'pipe' });
  });

  afterAll(async () => {
    if (data)
      spawnSync('runuser', ['-u', 'postgres', '--', `${BIN}/pg_ctl`, 'stop', '-D', data, '-m', 'immediate'], {
        cwd: '/',
      });
    await engine?.stop();
  });

  test('a backup is dumped, read in full, and only then has its name', async () => {
    const found = await run('backup/create', { ...server, directory: backups });
    expect(found.problem).toBeUndefined();
    expect(found.evidence).toMatchObject({ tables: ['app_users'] });
    const [file = ''] = readdirSync(backups).filter((name) => name.endsWith('.dump'));
    expect(readFileSync(join(backups, file)).subarray(0, 5).toString()).toBe('PGDMP');
  });

  test('a dump that failed leaves nothing behind', async () => {
    const before = readdirSync(backups);
    const found = await run('backup/create', { ...server, database: 'nosuch', directory: backups });
    expect(found.outcome).toBe('failed');
    expect(readdirSync(backups)).toEqual(before);
  });

  test('a backup whose tail is missing lists, and does not restore', async () => {
    const [file = ''] = readdirSync(backups).filter((name) => name.endsWith('.dump'));
    const whole = readFileSync(join(backups, file));
    const cut = join(backups, 'backup_20250101_000000.dump');
    writeFileSync(cut, whole.subarray(0, whole.length - 40));
    expect(statSync(cut).size).toBeLessThan(whole.length);
    const list = execFileSync('sh', ['-c', 'docker exec -i salon_gbp_db pg_restore -l < "$1"', 'sh', cut], {
      env: engine.env,
      encoding: 'utf8',
    });
    expect(list).toContain('TABLE DATA public app_users');
    const found = await run('backup/restore', {
      ...server,
      directory: backups,
      file: 'backup_20250101_000000.dump',
      into: 'salon_gbp_restore',
    });
    expect(found.problem?.code).toBe('backup-unreadable');
    expect(psql('postgres', "select count(*) from pg_database where datname = 'salon_gbp_restore'")).toBe('0');
  });

  test('a good one stands in the side database, row for row, and production goes on', async () => {
    const [file = ''] = readdirSync(backups).filter((name) => name.endsWith('.dump') && !name.includes('20250101'));
    psql('salon_gbp', "insert into app_users (display_name) values ('after the backup')");
    const found = await run('backup/restore', { ...server, directory: backups, file, into: 'salon_gbp_restore' });
    expect(found.problem).toBeUndefined();
    expect(found.evidence).toMatchObject({ rows: { app_users: 2000 }, production: { app_users: 2001 } });
  });

  test('exit codes of psql: 1 for an error in -c, 3 for one in a script with ON_ERROR_STOP, 0 without it, 2 without a server', () => {
    const exit = (args: string[], input?: string): number | null =>
      spawnSync('docker', ['exec', '-i', 'salon_gbp_db', 'psql', '-X', '-U', 'salon_gbp', ...args], {
        env: engine.env,
        ...(input ? { input } : {}),
      }).status;
    expect(exit(['-d', 'salon_gbp', '-c', 'select * from nosuch'])).toBe(1);
    expect(exit(['-d', 'salon_gbp', '-v', 'ON_ERROR_STOP=1'], 'select * from nosuch;\n')).toBe(3);
    expect(exit(['-d', 'salon_gbp'], 'select * from nosuch;\n')).toBe(0);
    expect(exit(['-d', 'nosuch', '-c', 'select 1'])).toBe(2);
  });

  test('Redis: PONG with the password; without it, exit code 0 and no PONG', async () => {
    expect(await run('redis/ready', { secret: 'REDIS_PASSWORD' }, 'redis', { REDIS_PASSWORD: PASSWORD })).toMatchObject(
      { outcome: 'passed', summary: 'PONG' },
    );
    const without = await run('redis/ready', {}, 'redis');
    expect(without).toMatchObject({ outcome: 'failed', exit: 0, problem: { code: 'redis-auth' } });
    const wrong = await run('redis/ready', { secret: 'REDIS_PASSWORD' }, 'redis', {
      REDIS_PASSWORD: 'not-the-password',
    });
    expect(wrong.problem?.code).toBe('redis-auth');
    expect((await run('redis/ready', { port: 6400 }, 'redis')).problem?.code).toBe('redis-unreachable');
  });
});
