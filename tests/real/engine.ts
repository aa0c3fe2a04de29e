/** A real Docker Engine of the tests' own: its socket, its containers and its images are in a temporary directory. */
import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

export interface RealEngine {
  /** For projects and root file systems of the tests. */
  directory: string;
  /** Environment in which `docker` and `docker-compose` speak to this engine. */
  env: Record<string, string>;
  docker(...args: string[]): string;
  stop(): Promise<void>;
}

const READY_TRIES = 150;
const STOP_MS = 20_000;

/** Why there can be no engine here; undefined when there can. */
export function noEngine(): string | undefined {
  const missing = ['dockerd', 'docker', 'docker-compose'].find((name) => spawnSync(name, ['--version']).status !== 0);
  if (missing) return `no ${missing} (Debian: apt-get install docker.io docker-compose)`;
  if (spawnSync('/bin/busybox', ['true']).status !== 0)
    return 'no /bin/busybox (Debian: apt-get install busybox-static)';
  return process.getuid?.() === 0 ? undefined : 'dockerd must be started as root';
}

/** Whether `docker compose` is there too: Debian 12 has 1.29 only. */
export function hasPlugin(): boolean {
  return spawnSync('docker', ['compose', 'version', '--short']).status === 0;
}

/** Starts one. It makes no network and no firewall rule: the tests' containers have none. */
export async function startEngine(): Promise<RealEngine> {
  const directory = mkdtempSync(join(tmpdir(), 'tejun-real-'));
  const socket = `unix://${join(directory, 'docker.sock')}`;
  const log = join(directory, 'dockerd.log');
  const output = openSync(log, 'a');
  const child = spawn(
    'dockerd',
    [
      '--storage-driver=overlay2',
      `--data-root=${join(directory, 'data')}`,
      `--exec-root=${join(directory, 'exec')}`,
      `--pidfile=${join(directory, 'pid')}`,
      `--host=${socket}`,
      ...['--bridge=none', '--iptables=false', '--ip6tables=false', '--ip-masq=false'],
    ],
    { stdio: ['ignore', output, output] },
  );
  const env = { PATH: process.env['PATH'] ?? '', HOME: directory, DOCKER_HOST: socket };
  const docker = (...args: string[]): string => execFileSync('docker', args, { env, encoding: 'utf8' });
  for (let tries = 0; spawnSync('docker', ['version'], { env }).status !== 0; tries += 1) {
    if (tries === READY_TRIES || child.exitCode !== null) {
      await end(child);
      throw new Error(`dockerd did not start:\n${readFileSync(log, 'utf8').split('\n').slice(-15).join('\n')}`);
    }
    await sleep(100);
  }
  return {
    directory,
    env,
    docker,
    async stop() {
      const ids = docker('ps', '-aq').split('\n').filter(Boolean);
      if (ids.length > 0) docker('rm', '-f', ...ids);
      await end(child);
      // The network name space of the host stays mounted when a container used it.
      for (const path of mountsBelow(directory)) spawnSync('umount', [path]);
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

function mountsBelow(directory: string): string[] {
  return readFileSync('/proc/mounts', 'utf8')
    .split('\n')
    .map((line) => line.split(' ')[1] ?? '')
    .filter((path) => path.startsWith(`${directory}/`))
    .sort()
    .reverse();
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
  await gone;
  clearTimeout(timer);
}
