import { once } from 'node:events';
import { createConnection, createServer } from 'node:net';
import { askAddress } from '../control.ts';

/** `flyctl proxy LOCAL[:REMOTE]`: forwards a local port to an app of the private network until it is ended. */
export async function proxy(socketPath: string, app: string, args: readonly string[]): Promise<void> {
  const [ports = '', host] = args;
  const [local = '', remote = local] = ports.split(':');
  const target = host ? (/([^.]+)\.(?:flycast|internal)$/.exec(host)?.[1] ?? host) : app;
  const port = await askAddress(socketPath, target, remote);
  if (port === undefined) throw Object.assign(new Error(`Could not find App "${target}"`), { code: 'APP' });
  const server = createServer((client) => {
    const upstream = createConnection({ host: '127.0.0.1', port });
    client.on('error', () => upstream.destroy()).pipe(upstream);
    upstream.on('error', () => client.destroy()).pipe(client);
  });
  server.listen(Number(local), '127.0.0.1');
  await once(server, 'listening');
  process.stdout.write(`Proxying local port ${local} to remote [${host ?? `${target}.internal`}]:${remote}\n`);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(127));
  await once(server, 'close');
}
