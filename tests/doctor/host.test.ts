import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { doctorCommand } from '../../src/commands/doctor.ts';
import { hostFindings } from '../../src/doctor/host.ts';

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'tejun-doctor-'));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

const terminal = { stdin: { isTTY: true }, stdout: { isTTY: true, columns: 80, rows: 24 } };
const stateOf = async (name: string, env: Record<string, string>, io: Parameters<typeof hostFindings>[1] = terminal) =>
  (await hostFindings({ TEJUN_HOME: home, TERM: 'xterm', LANG: 'en_US.UTF-8', ...env }, io)).find(
    (finding) => finding.name === name,
  );

test.each<[string, string, Record<string, string>, object, string]>([
  ['a directory that can be made', 'journal-directory', {}, {}, 'fine'],
  ['a directory that cannot be written', 'journal-directory', { TEJUN_HOME: '/proc/version/tejun' }, {}, 'missing'],
  ['a good terminal', 'terminal', {}, {}, 'fine'],
  ['a small one', 'terminal', {}, { stdout: { isTTY: true, columns: 30, rows: 10 } }, 'weak'],
  ['no terminal', 'terminal', {}, { stdin: {} }, 'weak'],
  ['TERM=dumb', 'terminal', { TERM: 'dumb' }, {}, 'weak'],
  ['a locale without UTF-8', 'locale', { LANG: 'C' }, {}, 'weak'],
  ['no agent', 'signing-key', {}, {}, 'weak'],
  ['an agent that is gone', 'signing-key', { SSH_AUTH_SOCK: '/nonexistent/agent' }, {}, 'weak'],
])('%s', async (_, name, env, io, state) => {
  expect(await stateOf(name, env, { ...terminal, ...io })).toMatchObject({ state });
});

test('a key in a real agent is found', async () => {
  const started = execFileSync('ssh-agent', ['-s'], { encoding: 'utf8' });
  const socket = /SSH_AUTH_SOCK=([^;]+)/.exec(started)?.[1] ?? '';
  const pid = Number(/SSH_AGENT_PID=(\d+)/.exec(started)?.[1]);
  try {
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', join(home, 'key')]);
    execFileSync('ssh-add', ['-q', join(home, 'key')], { env: { ...process.env, SSH_AUTH_SOCK: socket } });
    expect(await stateOf('signing-key', { SSH_AUTH_SOCK: socket })).toMatchObject({ state: 'fine' });
  } finally {
    process.kill(pid);
  }
});

test('a program that is not on PATH is missing, and the exit code says so', async () => {
  const before = process.env['PATH'];
  process.env['PATH'] = home;
  try {
    const { text, exit } = await doctorCommand({ runbook: 'cabanas-staging', json: true });
    const found = JSON.parse(text) as { name: string; state: string; next: string[] }[];
    expect(found.find(({ name }) => name === 'flyctl')).toMatchObject({ state: 'missing' });
    expect(found.find(({ name }) => name === 'gh')).toBeUndefined();
    expect(exit).toBe(3);
  } finally {
    process.env['PATH'] = before;
  }
});
