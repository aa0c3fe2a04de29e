import { createReadStream, existsSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { join, normalize } from 'node:path';
import pg from 'pg';
import { askRedis } from '../broker.ts';
import { brokerAddress, demand, plainDatabaseUrl, type Release, readRelease, say } from './release.ts';

/** FastAPI's place: `/api/health` asks the database and Redis; `/media/…` has the files of the volume. */
export async function startApi(): Promise<void> {
  const release = await readRelease();
  demand(release);
  const pool = new pg.Pool({ connectionString: plainDatabaseUrl(), max: 4, connectionTimeoutMillis: 3000 });
  pool.on('error', (error) => say('ERROR', `database connection lost: ${error.message}`));
  await pool.query('select 1').catch((error: Error) => {
    say(
      'ERROR',
      `sqlalchemy.exc.OperationalError: connection to server at "db", port 5432 failed: FATAL:  ${error.message}`,
    );
    say('ERROR', 'Application startup failed. Exiting.');
    process.exit(1);
  });
  const port = Number(process.env['TEJUN_PORT'] ?? 8000);
  createServer((request, response) => void answer(release, pool, request, response))
    .on('error', (error) => {
      say('ERROR', `[Errno 98] error while attempting to bind on address: ${error.message}`);
      process.exit(1);
    })
    .listen(port, '127.0.0.1', () => {
      say('INFO', `salon-gbp ${release.version} started`);
      say('INFO', 'Uvicorn running on http://0.0.0.0:8000 (Press CTRL+C to quit)');
    });
}

async function answer(
  release: Release,
  pool: pg.Pool,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { pathname } = new URL(request.url ?? '/', 'http://localhost');
  if (pathname === '/api/health') {
    const checks = await health(release, pool);
    const well = Object.values(checks).every((check) => check === 'ok');
    if (!well) say('ERROR', `health: ${JSON.stringify(checks)}`);
    return json(response, well ? 200 : 503, { status: well ? 'ok' : 'unhealthy', version: release.version, checks });
  }
  if (pathname.startsWith('/media/')) return media(pathname, response);
  say('INFO', `"${request.method} ${pathname} HTTP/1.1" 404 Not Found`);
  return json(response, 404, { detail: 'Not Found' });
}

async function health({ tables }: Release, pool: pg.Pool): Promise<Record<string, string>> {
  const database = async (): Promise<void> => {
    const found = await pool.query<{ name: string; there: boolean }>(
      'select name, to_regclass(name) is not null as there from unnest($1::text[]) as name',
      [tables],
    );
    const missing = found.rows.find(({ there }) => !there);
    if (missing) throw new Error(`relation "${missing.name}" does not exist`);
  };
  const redis = async (): Promise<void> => {
    const { port, password } = brokerAddress();
    const said = await askRedis(port, password, ['PING']);
    if ('error' in said) throw new Error(said.error);
  };
  return { database: await outcome(database), redis: await outcome(redis) };
}

async function outcome(check: () => Promise<void>): Promise<string> {
  return check().then(
    () => 'ok',
    (error: Error) => error.message || 'failed',
  );
}

function media(pathname: string, response: ServerResponse): void {
  const root = join(process.env['TEJUN_ROOT'] ?? '', 'data/media');
  const file = join(root, normalize(pathname.slice('/media/'.length)));
  if (file.startsWith(`${root}/`) && existsSync(file)) {
    response.writeHead(200, { 'content-type': 'image/jpeg' });
    createReadStream(file).pipe(response);
  } else json(response, 404, { detail: 'Not Found' });
}

function json(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(`${JSON.stringify(body)}\n`);
}
