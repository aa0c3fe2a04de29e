import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse, request as send } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Engine, hostsOf } from './engine.ts';
import { route } from './network.ts';

/** Name of the gateway's container: the proxy of another project, which the public name leads to. */
export const GATEWAY = 'gateway-app-1';

/** The public address: everything goes to `salon_gbp_web:8000` over the gateway's network. */
export async function openGateway(engine: Engine): Promise<{ origin: string; port: number; close(): void }> {
  const server = createServer((request, response) => forward(engine, request, response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    port,
    origin: `http://127.0.0.1:${port}`,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

function forward(engine: Engine, request: IncomingMessage, response: ServerResponse): void {
  const where = route(hostsOf(engine), GATEWAY, 'salon_gbp_web', 8000);
  const refuse = (): void => {
    request.resume();
    if (response.headersSent) response.destroy();
    else
      response.writeHead(502, { 'content-type': 'text/html', server: 'openresty' }).end('<h1>502 Bad Gateway</h1>\n');
  };
  if (typeof where === 'string') {
    refuse();
    return;
  }
  const { method, url } = request;
  const headers = { ...request.headers, connection: 'close' };
  const upstream = send({ host: '127.0.0.1', port: where.port, method, path: url, headers, agent: false });
  upstream.on('response', (answer) => {
    const { connection: _, ...kept } = answer.headers;
    response.writeHead(answer.statusCode ?? 502, kept);
    answer.pipe(response);
  });
  upstream.on('error', refuse);
  response.on('close', () => upstream.destroy());
  request.pipe(upstream);
}
