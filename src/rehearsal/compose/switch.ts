import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createConnection, createServer, type Server, type Socket } from 'node:net';

/** A port that leads to another one while it is on, and refuses while it is off, as a stopped container's does. */
export interface Switch {
  port: number;
  on(): Promise<void>;
  /** Cuts what is connected. */
  off(): Promise<void>;
}

/** Chooses a free port of 127.0.0.1, and is on. */
export async function createSwitch(target: number): Promise<Switch> {
  const sockets = new Set<Socket>();
  const keep = (socket: Socket): Socket => {
    sockets.add(socket);
    return socket.on('close', () => sockets.delete(socket)).on('error', () => socket.destroy());
  };
  let server: Server | undefined;
  let port = 0;
  const on = async (): Promise<void> => {
    if (server) return;
    server = createServer((client) => {
      const upstream = keep(createConnection({ host: '127.0.0.1', port: target }));
      keep(client).pipe(upstream).pipe(client);
      client.on('close', () => upstream.destroy());
    });
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    port = (server.address() as AddressInfo).port;
  };
  await on();
  return {
    get port() {
      return port;
    },
    on,
    async off() {
      const closing = server;
      server = undefined;
      if (!closing) return;
      for (const socket of sockets) socket.destroy();
      const closed = once(closing, 'close');
      closing.close();
      await closed;
    },
  };
}
