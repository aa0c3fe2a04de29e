/** The system's own OpenSSH, against which everything about signatures is checked. */
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** Makes a key pair with ssh-keygen and gives the path of the private file. */
export function makeKey(path: string, type: string, options: { passphrase?: string; bits?: number } = {}): string {
  const bits = options.bits ? ['-b', String(options.bits)] : [];
  run('ssh-keygen', ['-q', '-t', type, ...bits, '-N', options.passphrase ?? '', '-C', `alice-${type}`, '-f', path]);
  return path;
}

export interface Check {
  sig: string;
  message: Uint8Array;
  allowedSigners: string;
  revokedKeys?: string;
  identity: string;
  namespace: string;
  /** Default: now. */
  at?: Date;
}

/** `ssh-keygen -Y verify`: whether it is good, and what it says. */
export function sshKeygenVerifies(check: Check): { good: boolean; says: string } {
  const dir = mkdtempSync(join(tmpdir(), 'tejun-openssh-'));
  writeFileSync(join(dir, 'sig'), check.sig);
  writeFileSync(join(dir, 'allowed'), check.allowedSigners);
  if (check.revokedKeys !== undefined) writeFileSync(join(dir, 'revoked'), check.revokedKeys);
  const stamp = (check.at ?? new Date())
    .toISOString()
    .replace(/\.\d+Z$/, '')
    .replace(/[-:T]/g, '');
  const result = spawnSync(
    'ssh-keygen',
    [
      ...['-Y', 'verify', '-f', join(dir, 'allowed'), '-I', check.identity, '-n', check.namespace],
      ...[`-Overify-time=${stamp}`, '-s', join(dir, 'sig')],
      ...(check.revokedKeys === undefined ? [] : ['-r', join(dir, 'revoked')]),
    ],
    { input: check.message, encoding: 'utf8', env: { ...process.env, TZ: 'UTC' } },
  );
  rmSync(dir, { recursive: true });
  return { good: result.status === 0, says: `${result.stdout}${result.stderr}` };
}

export interface Agent {
  socket: string;
  pid: number;
  add(...args: string[]): void;
  stop(): Promise<void>;
}

/** A real ssh-agent of its own. */
export async function startAgent(dir: string): Promise<Agent> {
  const socket = join(dir, `agent-${process.hrtime.bigint()}.sock`);
  const child = spawn('ssh-agent', ['-D', '-a', socket], { stdio: 'ignore' });
  const exited = new Promise((resolve) => child.once('exit', resolve));
  // The socket is there before it listens; ssh-add ends with 2 while it cannot be reached (ssh-add(1)).
  while (spawnSync('ssh-add', ['-l'], { env: { ...process.env, SSH_AUTH_SOCK: socket } }).status === 2) await sleep(5);
  return {
    socket,
    pid: child.pid ?? 0,
    add: (...args) => run('ssh-add', ['-q', ...args], { SSH_AUTH_SOCK: socket }),
    stop: async () => {
      child.kill('SIGCONT');
      child.kill('SIGKILL');
      await exited;
    },
  };
}

export function run(file: string, args: readonly string[], env: Record<string, string> = {}): string {
  const result = spawnSync(file, args, { encoding: 'utf8', env: { ...process.env, ...env } });
  if (result.status !== 0) throw new Error(`${file}: ${result.stderr}`);
  return result.stdout;
}
