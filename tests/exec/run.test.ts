import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, describe, expect, test } from 'vitest';
import type { Command, Exec, ExecOptions } from '../../src/exec/command.ts';
import { stepMarks } from '../../src/exec/marks.ts';
import { createExec } from '../../src/exec/run.ts';
import { createRedactor } from '../../src/secrets/redactor.ts';
import { Secret } from '../../src/secrets/secret.ts';

const directory = mkdtempSync(join(tmpdir(), 'tejun-exec-'));
afterAll(() => rmSync(directory, { recursive: true }));

const env = { PATH: process.env['PATH'] ?? '', ONLY: 'this' };
/** Each with a redactor of its own: what one test registers must not mask another's output. */
const exec: Exec = (command, options) =>
  createExec({ redactor: createRedactor(), env, cwd: directory, graceMs: 300 })(command, options);
const CANARY = 'canary-7f3a9c21';

function sh(script: string, rest: Partial<Command> = {}): Command {
  return { file: 'sh', args: ['-c', script], ...rest };
}

function fixture(name: string, rest: Partial<Command> = {}): Command {
  return { file: 'sh', args: [join(import.meta.dirname, 'fixtures', name)], ...rest };
}

function pidsIn(stdout: string): number[] {
  return Array.from(stdout.matchAll(/^pid (\d+)$/gm), ([, pid]) => Number(pid));
}

function isAlive(pid: number): boolean {
  // A zombie waits only for its parent.
  return existsSync(`/proc/${pid}/stat`) && !/^\d+ \(.*\) Z/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
}

describe('what a child is given', () => {
  test('its arguments as they are, and no shell', async () => {
    const { stdout } = await exec({ file: 'printf', args: ['%s|', '$HOME', '`id`', 'a b', '*'] });
    expect(stdout).toBe('$HOME|`id`|a b|*|');
  });

  test('exactly the environment of the list and of the command', async () => {
    const { stdout } = await exec({ file: 'env', args: [], env: { MORE: 'that' } });
    expect(stdout.trim().split('\n').sort()).toEqual(['MORE=that', 'ONLY=this', `PATH=${env.PATH}`]);
  });

  test('no input', async () => {
    expect(await exec(sh('cat; echo end'))).toMatchObject({ code: 0, stdout: 'end\n' });
  });

  test('its input, which is then closed', async () => {
    expect((await exec(sh('cat', { stdin: '手順\n' }))).stdout).toBe('手順\n');
    expect((await exec(sh('cat', { stdin: new Secret('S', Buffer.from(CANARY)) }))).stdout).toBe('[S]');
  });

  test('more input than it reads', async () => {
    expect(await exec(sh('head -c 1 >/dev/null; echo enough', { stdin: 'x'.repeat(4_000_000) }))).toMatchObject({
      code: 0,
      stdout: 'enough\n',
    });
    expect((await exec(sh('exec <&-; sleep 0.1; echo closed', { stdin: 'x'.repeat(4_000_000) }))).stdout).toBe(
      'closed\n',
    );
  });

  test('a session of its own, without a terminal', async () => {
    const { stdout } = await exec(sh('cut -d" " -f1,5,6,7 /proc/$$/stat'));
    const [pid, group, session, terminal] = stdout.trim().split(' ').map(Number);
    expect([group, session, terminal]).toEqual([pid, pid, 0]);
  });

  test('a secret in its environment only, and nowhere on a command line', async () => {
    const seen: Record<string, string> = {};
    const ended = exec(
      sh('echo "pid $$"; read _ || sleep 0.3', { env: { TOKEN: new Secret('TOKEN', Buffer.from(CANARY)) } }),
      {
        onLine(line) {
          const [pid] = pidsIn(line);
          for (const name of ['cmdline', 'environ']) seen[name] = readFileSync(`/proc/${pid}/${name}`, 'latin1');
        },
      },
    );
    await ended;
    expect(seen['environ']).toContain(`TOKEN=${CANARY}`);
    expect(seen['cmdline']).not.toContain(CANARY);
    expect(readFileSync('/proc/self/cmdline', 'latin1')).not.toContain(CANARY);
    expect((await exec({ file: 'env', args: [] })).stdout).not.toContain('TOKEN');
  });

  test('no secret that cannot be a variable', async () => {
    const binary = new Secret('KEY', Buffer.from([0xff, 0, 1]));
    await expect(exec(sh('true', { env: { KEY: binary } }))).rejects.toMatchObject({ code: 'secret-not-text' });
  });

  test('nothing at all when its secret was wiped', async () => {
    const wiped = new Secret('S', Buffer.from(CANARY));
    wiped.wipe();
    const mark = join(directory, 'without-its-secret');
    await expect(exec(sh(`touch ${mark}`, { stdin: wiped }))).rejects.toThrow('secret S was wiped');
    expect(existsSync(mark)).toBe(false);
  });
});

describe('what a child prints', () => {
  async function lines(command: Command, options: ExecOptions = {}): Promise<string[]> {
    const seen: string[] = [];
    await exec(command, { ...options, onLine: (line, stream) => seen.push(`${stream}: ${line}`) });
    return seen;
  }

  test('comes line by line, the last one too when it has no end', async () => {
    expect(await lines(sh('echo a; sleep 0.05; echo b >&2; sleep 0.05; echo; printf c'))).toEqual([
      'stdout: a',
      'stderr: b',
      'stdout: ',
      'stdout: c',
    ]);
  });

  test('a finished line comes while the child waits, even when it ends like the beginning of a secret', async () => {
    const redactor = createRedactor();
    redactor.register(new Secret('S', Buffer.from(CANARY)));
    const seen: { line: string; at: number }[] = [];
    const started = performance.now();
    await createExec({ redactor, env, cwd: directory })(sh('echo topic; sleep 0.6; echo later'), {
      onLine: (line) => seen.push({ line, at: performance.now() - started }),
    });
    expect(seen.map(({ line }) => line)).toEqual(['topic', 'later']);
    expect(seen[0]?.at).toBeLessThan(500);
  });

  test('is decoded over the borders of writes', async () => {
    expect(await lines(fixture('splits-utf8.sh'))).toEqual(['stdout: 🚀']);
  });

  test('obeys no terminal', async () => {
    expect(await lines(sh(`printf '\\033]52;c;cm0=\\007\\033[31mred\\033[0m 1%%\\r2%%\\n'`))).toEqual([
      'stdout: red 1%',
      'stdout: 2%',
    ]);
  });

  test('is masked on both streams, over the borders of writes', async () => {
    const secret = new Secret('TOKEN', Buffer.from(CANARY));
    const script = 'printf "x ${TOKEN%21}" >&2; sleep 0.1; echo "21 y" >&2; printf %s "$TOKEN" | base64';
    const exit = await exec(sh(script, { env: { TOKEN: secret } }));
    expect(exit.stderr).toBe('x [TOKEN] y\n');
    expect(exit.stdout).toBe('[TOKEN]\n');
  });

  test('a line without an end comes in pieces', async () => {
    const seen = await lines(sh('head -c 200000 /dev/zero | tr "\\0" x'));
    expect(seen.map((line) => line.length - 'stdout: '.length)).toEqual([65536, 65536, 65536, 3392]);
  });

  test('200 MB pass without filling memory; the last part is kept', { timeout: 60_000 }, async () => {
    let count = 0;
    let highest = 0;
    const before = process.memoryUsage.rss();
    const exit = await exec(
      sh('yes "a line of a log that has some length to it" | head -c 200000000; echo; echo end'),
      {
        onLine() {
          count += 1;
          if (count % 100_000 === 0) highest = Math.max(highest, process.memoryUsage.rss());
        },
      },
    );
    expect(count).toBeGreaterThan(4_000_000);
    expect(exit.stdout.length).toBeLessThanOrEqual(256 * 1024);
    expect(exit.stdout).toMatch(/^a line of a log.*\nend\n$/s);
    expect(highest - before).toBeLessThan(150_000_000);
  });

  test('a line of 100 MB passes without filling memory, in pieces', { timeout: 60_000 }, async () => {
    let length = 0;
    let highest = 0;
    const before = process.memoryUsage.rss();
    const exit = await exec(sh('head -c 100000000 /dev/zero | tr "\\0" x'), {
      onLine(line) {
        length += line.length;
        highest = Math.max(highest, process.memoryUsage.rss());
      },
    });
    expect(length).toBe(100_000_000);
    expect(exit.stdout.length).toBeLessThanOrEqual(256 * 1024);
    expect(highest - before).toBeLessThan(150_000_000);
  });

  const prints: Command['prints'] = {
    secret: 'TOKEN',
    find: (output, name) =>
      output.use((bytes) => {
        const [found] = /canary-.*/s.exec(bytes.toString('latin1')) ?? [];
        return found === undefined ? undefined : new Secret(name, Buffer.from(found.trimEnd(), 'latin1'));
      }),
  };

  test('a secret that it prints is handed over as such, and shown nowhere', async () => {
    const seen: string[] = [];
    const exit = await exec(sh(`printf 'it is ${CANARY}\\377'; echo note >&2`, { prints }), {
      onLine: (line) => seen.push(line),
    });
    expect(exit.secret?.use((bytes) => bytes.toString('latin1'))).toBe(`${CANARY}\xff`);
    expect(exit.stdout).toBe('');
    expect(seen).toEqual(['note']);
    await expect(exec(sh('head -c 2000000 /dev/zero', { prints }))).rejects.toMatchObject({
      code: 'secret-output-too-large',
    });
  });

  test.each([
    ['before it stands on standard output', `echo "is ${CANARY}" >&2; sleep 0.2; echo ${CANARY}`],
    [
      'in another form',
      `sleep 0.2; printf ${CANARY} | base64 >&2; printf ${CANARY} | od -An -tx1 | tr -d ' ' >&2; echo ${CANARY}`,
    ],
    ['on standard error alone', `echo 'to be seen: ${CANARY}' >&2`],
    ['when it is ended', `echo ${CANARY}; echo ${CANARY} >&2; sleep 60`],
  ])('a secret that nobody knew before is masked on standard error too: %s', async (_, script) => {
    const seen: string[] = [];
    const exit = await exec(sh(script, { prints, timeoutMs: 1_000 }), { onLine: (line) => seen.push(line) });
    expect(exit.secret?.use((bytes) => bytes.toString())).toBe(CANARY);
    for (const text of [exit.stderr, seen.join('\n')]) {
      expect(text).toContain('[TOKEN]');
      for (const form of [CANARY, Buffer.from(CANARY).toString('base64'), Buffer.from(CANARY).toString('hex')]) {
        expect(text).not.toContain(form);
      }
    }
  });

  test('a listener that fails stops listening, not the child', async () => {
    const mark = join(directory, 'finished');
    const run = exec(sh(`echo a; sleep 0.1; echo b; echo x > ${mark}`), {
      onLine() {
        throw new Error('no space left');
      },
    });
    await expect(run).rejects.toThrow('no space left');
    expect(existsSync(mark)).toBe(true);
  });
});

describe('how a child ends', () => {
  test.each([
    ['by itself', 'exit 3', { code: 3, signal: null }],
    ['by a signal', 'kill -SEGV $$', { code: null, signal: 'SIGSEGV' }],
  ])('%s', async (_, script, end) => {
    expect(await exec(sh(script))).toMatchObject({ ...end, timedOut: false, stopped: false, survivors: [] });
  });

  test('at its time-out, with time to clean up', async () => {
    const exit = await exec(sh('trap "echo cleaned up; exit 3" TERM; echo ready; sleep 60 & wait', { timeoutMs: 200 }));
    expect(exit).toMatchObject({
      code: 3,
      timedOut: true,
      stopped: false,
      stdout: 'ready\ncleaned up\n',
      survivors: [],
    });
    expect(exit.ms).toBeLessThan(2_000);
  });

  test('when the operator stops it', async () => {
    const stop = new AbortController();
    const exit = await exec(sh('echo ready; sleep 60'), { signal: stop.signal, onLine: () => stop.abort() });
    expect(exit).toMatchObject({ signal: 'SIGTERM', stopped: true, timedOut: false });
  });

  test('not at all when it was stopped before', async () => {
    const mark = join(directory, 'started');
    expect(await exec(sh(`touch ${mark}`), { signal: AbortSignal.abort() })).toMatchObject({
      code: null,
      stopped: true,
    });
    expect(existsSync(mark)).toBe(false);
  });

  test.each([
    ['that ignores TERM', 'ignores-term.sh'],
    ['with a process in another session', 'leaves-its-session.sh'],
  ])('killed, a tree %s', async (_, name) => {
    const exit = await exec(fixture(name, { timeoutMs: 300 }));
    expect(exit).toMatchObject({ code: null, signal: 'SIGKILL', timedOut: true, survivors: [] });
    expect(pidsIn(exit.stdout).length).toBeGreaterThan(0);
    for (const pid of pidsIn(exit.stdout)) expect(isAlive(pid)).toBe(false);
  });

  test('with its daemon, which no parent leads to, by the mark in its environment', async () => {
    const marked = createExec({
      redactor: createRedactor(),
      env: { ...env, ...stepMarks('run-1', 'deploy', 2) },
      cwd: directory,
      graceMs: 300,
    });
    const exit = await marked(fixture('forgets-its-parents.sh', { timeoutMs: 500 }));
    const [pid = 0] = pidsIn(exit.stdout);
    expect(exit).toMatchObject({ timedOut: true, survivors: [] });
    expect(isAlive(pid)).toBe(false);
  });

  test('even when what it left behind keeps its pipe open', async () => {
    const started = performance.now();
    const exit = await exec(fixture('keeps-the-pipe.sh'));
    const [pid = 0] = pidsIn(exit.stdout);
    expect(exit).toMatchObject({ code: 0, survivors: [] });
    expect(exit.stdout).toMatch(/done\n$/);
    expect(performance.now() - started).toBeLessThan(2_000);
    // Left alone: a step may start a service.
    expect(isAlive(pid)).toBe(true);
    process.kill(pid);
    await sleep(1);
  });

  test('a later time-out does nothing to it', async () => {
    const exit = await exec(sh('echo quick', { timeoutMs: 2 ** 40 }));
    expect(exit).toMatchObject({ code: 0, timedOut: false });
  });
});

describe('a program that cannot be started', () => {
  const script = join(directory, 'not-executable');
  writeFileSync(script, '#!/bin/sh\n');

  test.each([
    [
      'is not there',
      { file: 'flyctl-of-nowhere' },
      'command-not-found',
      /flyctl-of-nowhere was not found in PATH \(\//,
    ],
    ['is not executable', { file: script }, 'command-not-found', /is there but cannot be run/],
    ['has no directory to run in', { file: 'sh', cwd: '/nowhere' }, 'directory-missing', /\/nowhere/],
    ['is given too much', { file: 'true', env: { A: 'x'.repeat(3_000_000) } }, 'command-too-long', /too long/],
    ['is given a NUL', { file: 'true', args: [`${CANARY}\0`] }, 'command-not-started', /true/],
  ])('%s', async (_, command, code, what) => {
    const run = exec({ args: [CANARY], ...command });
    await expect(run).rejects.toMatchObject({ code, what: expect.stringMatching(what) });
    const problem: unknown = await run.catch((error: unknown) => error);
    const told = JSON.stringify(problem, Object.getOwnPropertyNames(problem));
    expect(told).not.toContain(CANARY);
  });
});
