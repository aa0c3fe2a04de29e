import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createEffects } from '../../src/rehearsal/effects.ts';
import { host } from '../../src/rehearsal/host/stand-in.ts';
import type { Ground, StandIn } from '../../src/rehearsal/stand-in.ts';
import { listBackups } from '../../tasks/backup/file.ts';
import { mayGo } from '../../tasks/backup/retention.ts';
import { merge } from '../../tasks/host/crontab.ts';
import { readDf, readFree } from '../../tasks/host/df.ts';

let world: string;
beforeEach(async () => {
  world = await mkdtemp(join(tmpdir(), 'tejun-host-'));
});
afterEach(() => rm(world, { recursive: true, force: true }));

async function start(drill?: string): Promise<{ standIn: StandIn; ground: Ground }> {
  const ground = {
    world,
    project: join(world, 'project'),
    order: { values: { backup_dir: 'backups' }, ...(drill ? { drill } : {}) },
    effects: createEffects(join(world, 'effects.jsonl')),
  } as unknown as Ground;
  return { standIn: await host.start(ground), ground };
}

async function call(standIn: StandIn, line: string, stdin = ''): Promise<{ exit: number; out: string; err: string }> {
  const [program = '', ...args] = line.split(' ');
  const said = { out: '', err: '' };
  const exit = await standIn.programs?.[program]?.({
    ...{ program, args, cwd: world, env: { USER: 'ops' }, stdin: Readable.from([stdin]) },
    signal: new AbortController().signal,
    out: (text) => {
      said.out += text;
    },
    err: (text) => {
      said.err += text;
    },
  });
  return { exit: exit ?? 127, ...said };
}

describe('crontab', () => {
  test('keeps what it was given, and counts it as an effect', async () => {
    const { standIn, ground } = await start();
    expect(await call(standIn, 'crontab -l')).toEqual({ exit: 1, out: '', err: 'no crontab for ops\n' });
    const text = merge('', { name: 'shop', settings: { SHELL: '/bin/bash' }, lines: ['0 3 * * * x', '@daily y'] });
    expect(await call(standIn, 'crontab -', text)).toEqual({ exit: 0, out: '', err: '' });
    expect((await call(standIn, 'crontab -l')).out).toBe(text);
    expect(ground.effects.all()).toMatchObject([{ effect: 'crontab-installed', lines: 5 }]);
    expect(await readFile(join(world, 'host/crontab'), 'utf8')).toBe(text);
  });

  // The texts of Debian's cron 3.0pl1 (crontab.c, entry.c).
  test.each([
    ['crontab -', '0 3 * * * x', "new crontab file is missing newline before EOF, can't install.\n"],
    ['crontab -', '# fine\n60 3 * * * x\n', '"-":2: bad minute\nerrors in crontab file, can\'t install.\n'],
    ['crontab -', '0 24 * * * x\n', '"-":1: bad hour\nerrors in crontab file, can\'t install.\n'],
    ['crontab -', '0 3 * * *\n', '"-":1: bad command\nerrors in crontab file, can\'t install.\n'],
    ['crontab -', '@noon x\n', '"-":1: bad minute\nerrors in crontab file, can\'t install.\n'],
    ['crontab nowhere', '', 'nowhere: No such file or directory\n'],
    ['crontab -r', '', 'no crontab for ops\n'],
  ])('refuses as the real one does: %s with %j', async (line, stdin, err) => {
    const { standIn, ground } = await start();
    expect(await call(standIn, line, stdin)).toEqual({ exit: 1, out: '', err });
    expect(ground.effects.all()).toEqual([]);
  });

  test('does not act out what opens an editor or is of another user', async () => {
    const { standIn } = await start();
    for (const line of ['crontab -e', 'crontab -u root', 'crontab -x']) {
      expect((await call(standIn, line)).exit).toBe(1);
    }
  });
});

describe('df', () => {
  test('says what lies in the backups, on a disk that has room', async () => {
    const { standIn } = await start();
    const before = readFree((await call(standIn, 'df -P -k .')).out) ?? 0;
    expect((await call(standIn, 'df -h')).out).toContain('64M 30M 34M 47% /');
    await mkdir(join(world, 'project/backups'), { recursive: true });
    await writeFile(join(world, 'project/backups/backup_1.dump'), Buffer.alloc(4 * 1024 * 1024));
    expect(before - (readFree((await call(standIn, 'df -P -k .')).out) ?? 0)).toBe(4 * 1024 * 1024);
    expect(readDf((await call(standIn, 'df -P -i / .')).out)).toMatchObject([
      { mount: '/', percent: 8 },
      { percent: 8 },
    ]);
  });

  test.each([['df -P -k nowhere'], ['df -T']])('refuses %s', async (line) => {
    const { standIn } = await start();
    expect((await call(standIn, line)).exit).toBe(1);
  });

  test('is full in the drill, and has room again when the old backups are gone', async () => {
    const { standIn } = await start('backup-disk-full');
    const directory = join(world, 'project/backups');
    const backups = await listBackups(directory, 'backup_');
    const free = async () => readFree((await call(standIn, 'df -P -k .')).out) ?? 0;
    expect(await free()).toBeLessThan(backups[0]?.bytes ?? 0);
    const good = backups.map((each) => ({ ...each, verified: each.vouched !== undefined, why: '' }));
    const going = mayGo(good, { keep: 7, days: 30, now: new Date() });
    expect(going.length).toBeGreaterThan(20);
    for (const { file } of going) await rm(join(directory, file));
    expect(await free()).toBeGreaterThan(10 * 1024 * 1024);
  });
});

test.each([
  [['host/cron'], [], true],
  [['backup/create'], [], true],
  [['bash'], ['df -h /'], true],
  [['bash'], ['echo "adf -h"'], false],
  [['fly/deploy'], ['flyctl status'], false],
])('is needed for %j %j: %s', (uses, bodies, needed) => expect(host.needed(uses, bodies)).toBe(needed));
