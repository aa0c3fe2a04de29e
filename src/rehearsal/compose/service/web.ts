import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse, request as send } from 'node:http';
import { join } from 'node:path';
import { say } from './release.ts';

/** nginx's place: the single-page application, `/healthz`, and a proxy to the API. It listens on IPv4 only. */
export async function startWeb(): Promise<void> {
  const page = await readFile(join(process.cwd(), 'web/index.html'), 'utf8');
  createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    if (pathname === '/healthz') response.writeHead(200, { 'content-type': 'text/plain' }).end('ok\n');
    else if (/^\/(api|media)\//.test(pathname)) forward(request, response);
    else response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(page);
  })
    .on('error', (error) => {
      say('ERROR', `nginx: [emerg] bind() to 0.0.0.0:8000 failed (98: Address in use): ${error.message}`);
      process.exit(1);
    })
    .listen(Number(process.env['TEJUN_PORT'] ?? 8000), '127.0.0.1', () => say('INFO', 'nginx: start worker processes'));
}

function forward(request: IncomingMessage, response: ServerResponse): void {
  const upstream = send({
    host: '127.0.0.1',
    port: Number(process.env['TEJUN_API_PORT']),
    method: request.method,
    path: request.url,
    headers: { ...request.headers, connection: 'close' },
    agent: false,
  });
  upstream.on('response', (answer) => {
    const { connection: _, ...headers } = answer.headers;
    response.writeHead(answer.statusCode ?? 502, headers);
    answer.pipe(response);
  });
  upstream.on('error', () => {
    say(
      'ERROR',
      `connect() failed (111: Connection refused) while connecting to upstream, request: "${request.method} ${request.url}", upstream: "http://api:8000"`,
    );
    response
      .writeHead(502, { 'content-type': 'text/html', server: 'nginx' })
      .end(
        '<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n<center><h1>502 Bad Gateway</h1></center>\r\n</body>\r\n</html>\r\n',
      );
  });
  request.pipe(upstream);
}
