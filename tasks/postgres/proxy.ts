import * as net from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { EXIT, Problem } from '../../src/problem.ts';
import { proxy } from '../fly/commands.ts';
import { refusal } from '../fly/refusal.ts';
import type { TaskContext } from '../task.ts';

/** How long flyctl may take to open its tunnel: the first one starts an agent and a WireGuard peer. */
const OPEN_MS = 30_000;
const TRY_EVERY_MS = 100;

/**
 * Opens a tunnel into Fly's private network for as long as `use` runs, and always ends it.
 *
 * @param use gets the loopback port that leads to `app`'s port `remotePort`
 * @throws Problem `fly-proxy` or what flyctl refused, when the port does not open
 */
export async function throughProxy<T>(
  context: Pick<TaskContext, 'exec' | 'signal'>,
  app: string,
  remotePort: number,
  use: (port: number) => Promise<T>,
): Promise<T> {
  const port = await freePort();
  const command = proxy(app, port, remotePort);
  const end = new AbortController();
  const signal = AbortSignal.any([end.signal, context.signal]);
  const child = context.exec(command, { signal, quiet: true });
  const ended = child.then(
    (exit) => new Problem(refusal(command, exit, context.signal), EXIT.failed),
    (error: unknown) => error,
  );
  try {
    const failure = await Promise.race([ended, opens(port, signal)]);
    if (failure !== undefined) throw failure;
    return await use(port);
  } finally {
    end.abort();
    await ended;
  }
}

/** Resolves with nothing when the port takes a connection, else with why it did not. */
async function opens(port: number, signal: AbortSignal): Promise<Problem | undefined> {
  const until = performance.now() + OPEN_MS;
  while (!signal.aborted && performance.now() < until) {
    if (await accepts(port)) return undefined;
    await sleep(TRY_EVERY_MS, undefined, { signal }).catch(() => {});
  }
  return new Problem(
    {
      code: 'fly-proxy',
      what: signal.aborted
        ? 'The step was stopped before the tunnel to the database was open.'
        : `flyctl opened no tunnel to the database within ${OPEN_MS / 1000} s.`,
      means: 'The database is on the private network of Fly, and is reached through "flyctl proxy".',
      next: ['flyctl wireguard list', 'flyctl agent restart'],
    },
    EXIT.failed,
  );
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = net.connect({ host: '127.0.0.1', port });
    const done = (open: boolean) => {
      socket.destroy();
      resolve(open);
    };
    socket.once('connect', () => done(true));
    socket.once('error', () => done(false));
  });
}

/** A port that was free a moment ago. */
function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = net.createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as net.AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
