import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type pg from 'pg';
import { ConfigError, openPool, traceback } from './database.ts';
import { type Page, type Visit, visit } from './pages.ts';
import type { Release } from './release.ts';

const BODY_LIMIT = 64 * 1024;
const DRAIN_MS = 2000;

/** Serves a release until it is told to stop. Exits 1 when it cannot start, and says why in its log. */
export async function serve(release: Release): Promise<void> {
  leash();
  const { SECRET_KEY: key, PORT: port = '10000' } = process.env;
  let pool: pg.Pool;
  try {
    if (release.missingModule !== undefined) throw new ConfigError(`No module named '${release.missingModule}'`);
    if (!key) throw new ConfigError('SECRET_KEY is required');
    pool = openPool(process.env);
  } catch (error) {
    const name = release.missingModule === undefined ? 'RuntimeError' : 'ModuleNotFoundError';
    say(
      `Traceback (most recent call last):\n  File "/opt/render/project/src/app.py", line 1, in <module>\n${name}: ${(error as Error).message}`,
    );
    process.exit(1);
  }
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://localhost').pathname;
    answer(request, { release, pool, key })
      .catch((error: Error) => broken(error, path))
      .then(
        (page) => send(response, page),
        () => response.destroy(),
      );
  });
  server.on('error', (error) => {
    say(`ERROR cannot listen: ${error.message}`);
    process.exit(1);
  });
  server.listen(Number(port), '127.0.0.1', () => say(`INFO catalogue ${release.version} listening on port ${port}`));
  const stop = (): void => {
    const end = () => void pool.end().finally(() => process.exit(0));
    server.close(end);
    server.closeIdleConnections();
    setTimeout(() => process.exit(0), DRAIN_MS).unref();
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, stop);
}

async function answer(
  request: IncomingMessage,
  { release, pool, key }: { release: Release; pool: pg.Pool; key: string },
): Promise<Page> {
  const url = new URL(request.url ?? '/', 'http://localhost');
  const given: Visit = {
    method: request.method === 'HEAD' ? 'GET' : (request.method ?? 'GET'),
    path: url.pathname,
    query: url.searchParams,
    form: new URLSearchParams(request.method === 'POST' ? await readBody(request) : ''),
    cookies: request.headers.cookie,
    release,
    pool,
    key,
    log: say,
  };
  return visit(given);
}

/** The error page: an id for the operator, and under the same id the exception in the log. */
function broken(error: Error, path: string): Page {
  const id = randomBytes(4).toString('hex');
  say(`ERROR in app: Unhandled exception error_id=${id} path=${path}\n${traceback(error, 'app.py')}`);
  return { status: 500, html: `<h1>エラーが発生しました</h1><p>エラーID: ${id}</p>` };
}

function send(response: ServerResponse, { status, html, json, location, cookie }: Page): void {
  const body = Buffer.from(
    json === undefined ? `<!doctype html><meta charset="utf-8">${html ?? ''}\n` : JSON.stringify(json),
  );
  response.writeHead(status, {
    'content-type': json === undefined ? 'text/html; charset=utf-8' : 'application/json',
    'content-length': body.length,
    ...(location === undefined ? {} : { location }),
    ...(cookie === undefined ? {} : { 'set-cookie': cookie }),
  });
  response.end(body);
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

/** Ends with the platform: it holds the other end of standard input, however it dies. */
function leash(): void {
  process.stdin.on('end', () => process.exit(0)).on('error', () => process.exit(0));
  process.stdin.resume();
}

/** Several lines are written at once, so that a traceback stays together. */
function say(text: string): void {
  process.stdout.write(`${text}\n`);
}
