import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createLimiter } from './limits.ts';
import type { Workspace } from './model.ts';
import { Refusal } from './reading.ts';
import { answer } from './routes.ts';

const BASE = '/v1';
const BODY_LIMIT = 256 * 1024;

/** Opens Render's API on a port of this machine. Gives its base, `http://127.0.0.1:PORT/v1`. */
export async function openApi(workspace: Workspace): Promise<{ base: string; server: Server }> {
  const limiter = createLimiter();
  const server = createServer((request, response) => {
    void respond(workspace, limiter, request).then(({ status, json, headers }) => {
      response.writeHead(status, { 'content-type': 'application/json', ...headers });
      response.end(json === undefined ? '' : JSON.stringify(json));
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { base: `http://127.0.0.1:${(server.address() as AddressInfo).port}${BASE}`, server };
}

async function respond(
  workspace: Workspace,
  limiter: ReturnType<typeof createLimiter>,
  request: IncomingMessage,
): Promise<{ status: number; json?: unknown; headers?: Record<string, string> }> {
  const method = request.method ?? 'GET';
  const url = new URL(request.url ?? '/', 'http://localhost');
  const path = url.pathname.startsWith(`${BASE}/`) ? url.pathname.slice(BASE.length) : '';
  const body = await readAll(request);
  if (request.headers.authorization !== `Bearer ${workspace.key}`) return refusal(401, 'Unauthorized');
  const { refused, headers } = limiter(method, path);
  if (refused) return { ...refusal(429, 'rate limit exceeded'), headers };
  const wanted = workspace.refusals.shift();
  if (wanted) return { ...refusal(wanted.status, 'as the test wants it'), headers: { ...headers, ...wanted.headers } };
  try {
    return { ...answer(workspace, { method, path, query: url.searchParams, body }), headers };
  } catch (error) {
    if (error instanceof Refusal) return { ...refusal(error.status, error.message), headers };
    return { ...refusal(500, (error as Error).message), headers };
  }
}

function refusal(status: number, message: string): { status: number; json: { id: string; message: string } } {
  return { status, json: { id: '', message } };
}

async function readAll(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += (chunk as Buffer).length;
    if (size <= BODY_LIMIT) chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks).toString('utf8');
}
