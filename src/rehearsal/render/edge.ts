import { once } from 'node:events';
import { Agent, createServer, type Server, request as send } from 'node:http';
import type { AddressInfo } from 'node:net';
import { addLog } from './log-store.ts';
import type { Service, Workspace } from './model.ts';

/** A connection that an instance is about to close must not be used again. */
const agent = new Agent({ keepAlive: false });

/** The public address of a service: a port of this machine that leads to what serves. 502 when nothing does, as on Render. */
export async function openEdge(workspace: Workspace, service: Service): Promise<{ origin: string; server: Server }> {
  const server = createServer((request, response) => {
    const { method, url, headers } = request;
    response.on('finish', () =>
      addLog(workspace, service.id, 'request', `${method} ${url} responseStatus=${response.statusCode}`),
    );
    const instance = service.instance;
    if (!instance) {
      request.resume();
      response.writeHead(502, { 'content-type': 'text/plain', 'x-render-routing': 'no-server' }).end('Bad Gateway\n');
      return;
    }
    const upstream = send({
      host: '127.0.0.1',
      port: instance.port,
      method,
      path: url,
      headers: { ...headers, connection: 'close' },
      agent,
    });
    upstream.on('response', (answer) => {
      const { connection: _, ...kept } = answer.headers;
      response.writeHead(answer.statusCode ?? 502, kept);
      answer.pipe(response);
    });
    upstream.on('error', () => {
      if (response.headersSent) response.destroy();
      else response.writeHead(502).end();
    });
    request.pipe(upstream);
    response.on('close', () => upstream.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, server };
}
