/**
 * The rehearsal's sample service: a small booking API with a real schema in a real PostgreSQL. A release of it is a
 * directory with `release.json` (what it is, what it needs), `alembic/` and `main.mjs`, which calls `start`.
 */
import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { type Clock, clockFor } from './clock.ts';
import { type Config, ConfigError, readConfig } from './config.ts';
import { readFrontConfig, startFront } from './front.ts';
import { reserveAsGuest } from './guest-reservations.ts';
import { health } from './health.ts';
import { createMetrics, type Metrics } from './metrics.ts';
import { migrate } from './migrate.ts';
import { listAccommodations, reserve } from './reservations.ts';
import { type Answer, respond } from './respond.ts';
import { showShop } from './shops.ts';

/** What `release.json` says. */
interface Release {
  version: string;
  /** Secrets without which it does not start. */
  requires: readonly string[];
  /** Tables that its code reads. */
  tables: readonly string[];
}

interface Service {
  release: Release;
  config: Config;
  pool: pg.Pool;
  metrics: Metrics;
  clock: Clock;
  /** The last answer of the health check, so that the log has a line when it changes and not one each second. */
  healthy: boolean;
}

const BODY_LIMIT = 64 * 1024;
/** Open requests get so long to end before the process does; flyctl's default `kill_timeout` is five seconds. */
const DRAIN_MS = 3000;

/** Runs the release in `directory` until it is told to stop. Exits 1 when it cannot start, and says why in its log. */
export async function start(directory: URL): Promise<void> {
  leash();
  try {
    const release = JSON.parse(await readFile(new URL('release.json', directory), 'utf8')) as Release;
    say('INFO', `booking ${release.version} starting`);
    if (process.env['ROLE'] === 'front') {
      front(release);
      return;
    }
    const config = readConfig(process.env, release.requires);
    const pool = new pg.Pool({
      connectionString: config.database,
      // As libpq's `sslmode=require`: encrypted, whoever signed the certificate.
      ...(config.tls ? { ssl: { rejectUnauthorized: false } } : {}),
      max: 5,
      connectionTimeoutMillis: 3000,
    });
    pool.on('error', (error) => say('ERROR', `database connection lost: ${error.message}`));
    if (config.migrates) await migrate(fileURLToPath(directory), config.database, (line) => say('INFO', line));
    const clock = clockFor(config.clock);
    const service: Service = { release, config, pool, metrics: createMetrics(), clock, healthy: true };
    const server = createServer((request, response) => {
      const started = performance.now();
      if (clock.moved) response.setHeader('date', clock.now().toUTCString());
      route(service, request).then(
        ({ answer, pattern }) => {
          if (typeof answer === 'string') response.end(answer);
          else respond(response, answer);
          const seconds = (performance.now() - started) / 1000;
          const status = typeof answer === 'string' ? 200 : answer.status;
          service.metrics.observe(request.method ?? '', pattern, status, seconds);
        },
        (error: Error) => {
          say('ERROR', `${request.method} failed: ${error.message}`);
          respond(response, { status: 500, body: { detail: 'internal error' } });
        },
      );
    });
    server.on('error', (error) => {
      say('ERROR', `cannot listen: ${error.message}`);
      process.exit(1);
    });
    server.listen(config.port, '127.0.0.1', () => say('INFO', `listening on port ${config.port}`));
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      process.once(signal, () => stop(signal, server, () => pool.end()));
    }
  } catch (error) {
    const why = error instanceof ConfigError ? error.message : `cannot start: ${(error as Error).message}`;
    for (const line of why.split('\n').filter((one) => one !== '')) say('ERROR', line);
    process.exit(1);
  }
}

/** @throws ConfigError for variables that are missing */
function front(release: Release): void {
  const config = readFrontConfig(process.env);
  if ('missing' in config) {
    throw new ConfigError(`missing required environment variables: ${config.missing.join(', ')}`);
  }
  const server = startFront(config, release, say);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop(signal, server, async () => {}));
}

async function route(
  service: Service,
  request: IncomingMessage,
): Promise<{ pattern: string; answer: Answer | string }> {
  const { pool, config, release, metrics, clock } = service;
  const pattern = new URL(request.url ?? '/', 'http://localhost').pathname;
  const subjects = { pool, tables: release.tables, ...(config.redis ? { redis: config.redis } : {}) };
  const shop = /^\/api\/v1\/shops\/([\w-]+)$/.exec(pattern)?.[1];
  if (shop !== undefined && request.method === 'GET') {
    return { pattern: '/api/v1/shops/{id}', answer: await showShop(pool, shop, clock) };
  }
  switch (`${request.method === 'HEAD' ? 'GET' : request.method} ${pattern}`) {
    case 'GET /':
      return { pattern, answer: { status: 200, body: { service: 'booking', version: release.version } } };
    case 'GET /healthz':
    case 'GET /api/v1/healthz':
      return { pattern, answer: noteHealth(service, await health(subjects)) };
    case 'GET /api/v1/readyz':
      return { pattern, answer: { status: 200, body: { status: 'ready', version: release.version } } };
    case 'GET /metrics':
      return { pattern, answer: metrics.text() };
    case 'GET /api/v1/accommodations':
      return { pattern, answer: await listAccommodations(pool) };
    case 'POST /api/v1/reservations': {
      const answer = await reserve(pool, await readBody(request));
      if (answer.status === 409) metrics.overlap();
      return { pattern, answer };
    }
    case 'POST /api/guest/reservations':
      return { pattern, answer: await reserveAsGuest(pool, await readBody(request), clock) };
    default:
      return { pattern: 'other', answer: { status: 404, body: { detail: 'not found' } } };
  }
}

function noteHealth(service: Service, answer: Answer): Answer {
  const healthy = answer.status === 200;
  if (healthy !== service.healthy) {
    say(healthy ? 'INFO' : 'ERROR', `health check: ${JSON.stringify(answer.body)}`);
    service.healthy = healthy;
  }
  return answer;
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += (chunk as Buffer).length;
    if (size > BODY_LIMIT) throw new Error('the body is too large');
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function stop(signal: string, server: Server, close: () => Promise<void>): void {
  say('INFO', `${signal}: stopping`);
  const end = () => void close().finally(() => process.exit(0));
  server.close(end);
  server.closeIdleConnections();
  setTimeout(() => process.exit(0), DRAIN_MS).unref();
}

/** Ends with the platform: it holds the other end of standard input, however it dies. */
function leash(): void {
  process.stdin.on('end', () => process.exit(0)).on('error', () => process.exit(0));
  process.stdin.resume();
}

/** One line for `flyctl logs`. Never given a secret: configuration errors name variables, not values. */
function say(level: 'INFO' | 'ERROR', message: string): void {
  process.stdout.write(`${level} ${message}\n`);
}
