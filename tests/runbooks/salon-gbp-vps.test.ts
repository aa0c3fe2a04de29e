import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { buildPlan, type Plan } from '../../src/engine/plan.ts';
import { sectionsOf } from '../../src/engine/section.ts';
import { loadRunbook } from '../../src/runbook/load.ts';
import { FLOWS, type Flow } from '../../src/runbook/types.ts';
import { listBackups } from '../../tasks/backup/file.ts';
import { faultsOf, readJob } from '../../tasks/host/crontab.ts';
import { TASK_NAMES, taskFor } from '../../tasks/registry.ts';
import { BIN, type Cluster, startCluster } from '../tasks/backup/cluster.ts';

const runbook = await loadRunbook('salon-gbp-vps');

function plan(flow: Flow, environment = 'production', section?: string): Plan {
  const request = { environment, flow, values: {}, today: '2025-11-15', tasks: taskFor, taskNames: TASK_NAMES };
  return buildPlan(runbook, section === undefined ? request : { ...request, section });
}

const before = (path: readonly string[], ...ids: string[]) => {
  const places = ids.map((id) => path.indexOf(id));
  expect(places, ids.join(' → ')).toEqual([...places].sort((a, b) => a - b));
  expect(places).not.toContain(-1);
};

describe('the plan', () => {
  test.each(['production', 'rehearsal'])('is whole in every flow of %s', (environment) => {
    for (const flow of FLOWS) expect(plan(flow, environment).path.length).toBeGreaterThan(0);
  });

  test('asks for the name of production before it changes anything', () => {
    expect(plan('redeploy').environment.guard).toBe('typed');
  });

  test('an update records where it was and makes a backup before it changes anything', () => {
    const { path, steps } = plan('redeploy');
    before(path, 'compose', 'record', 'backup-before', 'update', 'migrate', 'status');
    expect(steps.find(({ id }) => id === 'update')?.undo).toBe('back-code');
  });

  test('a rollback takes the schema back with the new code, and the code after it', () => {
    before(plan('rollback').path, 'back-where', 'back-schema', 'back-code', 'back-same', 'back-at-head');
  });

  test('the one before is dropped only after the restored one was checked', () => {
    const { path, steps } = plan('routine', 'production', 'リストア');
    before(path, 'restore', 'restore-compare', 'restore-swap', 'restore-schema', 'restore-health', 'restore-drop');
    const drop = steps.find(({ id }) => id === 'restore-drop');
    expect(drop).toMatchObject({ effect: 'destroy', needs: ['restore-schema', 'restore-health'] });
    expect(drop?.input).toMatchObject({ name: '$db_kept' });
  });

  test('no command pipes a dump, and none throws its errors away', () => {
    const commands = FLOWS.flatMap((flow) => plan(flow).steps.flatMap(({ command }) => command)).join('\n');
    expect(commands).not.toMatch(/pg_dump[^\n]*\|/);
    expect(commands).not.toContain('2>/dev/null');
    expect(commands).not.toContain('downgrade -1');
  });
});

test('routines and symptoms are chosen by their headings', () => {
  const headings = (flow: Flow) =>
    sectionsOf(runbook.steps)
      .filter((section) => section.flow === flow)
      .map(({ heading }) => heading);
  expect(headings('routine')).toEqual([
    ...['毎日の確認', 'アラートとジョブ', 'ログを読む', '週次の確認', '月次の作業'],
    ...[
      'サービスの再起動',
      '全サービスの再起動',
      'サービスの再作成',
      'フロントエンドだけの再ビルド',
      'バックエンドだけの再ビルド',
    ],
    ...['スキーマの状態', 'スキーマを最新にする', 'スキーマを 1 つ戻す', 'SQL'],
    ...['バックアップ', 'リストア', 'リストアを取り消す', 'バックアップの cron'],
  ]);
  expect(headings('incident')).toEqual([
    ...['502 Bad Gateway', 'コンテナが再起動を繰り返す', 'web コンテナが unhealthy', 'Celery タスクが実行されない'],
    ...['Redis につながらない', 'ディスク容量不足', 'メディアファイルが見えない'],
  ]);
});

test('every symptom has a remedy under its heading, and only looks before it', () => {
  const { steps, path } = plan('incident');
  for (const { heading } of sectionsOf(runbook.steps).filter(({ flow }) => flow === 'incident')) {
    const under = steps.filter(({ headings }) => headings.at(-1) === heading);
    expect(under.filter(({ stage }) => stage === 'remedy').length, heading).toBeGreaterThan(0);
    expect(under.filter(({ id, effect }) => path.includes(id) && effect !== 'read')).toEqual([]);
  }
});

describe('the lines of cron', () => {
  const lines = ['cron_backup', 'cron_prune'].map((name) => runbook.values[name]?.default ?? '');

  test('lose no failure', () => {
    for (const line of lines) expect(faultsOf(line)).toEqual([]);
    expect(lines.map((line) => readJob(line)?.schedule)).toEqual(['0 3 * * *', '0 4 * * 0']);
  });

  describe.skipIf(BIN === undefined)('as cron runs them', () => {
    let cluster: Cluster;
    let home: string;
    beforeAll(() => {
      cluster = startCluster();
      home = join(cluster.directory, 'home');
      mkdirSync(home);
      cluster.sql('CREATE TABLE users (id int); INSERT INTO users SELECT generate_series(1, 100)');
    });
    afterAll(() => cluster?.stop());

    /** cron hands the command to SHELL with `-c`, each `\%` a plain one; here with the names of this test. */
    const cron = (line: string, path = cluster.path) => {
      const command = (readJob(line)?.command ?? '')
        .replaceAll('\\%', '%')
        .replaceAll('/opt/salon-gbp', home)
        .replaceAll('salon_gbp_db', 'shop_db')
        .replaceAll('salon_gbp', 'shop');
      const ran = spawnSync('/bin/bash', ['-c', command], {
        cwd: '/',
        env: { PATH: path },
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      return { exit: ran.status, said: `${ran.stdout}${ran.stderr}` };
    };
    const files = () => readdirSync(join(home, 'backups')).sort();

    test('the backup is the same as a step makes: read in full, and with its digest', async () => {
      expect(cron(lines[0] ?? '')).toEqual({ exit: 0, said: '' });
      const [backup] = await listBackups(join(home, 'backups'), 'backup_');
      expect(backup).toMatchObject({ kind: 'dump', vouched: expect.stringMatching(/^[0-9a-f]{64}$/) });
      execFileSync('sha256sum', ['--status', '-c', `${backup?.file}.sha256`], { cwd: join(home, 'backups') });
      expect(files()).toHaveLength(2);
    });

    test('a backup that fails is an error that cron mails, and leaves no file', () => {
      const good = files();
      cluster.sql('ALTER DATABASE shop RENAME TO elsewhere', 'postgres');
      try {
        const { exit, said } = cron(lines[0] ?? '');
        expect(exit).not.toBe(0);
        expect(said).toContain('database "shop" does not exist');
        expect(files()).toEqual(good);
      } finally {
        cluster.sql('ALTER DATABASE elsewhere RENAME TO shop', 'postgres');
      }
    });

    test('old ones go only while seven good ones are newer', () => {
      const folder = join(home, 'backups');
      const [good = ''] = files().filter((name) => name.endsWith('.dump'));
      const bytes = readFileSync(join(folder, good));
      const put = (name: string, digestOf = bytes) => {
        writeFileSync(join(folder, name), bytes);
        const digest = execFileSync('sha256sum', { input: digestOf, encoding: 'utf8' }).split(' ')[0];
        writeFileSync(join(folder, `${name}.sha256`), `${digest}  ${name}\n`);
        utimesSync(join(folder, name), 0, 0);
      };
      for (let day = 1; day <= 6; day += 1) put(`backup_2024010${day}_030000.dump`);
      put('backup_20240107_030000.dump', Buffer.from('what it was before'));
      const kept = files();
      expect(cron(lines[1] ?? ''), 'seven good ones, all needed').toEqual({
        exit: 0,
        said: expect.stringContaining(''),
      });
      expect(files()).toEqual(kept);
      put('backup_20240108_030000.dump');
      expect(cron(lines[1] ?? '').said).toContain('backup_20240101_030000.dump');
      expect(files()).not.toContain('backup_20240101_030000.dump');
      expect(files()).toContain('backup_20240102_030000.dump');
    });
  });
});
