/** The platform's edge: an app's public address, which is a port of this machine here. */
import { once } from 'node:events';
import {
  Agent,
  createServer,
  type IncomingMessage,
  type Server,
  type ServerResponse,
  request as send,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { EXIT, Problem } from '../problem.ts';
import type { Fleet } from './fly/fleet.ts';
import { isHealthy } from './fly/machine.ts';
import type { Machine } from './fly/model.ts';
import { wakeForRequest } from './fly/sleep.ts';

export interface Edge {
  /** `http://127.0.0.1:PORT`. */
  origin: string;
  stop(): Promise<void>;
}

/** A connection that a machine is about to close must not be used again: every request has its own. */
const agent = new Agent({ keepAlive: false });

/** Opens the address of `app` on `port` (0: a free one). Throws `rehearsal-port-taken` when somebody else has it. */
export async function openEdge(fleet: Fleet, app: string, port: number): Promise<Edge> {
  let turn = 0;
  const server = createServer((request, response) => {
    turn += 1;
    void answer(fleet, app, turn, request, response);
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening').catch((error: NodeJS.ErrnoException) => {
    throw portProblem(port, error);
  });
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: () => stopServer(server),
  };
}

/** Started and healthy machines, each turn beginning with another one. */
function healthyMachines(fleet: Fleet, app: string, turn: number): readonly Machine[] {
  const machines = fleet.apps.get(app)?.machines.filter(isHealthy) ?? [];
  const first = machines.length === 0 ? 0 : turn % machines.length;
  return [...machines.slice(first), ...machines.slice(0, first)];
}

/** Wakes a machine when none is awake; while a request runs, its machine is not idle. */
async function answer(
  fleet: Fleet,
  app: string,
  turn: number,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { method = '', url = '' } = request;
  // Tests count what was really asked to change something.
  if (method !== 'GET' && method !== 'HEAD') fleet.effects.add('request', { app, method, path: url });
  const awake = healthyMachines(fleet, app, turn);
  const found = fleet.apps.get(app);
  const woken = awake.length === 0 && found ? await wakeForRequest(fleet, found) : undefined;
  forward(woken ? [woken] : awake, request, response);
}

function forward(machines: readonly Machine[], request: IncomingMessage, response: ServerResponse): void {
  const [machine, ...others] = machines;
  if (!machine) {
    request.resume();
    response.writeHead(503, { 'content-type': 'text/plain', server: 'rehearsal' });
    response.end('no healthy machine\n');
    return;
  }
  machine.usedAt = Date.now();
  response.once('close', () => {
    machine.usedAt = Date.now();
  });
  const { method, url } = request;
  const headers = { ...request.headers, connection: 'close' };
  const upstream = send({ host: '127.0.0.1', port: machine.port, method, path: url, headers, agent });
  upstream.on('response', (answer) => {
    const { connection: _, ...kept } = answer.headers;
    response.writeHead(answer.statusCode ?? 502, kept);
    answer.pipe(response);
  });
  upstream.on('error', (error: NodeJS.ErrnoException) => {
    // Nothing was sent yet, so another machine may have the request.
    if (error.code === 'ECONNREFUSED' && !request.readableDidRead) forward(others, request, response);
    else if (response.headersSent) response.destroy();
    else response.writeHead(502).end();
  });
  upstream.once('socket', (socket) => {
    if (socket.connecting) socket.once('connect', () => request.pipe(upstream));
    else request.pipe(upstream);
  });
  response.on('close', () => upstream.destroy());
}

async function stopServer(server: Server): Promise<void> {
  const closed = once(server, 'close');
  server.close();
  server.closeAllConnections();
  await closed;
}

function portProblem(port: number, cause: NodeJS.ErrnoException): Problem {
  const taken = cause.code === 'EADDRINUSE';
  return new Problem(
    {
      code: taken ? 'rehearsal-port-taken' : 'rehearsal-port-refused',
      what: taken
        ? `Port ${port} is taken: another program of this machine listens on it.`
        : `Port ${port} cannot be opened: ${cause.message}`,
      means: 'The rehearsal was not started; nothing was left behind.',
      next: [
        `see who has it: ss -ltnp 'sport = :${port}' (macOS: lsof -nP -iTCP:${port} -sTCP:LISTEN)`,
        'or leave --port out, and a free port is taken',
      ],
    },
    EXIT.rehearsal,
    { cause },
  );
}
