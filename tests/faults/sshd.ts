import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** A real sshd on loopback, for this user only, with keys of its own. */
export interface Sshd {
  /** Arguments of `ssh` that log in, with a terminal; a command line may follow. */
  login: readonly string[];
  close(): Promise<void>;
}

const SSHD = '/usr/sbin/sshd';

export const hasSshd = existsSync(SSHD);

export async function openSshd(): Promise<Sshd> {
  const directory = mkdtempSync(join(tmpdir(), 'tejun-sshd-'));
  const file = (name: string) => join(directory, name);
  for (const key of ['host', 'user']) execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', file(key)]);
  writeFileSync(file('authorized_keys'), readFileSync(file('user.pub')), { mode: 0o600 });
  const port = await freePort();
  const config = [
    ...[`Port ${port}`, 'ListenAddress 127.0.0.1', `HostKey ${file('host')}`, 'PidFile none', 'UsePAM no'],
    ...[`AuthorizedKeysFile ${file('authorized_keys')}`, 'StrictModes no', 'PermitRootLogin yes', 'LogLevel ERROR'],
  ];
  writeFileSync(file('config'), `${config.join('\n')}\n`);
  // Where sshd puts its unprivileged part, and refuses to start without (Debian makes it at boot).
  if (userInfo().uid === 0) mkdirSync('/run/sshd', { recursive: true, mode: 0o755 });
  const server = spawn(SSHD, ['-D', '-f', file('config')], { stdio: 'ignore' });
  await listening(port, server);
  const trust = ['StrictHostKeyChecking=no', `UserKnownHostsFile=${file('known_hosts')}`, 'LogLevel=ERROR'];
  return {
    login: [
      ...['-tt', '-p', String(port), '-i', file('user'), '-F', 'none'],
      ...trust.flatMap((option) => ['-o', option]),
      `${userInfo().username}@127.0.0.1`,
    ],
    close: async () => {
      server.kill();
      await once(server, 'exit');
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address ? address.port : 0;
}

async function listening(port: number, server: ChildProcess): Promise<void> {
  while (server.exitCode === null) {
    const socket = connect(port, '127.0.0.1');
    const up = await once(socket, 'connect').then(
      () => true,
      () => false,
    );
    socket.destroy();
    if (up) return;
    await sleep(50);
  }
  throw new Error('sshd did not start');
}
