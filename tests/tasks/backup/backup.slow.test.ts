import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync, readFileSync, statSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { backupCreate } from '../../../tasks/backup/create.ts';
import { backupDrop } from '../../../tasks/backup/drop.ts';
import { digestOf } from '../../../tasks/backup/file.ts';
import { backupList } from '../../../tasks/backup/list.ts';
import { backupPrune } from '../../../tasks/backup/prune.ts';
import { backupRestore } from '../../../tasks/backup/restore.ts';
import { backupState } from '../../../tasks/backup/state.ts';
import { backupSwap } from '../../../tasks/backup/swap.ts';
import { contextFor } from '../context.ts';
import { BIN, type Cluster, startCluster } from './cluster.ts';

const DB = { container: 'shop_db', user: 'shop' };
const SHOP = { ...DB, database: 'shop' };

// A dump is read with the programs that wrote it: pg_dump and its server, as Debian's package postgresql brings them.
describe.skipIf(BIN === undefined)('backups of a real PostgreSQL', () => {
  let cluster: Cluster;
  let folder = 0;
  let cwd: string;

  beforeAll(() => {
    cluster = startCluster();
    cluster.sql('CREATE TABLE users (id int PRIMARY KEY, name text); CREATE TABLE jobs (id int)');
    cluster.sql('INSERT INTO users SELECT n, md5(n::text) FROM generate_series(1, 5000) n');
  });
  afterAll(() => cluster?.stop());

  beforeEach(() => {
    folder += 1;
    cwd = join(cluster.directory, `work-${folder}`);
    mkdirSync(cwd);
  });

  const context = (given: Parameters<typeof contextFor>[0] = {}) =>
    contextFor({ ...given, cwd, env: { PATH: cluster.path, ...given.env } });
  const create = (given = {}, at = context()) =>
    backupCreate.run({ ...SHOP, directory: 'backups', prefix: 'backup_', ...given }, at);
  const files = () => readdirSync(join(cwd, 'backups')).sort();
  const list = (given = {}) =>
    backupList.run({ container: 'shop_db', directory: 'backups', prefix: 'backup_', ...given }, context());

  describe('a backup', () => {
    test('gets its name when it was read in full, and its digest is noted beside it', async () => {
      const result = await create();
      expect(result).toMatchObject({
        outcome: 'passed',
        summary: expect.stringMatching(/^backups\/backup_\d{8}_\d{6}\.dump · \d+(\.\d)? kB · 2 tables · read in full$/),
        evidence: { sha256: expect.stringMatching(/^[0-9a-f]{64}$/), tables: ['jobs', 'users'] },
      });
      const [dump = '', digest] = files();
      expect(digest).toBe(`${dump}.sha256`);
      const { bytes, sha256 } = result.evidence as { bytes: number; sha256: string };
      expect(statSync(join(cwd, 'backups', dump))).toMatchObject({ size: bytes });
      expect(statSync(join(cwd, 'backups', dump)).mode & 0o777).toBe(0o600);
      expect(await digestOf(join(cwd, 'backups', dump))).toBe(sha256);
      expect(execFileSync('sha256sum', ['-c', `${dump}.sha256`], { cwd: join(cwd, 'backups'), encoding: 'utf8' })).toBe(
        `${dump}: OK\n`,
      );
    });

    test.each([
      [
        'of a database that is not there',
        { database: 'shopp' },
        { code: 'backup-no-database', what: /"shopp" does not exist/ },
      ],
      [
        'in a container that is not there',
        { container: 'shop_dx' },
        { code: 'backup-container', what: /shop_dx does not exist/ },
      ],
      ['by a role that is not there', { user: 'nobody_here' }, { code: 'backup-failed', what: /nobody_here/ }],
    ])('%s fails, and leaves no file', async (_, given, { code, what }) => {
      const result = await create(given);
      expect(result).toMatchObject({ outcome: 'failed', problem: { code, what: expect.stringMatching(what) } });
      expect(files()).toEqual([]);
    });

    test('that is cut on its way to the disk is found by reading it, and never gets its name', async () => {
      const bin = join(cwd, 'bin');
      mkdirSync(bin);
      // pg_dump succeeds; what arrives lacks its tail, as over a connection that breaks.
      writeFileSync(
        join(bin, 'docker'),
        `#!/bin/bash\ncase "$*" in *pg_dump*) ${cluster.directory}/bin/docker "$@" | head -c -200;; *) exec ${cluster.directory}/bin/docker "$@";; esac\n`,
        { mode: 0o755 },
      );
      const result = await create({}, context({ env: { PATH: `${bin}:${cluster.path}` } }));
      expect(result).toMatchObject({
        outcome: 'failed',
        problem: {
          code: 'backup-unreadable',
          means: expect.stringContaining('cannot be read back. No backup was made'),
        },
      });
      expect(files()).toEqual([]);
    });

    test('that is stopped leaves nothing behind', async () => {
      const stop = new AbortController();
      const bin = join(cwd, 'bin');
      mkdirSync(bin);
      writeFileSync(join(bin, 'docker'), '#!/bin/sh\necho part\nexec sleep 60\n', { mode: 0o755 });
      const running = create({}, context({ env: { PATH: `${bin}:${cluster.path}` }, signal: stop.signal }));
      setTimeout(() => stop.abort('stopped'), 300);
      expect(await running).toMatchObject({ outcome: 'failed', problem: { code: 'backup-interrupted' } });
      expect(files()).toEqual([]);
    });

    test.skipIf(process.getuid?.() !== 0)('on a disk that fills up fails, and leaves no file', async () => {
      const mount = join(cwd, 'backups');
      mkdirSync(mount);
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', mount]);
      try {
        const result = await create();
        expect(result).toMatchObject({
          outcome: 'failed',
          problem: { means: expect.stringContaining('No backup was made') },
        });
        expect(result.problem?.code).toMatch(/^backup-(no-space|unreadable)$/);
        expect(files()).toEqual([]);
        // With an earlier backup it is known before anything is written.
        writeFileSync(join(mount, 'backup_20251101_030000.dump'), Buffer.alloc(60_000));
        expect(await create()).toMatchObject({
          outcome: 'failed',
          problem: { code: 'backup-no-space', what: expect.stringMatching(/60\.0 kB, and there are \d/) },
        });
      } finally {
        execFileSync('umount', [mount]);
      }
    });
  });

  describe('the list', () => {
    test('tells what can be restored from what cannot', async () => {
      await create();
      const folder = join(cwd, 'backups');
      const [good = ''] = files();
      const bytes = readFileSync(join(folder, good));
      writeFileSync(join(folder, 'backup_20251103_030000.dump'), bytes);
      writeFileSync(join(folder, 'backup_20251102_030000.dump'), bytes.subarray(0, bytes.length - 64));
      writeFileSync(join(folder, 'backup_20251101_030000.dump'), bytes.subarray(0, 1000));
      writeFileSync(join(folder, 'backup_20251101_030000.dump.sha256'), `${await digestOf(join(folder, good))}  x\n`);
      writeFileSync(join(folder, 'backup_20251031.sql.gz'), '');
      writeFileSync(join(folder, 'backup_20251030_030000.dump.part'), bytes);
      writeFileSync(join(folder, 'notes.txt'), '');
      const { evidence, summary } = await list();
      expect(summary).toBe('6 backups, 2 verified');
      const found = (evidence as { backups: { file: string; verified: boolean; why: string }[] }).backups;
      expect(found.map(({ file, verified, why }) => [file, verified, why.slice(0, 25)])).toEqual([
        [good, true, 'the bytes that were read '],
        ['backup_20251103_030000.dump', true, 'read in full now'],
        ['backup_20251102_030000.dump', false, expect.stringContaining('The reading of')],
        ['backup_20251101_030000.dump', false, 'not the bytes of its .sha2'.slice(0, 25)],
        ['backup_20251031.sql.gz', false, 'plain SQL out of a pipe: '],
        ['backup_20251030_030000.dump.part', false, 'never finished'],
      ]);
    });

    test('notices that no new backup was made', async () => {
      expect(await list({ newest_within_hours: 26 })).toMatchObject({
        outcome: 'failed',
        problem: { code: 'backup-stale' },
      });
      await create();
      expect(await list({ newest_within_hours: 26 })).toMatchObject({ outcome: 'passed' });
      const [dump = ''] = files();
      execFileSync('mv', [dump, 'backup_20251101_030000.dump'], { cwd: join(cwd, 'backups') });
      expect(await list({ newest_within_hours: 26 })).toMatchObject({
        outcome: 'failed',
        problem: { code: 'backup-stale', what: expect.stringContaining('backup_20251101_030000.dump, is') },
      });
    });
  });

  test('old backups go only while enough verified ones are newer', async () => {
    await create();
    const folder = join(cwd, 'backups');
    const [good = ''] = files();
    const bytes = readFileSync(join(folder, good));
    for (const day of ['03', '02', '01']) writeFileSync(join(folder, `backup_202401${day}_030000.dump`), bytes);
    // The failed dumps of a month: a pipe wrote them, and nobody looked.
    for (const day of ['04', '05']) writeFileSync(join(folder, `backup_202401${day}.sql.gz`), '');
    const prune = (keep: number) =>
      backupPrune.run(
        { container: 'shop_db', directory: 'backups', prefix: 'backup_', keep, older_than_days: 30 },
        context(),
      );
    expect(await prune(5)).toMatchObject({ outcome: 'passed', summary: expect.stringContaining('nothing may go') });
    expect(await prune(3)).toMatchObject({
      evidence: { removed: [{ file: 'backup_20240101_030000.dump' }], verified: 3 },
    });
    expect(await prune(1)).toMatchObject({ evidence: { count: 4, verified: 1 } });
    expect(files()).toEqual([good, `${good}.sha256`]);
  });

  describe('a restore', () => {
    const names = { into: 'shop_restore', keep: 'shop_old' };
    const restore = (given = {}, at = context()) =>
      backupRestore.run({ ...SHOP, directory: 'backups', prefix: 'backup_', into: names.into, ...given }, at);
    const swap = (from = names.into, keep = names.keep) => backupSwap.run({ ...SHOP, from, keep }, context());
    const drop = (name: string) => backupDrop.run({ ...DB, name, database: 'shop' }, context());
    const state = async () => (await backupState.run({ ...SHOP, ...names }, context())).summary;
    const count = (database = 'shop') => cluster.sql('select count(*) from users', database);

    test('goes beside production, is swapped in, and can be swapped back; the one before is kept until it is dropped', async () => {
      await create();
      const [file = ''] = files();
      cluster.sql('DELETE FROM users WHERE id > 10');
      expect(await state()).toBe('no restore is under way');

      cluster.sql("ALTER DATABASE shop SET timezone TO 'Asia/Tokyo'", 'postgres');
      const restored = context();
      expect(await restore({}, restored)).toMatchObject({
        outcome: 'passed',
        evidence: { file, into: 'shop_restore', rows: { users: 5000, jobs: 0 }, production: { users: 10, jobs: 0 } },
      });
      expect(restored.said.join('\n')).toMatch(/users\s+│ 10\s+│ 5000/);
      expect(restored.said).toContain('not in a dump, set it by hand on shop_restore: TimeZone=Asia/Tokyo');
      expect(count()).toBe('10');
      expect(await state()).toBe(`${file} stands ready in shop_restore; production is as before`);

      expect(await swap()).toMatchObject({ outcome: 'passed', evidence: { kept: 'shop_old', from: file } });
      expect([count(), count('shop_old')]).toEqual(['5000', '10']);
      expect(await state()).toBe(`swapped to ${file}; the one before is kept as shop_old until it is dropped`);

      expect(await swap('shop_old', 'shop_restore')).toMatchObject({ outcome: 'passed' });
      expect(count()).toBe('10');
      expect(await state()).toBe(`${file} stands ready in shop_restore; production is as before`);

      expect(await swap()).toMatchObject({ outcome: 'passed' });
      expect(await drop('shop')).toMatchObject({ outcome: 'failed', problem: { code: 'drop-not-ours' } });
      expect(await drop('shop_old')).toMatchObject({ outcome: 'passed', evidence: { dropped: true, was: 'replaced' } });
      expect(await drop('shop_old')).toMatchObject({ outcome: 'passed', evidence: { dropped: false } });
      expect(count()).toBe('5000');
    });

    test('ends the sessions of production, and those that come back in between', async () => {
      await create();
      await restore();
      const stubborn = spawn(
        'bash',
        ['-c', 'while :; do psql -h "$S" -U shop -d shop -XAtqc "select pg_sleep(30)"; done'],
        {
          env: { ...process.env, S: join(cluster.directory, 'socket') },
          stdio: 'ignore',
          detached: true,
        },
      );
      try {
        await expect
          .poll(() => cluster.sql("select count(*) from pg_stat_activity where datname = 'shop'", 'postgres'), {
            timeout: 5000,
          })
          .toBe('1');
        expect(await swap()).toMatchObject({ outcome: 'passed', evidence: { sessionsEnded: 1 } });
        expect(count()).toBe('5000');
      } finally {
        const ended = once(stubborn, 'exit');
        process.kill(-(stubborn.pid ?? 0), 'SIGKILL');
        await ended;
      }
      await drop('shop_old');
    });

    test('of a damaged backup stops before there is a side database', async () => {
      await create();
      const [file = ''] = files();
      truncateSync(join(cwd, 'backups', file), 2000);
      const result = await restore({ file });
      expect(result).toMatchObject({
        outcome: 'failed',
        problem: { code: 'backup-unreadable', means: 'Production was not touched and goes on.' },
      });
      expect(await restore()).toMatchObject({ outcome: 'failed', problem: { code: 'backup-none' } });
      expect(await state()).toBe('no restore is under way');
    });

    test('that fails half-way is unfinished, is not swapped in, and is made anew', async () => {
      await create();
      const [file = ''] = files();
      const bin = join(cwd, 'bin');
      mkdirSync(bin);
      writeFileSync(
        join(bin, 'docker'),
        `#!/bin/bash\ncase "$*" in *exit-on-error*) head -c 2000 | ${cluster.directory}/bin/docker "$@";; *) exec ${cluster.directory}/bin/docker "$@";; esac\n`,
        { mode: 0o755 },
      );
      expect(await restore({}, context({ env: { PATH: `${bin}:${cluster.path}` } }))).toMatchObject({
        outcome: 'failed',
        problem: {
          means:
            'Production was not touched and goes on. shop_restore is unfinished; running this again makes it anew.',
        },
      });
      expect(await state()).toBe('the restore into shop_restore was not finished; production is as before');
      expect(await swap()).toMatchObject({ outcome: 'failed', problem: { code: 'swap-unfinished' } });
      expect(await restore()).toMatchObject({ outcome: 'passed', evidence: { file } });
      expect(await drop('shop_restore')).toMatchObject({ outcome: 'passed' });
    });

    test('never takes a database that is not its own', async () => {
      await create();
      cluster.sql('CREATE DATABASE shop_restore', 'postgres');
      expect(await restore()).toMatchObject({ outcome: 'failed', problem: { code: 'backup-side-taken' } });
      expect(await swap()).toMatchObject({ outcome: 'failed', problem: { code: 'swap-unfinished' } });
      expect(await drop('shop_restore')).toMatchObject({ outcome: 'failed', problem: { code: 'drop-not-ours' } });
      expect(await restore({ into: 'shop' })).toMatchObject({ problem: { code: 'backup-side-is-production' } });
      cluster.sql('DROP DATABASE shop_restore', 'postgres');
      cluster.sql('CREATE DATABASE shop_old', 'postgres');
      await restore();
      expect(await swap()).toMatchObject({ outcome: 'failed', problem: { code: 'swap-kept-taken' } });
      expect(count()).toBe('5000');
      cluster.sql('DROP DATABASE shop_old', 'postgres');
      await drop('shop_restore');
    });

    test('offers the verified backups, the newest suggested', async () => {
      await create();
      const folder = join(cwd, 'backups');
      const [good = ''] = files();
      writeFileSync(join(folder, 'backup_20251102_030000.dump'), readFileSync(join(folder, good)));
      writeFileSync(join(folder, 'backup_20991231_030000.dump'), 'no dump');
      utimesSync(join(folder, good), 0, 0);
      const choice = await backupRestore.choose?.(
        { ...SHOP, directory: 'backups', prefix: 'backup_', into: names.into },
        context(),
      );
      expect(choice).toMatchObject({ field: 'file', suggested: 0 });
      expect(choice?.options.map(({ value }) => value)).toEqual([good, 'backup_20251102_030000.dump']);
    });
  });
});
