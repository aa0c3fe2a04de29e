/** A compute endpoint: an address that stays while the server behind it changes, and that speaks TLS only. */
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { createSecureContext, TLSSocket } from 'node:tls';
import type { Certificate } from './certificate.ts';

export interface Endpoint {
  id: string;
  port: number;
  /** Port of the server behind it. */
  target: number;
  /** Ends every connection, as a compute that is restarted does. */
  drop(): void;
  stop(): Promise<void>;
}

// The first eight bytes of a connection (PostgreSQL's manual, "Message Formats").
const SSL_REQUEST = 80_877_103;
const GSS_REQUEST = 80_877_104;
const CANCEL_REQUEST = 80_877_102;

/** Neon's own words: proxy/src/proxy.rs, ERR_INSECURE_CONNECTION. */
const INSECURE = 'connection is insecure (try using `sslmode=require`)';

/** Opens one on a free port of 127.0.0.1. */
export async function openEndpoint(id: string, target: number, certificate: Certificate): Promise<Endpoint> {
  const secureContext = createSecureContext(certificate);
  const open = new Set<Socket>();
  const endpoint: Pick<Endpoint, 'target'> = { target };
  const server = createServer((socket) => {
    open.add(socket);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => open.delete(socket));
    greet(socket, (kind) => {
      if (kind === 'tls') {
        socket.write('S');
        const inside = new TLSSocket(socket, { isServer: true, secureContext });
        inside.on('error', () => socket.destroy());
        join(inside, endpoint.target);
      } else if (kind === 'cancel') join(socket, endpoint.target);
      else socket.end(errorResponse(INSECURE));
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const drop = (): void => {
    for (const socket of open) socket.destroy();
  };
  return Object.assign(endpoint, {
    id,
    port: (server.address() as AddressInfo).port,
    drop,
    async stop() {
      const closed = once(server, 'close');
      server.close();
      drop();
      await closed;
    },
  });
}

/** Reads what a client wants to begin with; what was read of plain connections is put back. */
function greet(socket: Socket, then: (kind: 'tls' | 'cancel' | 'plain') => void): void {
  const look = (): void => {
    const head = socket.read(8) as Buffer | null;
    if (head === null) {
      socket.once('readable', look);
      return;
    }
    const code = head.readInt32BE(4);
    if (code === GSS_REQUEST) {
      socket.write('N');
      socket.once('readable', look);
    } else if (code === SSL_REQUEST) then('tls');
    else {
      socket.unshift(head);
      then(code === CANCEL_REQUEST ? 'cancel' : 'plain');
    }
  };
  socket.once('readable', look);
}

function join(client: Socket, port: number): void {
  const server = connect({ host: '127.0.0.1', port });
  server.on('error', () => client.destroy());
  server.on('close', () => client.destroy());
  client.on('close', () => server.destroy());
  client.pipe(server);
  server.pipe(client);
}

function errorResponse(message: string): Buffer {
  const fields = Buffer.from(`SERROR\0C08P01\0M${message}\0\0`);
  const head = Buffer.alloc(5);
  head.write('E');
  head.writeInt32BE(fields.length + 4, 1);
  return Buffer.concat([head, fields]);
}
