import * as net from 'node:net';
import * as tls from 'node:tls';
import * as z from 'zod';
import { count, httpUrl } from '../input.ts';
import type { Task, TaskResult } from '../task.ts';
import { shown, unreachable } from './unreachable.ts';

/** How much of each answer the journal keeps. */
const LONGEST_EXCERPT = 200;

const httpStatus = count.refine((status) => status >= 100 && status <= 599, 'an HTTP status');

const input = z.strictObject({
  url: httpUrl,
  method: z.enum(['POST', 'PUT', 'PATCH', 'DELETE']).default('POST'),
  headers: z.record(z.string(), z.string()).default({}),
  body: z.record(z.string(), z.unknown()),
  concurrency: count.default(2),
  winners: count.default(1),
  won: httpStatus.default(201),
  lost: httpStatus.default(409),
});

type Input = z.infer<typeof input>;

interface Runner {
  status: number;
  ms: number;
  body: string;
}

/** The same request several times at once: exactly so many may win, and all others must be told that they lost. */
export const httpRace: Task<Input> = {
  name: 'http/race',
  input,
  effect: 'write',
  describe: ({ url, method, headers, body, concurrency }) => [
    `${concurrency} at once: ${method} ${shown(url)}`,
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
    JSON.stringify(body),
  ],
  async run(given, context) {
    const target = new URL(given.url);
    let means = 'Nothing was sent.';
    let sockets: net.Socket[] = [];
    let runners: Runner[];
    try {
      sockets = await openAll(target, given.concurrency, context.signal);
      means = 'Some of the requests may have arrived: look before you run it again.';
      runners = await Promise.all(sockets.map((socket) => send(socket, target, given, context.signal)));
    } catch (error) {
      const problem = unreachable(error, given.url, context.signal);
      return { outcome: 'failed', summary: problem.what, problem: { ...problem, means } };
    } finally {
      for (const socket of sockets) socket.destroy();
    }
    for (const { status, ms, body } of runners) context.say(`${status} in ${ms} ms  ${body.replace(/\s+/g, ' ')}`);
    return verdict(given, runners);
  },
};

/** What the answers mean. Pure. */
export function verdict({ url, winners, won, lost, concurrency }: Input, runners: readonly Runner[]): TaskResult {
  const statuses: Record<string, number> = {};
  for (const { status } of runners) statuses[status] = (statuses[status] ?? 0) + 1;
  const wins = statuses[won] ?? 0;
  const losses = statuses[lost] ?? 0;
  const strangers = Object.entries(statuses).filter(([status]) => Number(status) !== won && Number(status) !== lost);
  const said = Object.entries(statuses)
    .map(([status, times]) => `${times} × ${status}`)
    .join(', ');
  const evidence = {
    url: shown(url),
    statuses,
    wins,
    losses,
    requests: runners.map(({ status, ms, body }) => ({ status, ms, body })),
  };
  if (wins === winners && losses === concurrency - winners) return { outcome: 'passed', summary: said, evidence };
  const expected = `${winners} × ${won} and ${concurrency - winners} × ${lost}`;
  return {
    outcome: 'failed',
    summary: `${said}, expected ${expected}`,
    evidence,
    problem: {
      code:
        wins > winners
          ? 'race-too-many-winners'
          : strangers.length > 0
            ? 'race-unexpected-status'
            : 'race-too-few-winners',
      what: `Of ${concurrency} requests at once: ${said}; expected ${expected}.`,
      means:
        wins > winners
          ? 'The service gave the same thing away more than once: its guard against that does not hold.'
          : strangers.length > 0
            ? `An answer was neither ${won} nor ${lost}: the service failed, or refused the request itself.`
            : 'What the requests ask for may be taken already, from an earlier run.',
      next: ['read the answers in its output (l)', 'use fresh data for the request before it is run again'],
    },
  };
}

/**
 * Opens one connection for each request. All are written only when every connection stands: what is measured is the
 * service's answer, not the order of handshakes.
 */
async function openAll(target: URL, many: number, signal: AbortSignal): Promise<net.Socket[]> {
  const opened = await Promise.allSettled(Array.from({ length: many }, () => connect(target, signal)));
  const sockets = opened.flatMap((one) => (one.status === 'fulfilled' ? one.value : []));
  const refused = opened.find((one) => one.status === 'rejected');
  if (!refused) return sockets;
  for (const socket of sockets) socket.destroy();
  throw refused.reason;
}

async function send(
  socket: net.Socket,
  target: URL,
  { method, headers, body }: Input,
  signal: AbortSignal,
): Promise<Runner> {
  // A module that names it brings all of Node's fetch with it, which would be a tenth of an engine's start.
  const { request } = await import('node:http');
  const payload = JSON.stringify(body);
  const began = performance.now();
  return new Promise((resolve, reject) => {
    const asked = request({
      createConnection: () => socket,
      method,
      host: target.hostname,
      path: target.pathname + target.search,
      signal,
      headers: {
        host: target.host,
        'content-type': 'application/json',
        ...lowerCased(headers),
        'content-length': Buffer.byteLength(payload),
        connection: 'close',
      },
    });
    asked.on('error', reject);
    asked.on('response', (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (part: string) => {
        if (text.length < LONGEST_EXCERPT) text += part.slice(0, LONGEST_EXCERPT - text.length);
      });
      response.on('error', reject);
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, ms: Math.round(performance.now() - began), body: text }),
      );
    });
    asked.end(payload);
  });
}

function connect(target: URL, signal: AbortSignal): Promise<net.Socket> {
  const secure = target.protocol === 'https:';
  const host = target.hostname.replace(/^\[|\]$/g, '');
  const port = Number(target.port) || (secure ? 443 : 80);
  return new Promise((resolve, reject) => {
    const socket = secure
      ? tls.connect({ host, port, ...(net.isIP(host) ? {} : { servername: host }) })
      : net.connect({ host, port, noDelay: true });
    const stop = () => socket.destroy(new Error('stopped'));
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop, { once: true });
    socket.once('close', () => signal.removeEventListener('abort', stop));
    // Stays for good: a connection that is closed before its request is written has no other listener.
    socket.on('error', reject);
    socket.once(secure ? 'secureConnect' : 'connect', () => resolve(socket));
  });
}

function lowerCased(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}
