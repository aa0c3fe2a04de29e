import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { hostCron, hostCronPresent } from '../../../tasks/host/cron.ts';
import { readDf, readFree } from '../../../tasks/host/df.ts';
import { hostDisk } from '../../../tasks/host/disk.ts';
import { contextFor } from '../context.ts';

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'tejun-host-'));
  await chmod(directory, 0o755);
});
afterEach(() => rm(directory, { recursive: true, force: true }));

/** A program of the host, for this test only. */
async function program(name: string, body: string): Promise<string> {
  await writeFile(join(directory, name), `#!/bin/sh\n${body}\n`, { mode: 0o755 });
  return `${directory}:${process.env['PATH']}`;
}

/** What Debian's crontab does with `-l` and `-`, on a file of this test. */
const CRONTAB = `f=$(dirname "$0")/tab
case "$1" in
  -l) [ -f "$f" ] || { echo "no crontab for ops" >&2; exit 1; }; cat "$f";;
  -) cat > "$f.new"; [ -z "$(tail -c 1 "$f.new")" ] || { echo "new crontab file is missing newline before EOF, can't install." >&2; exit 1; }; mv "$f.new" "$f";;
esac`;

const GIVEN = { name: 'salon', shell: '/bin/bash', lines: ['0 3 * * * backup'], instead_of: [] as string[] };

describe('the crontab', () => {
  test('gets the lines once, after what changes was shown', async () => {
    const PATH = await program('crontab', CRONTAB);
    await writeFile(join(directory, 'tab'), '0 1 * * * other\n');
    expect(await hostCronPresent.run(GIVEN, contextFor({ env: { PATH } }))).toMatchObject({
      outcome: 'failed',
      problem: { code: 'cron-differs' },
    });
    const context = contextFor({ env: { PATH } });
    expect(await hostCron.run(GIVEN, context)).toMatchObject({
      outcome: 'passed',
      summary: 'crontab: 5 lines added, 0 removed',
    });
    expect(context.said).toContain('+ 0 3 * * * backup');
    expect(await readFile(join(directory, 'tab'), 'utf8')).toBe(
      '0 1 * * * other\n\n# tejun salon: begin\nSHELL=/bin/bash\n0 3 * * * backup\n# tejun salon: end\n',
    );
    expect(await hostCron.run(GIVEN, contextFor({ env: { PATH } }))).toMatchObject({ evidence: { changed: false } });
    expect(await hostCronPresent.run(GIVEN, contextFor({ env: { PATH } }))).toMatchObject({ outcome: 'passed' });
  });

  test('is made where there is none', async () => {
    const PATH = await program('crontab', CRONTAB);
    expect(await hostCron.run(GIVEN, contextFor({ env: { PATH } }))).toMatchObject({ outcome: 'passed' });
    expect(await readFile(join(directory, 'tab'), 'utf8')).toContain('SHELL=/bin/bash\n0 3 * * * backup\n');
  });

  test('with a line of its own for the same job is left as it is', async () => {
    const PATH = await program('crontab', CRONTAB);
    const before = '0 3 * * * docker exec db pg_dump shop | gzip > x\n';
    await writeFile(join(directory, 'tab'), before);
    const given = { ...GIVEN, instead_of: ['pg_dump'] };
    for (const task of [hostCron, hostCronPresent]) {
      expect(await task.run(given, contextFor({ env: { PATH } }))).toMatchObject({ problem: { code: 'cron-rival' } });
    }
    expect(await readFile(join(directory, 'tab'), 'utf8')).toBe(before);
  });

  test.each([
    ['echo "You (ops) are not allowed to use this program (crontab)" >&2; exit 1', 'cron-refused'],
    ['[ "$1" = -l ] && exit 0; cat > /dev/null', 'cron-not-installed'],
  ])('that refuses or forgets is told: %s', async (body, code) => {
    const PATH = await program('crontab', body);
    const result = await hostCron
      .run(GIVEN, contextFor({ env: { PATH } }))
      .catch((problem: unknown) => ({ outcome: 'failed', problem }));
    expect(result).toMatchObject({ outcome: 'failed', problem: { code } });
  });

  test('a line that would fail in silence is refused before anything runs', () => {
    const bad = hostCron.input.safeParse({ name: 'salon', lines: ['0 3 * * * pg_dump x | gzip > y'] });
    expect(bad.error?.issues[0]).toMatchObject({
      path: ['lines', 0],
      message: expect.stringContaining('set -o pipefail'),
    });
  });
});

describe('df', () => {
  const text = `Filesystem     1024-blocks      Used Available Capacity Mounted on
/dev/vda1         41152736  36210000   3022416      93% /
//nas/a share        10240      5120      5120      50% /mnt/the share
tmpfs                  100       100         0     100% /run
`;

  test('is read as POSIX prints it', () => {
    expect(readDf(text)).toEqual([
      { device: '/dev/vda1', size: 42140401664, used: 37079040000, free: 3094953984, percent: 93, mount: '/' },
      { device: '//nas/a share', size: 10485760, used: 5242880, free: 5242880, percent: 50, mount: '/mnt/the share' },
      { device: 'tmpfs', size: 102400, used: 102400, free: 0, percent: 100, mount: '/run' },
    ]);
    expect(readFree(text)).toBe(3094953984);
    expect(readFree('df: x: No such file or directory')).toBeUndefined();
  });

  test('the disks of this host are those of the real df', async () => {
    const result = await hostDisk.run({ paths: ['/', '/'], max_percent: 101 }, contextFor());
    expect(result.outcome).toBe('passed');
    expect((result.evidence as { systems: unknown[] }).systems).toMatchObject([
      { mount: '/', size: expect.any(Number), percent: expect.any(Number) },
    ]);
  });

  test.each([
    ['93%', '10%', 'disk-full', /\/ is 93 % full; 3\.1 GB are left/],
    ['50%', '99%', 'disk-full', /\/ has 99 % of its inodes used/],
    ['50%', '-', undefined, /\/ 50 %, 3\.1 GB free/],
  ])('blocks at %s and inodes at %s', async (blocks, inodes, code, words) => {
    const PATH = await program(
      'df',
      `echo Filesystem; case $2 in -k) echo "/dev/vda1 41152736 36210000 3022416 ${blocks} /";; -i) echo "/dev/vda1 100 90 10 ${inodes} /";; esac`,
    );
    const result = await hostDisk.run({ paths: ['/'], max_percent: 85 }, contextFor({ env: { PATH } }));
    expect(result.problem?.code).toBe(code);
    expect(result.summary).toMatch(words);
  });

  test('a path that is not there is no empty disk', async () => {
    const result = await hostDisk.run({ paths: ['/no/such/path'], max_percent: 85 }, contextFor());
    expect(result).toMatchObject({ outcome: 'failed', problem: { code: 'disk-unknown' } });
  });
});
