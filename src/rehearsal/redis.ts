/** The rehearsal's Redis: the real server when this machine has one, else the stand-in. */
import { spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { pingCache } from './booking/cache.ts';
import { freePort } from './ports.ts';
import { createRedisStandIn } from './redis-stand-in.ts';

export interface Redis {
  /** `redis://default:PASSWORD@127.0.0.1:PORT/0`. */
  url: string;
  /** `redis-server` or `stand-in`. */
  kind: string;
  stop(): Promise<void>;
}

const READY_TRIES = 40;
const READY_DELAY_MS = 50;

/** Starts it on a free port of 127.0.0.1 with a password of its own. */
export async function startRedis(directory: string, record: (pid: number, what: string) => void): Promise<Redis> {
  const password = randomBytes(18).toString('hex');
  if (spawnSync('redis-server', ['--version']).status === 0) {
    const real = await startServer(directory, password, record);
    if (real) return real;
  }
  const server = createRedisStandIn(password);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `redis://default:${password}@127.0.0.1:${port}/0`,
    kind: 'stand-in',
    stop: async () => void server.close(),
  };
}

async function startServer(
  directory: string,
  password: string,
  record: (pid: number, what: string) => void,
): Promise<Redis | undefined> {
  const port = await freePort();
  // The configuration goes in by standard input, so that the password is on no command line.
  const child = spawn('redis-server', ['-'], { cwd: directory, stdio: ['pipe', 'ignore', 'ignore'] });
  child.on('error', () => {});
  child.stdin.end(
    `port ${port}\nbind 127.0.0.1\nrequirepass ${password}\nsave ""\nappendonly no\ndir ${directory}\ndaemonize no\n`,
  );
  if (child.pid) record(child.pid, 'redis-server');
  const url = `redis://default:${password}@127.0.0.1:${port}/0`;
  for (let attempt = 0; attempt < READY_TRIES && child.exitCode === null; attempt += 1) {
    const ready = await pingCache(new URL(url)).then(
      () => true,
      () => false,
    );
    if (ready) {
      return {
        url,
        kind: 'redis-server',
        stop: async () => {
          const gone = once(child, 'exit');
          if (child.exitCode === null && child.kill()) await gone;
        },
      };
    }
    await sleep(READY_DELAY_MS);
  }
  child.kill('SIGKILL');
  return undefined;
}
