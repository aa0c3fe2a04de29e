import type { Socket } from 'node:net';

/** A line longer than this ends the connection: the other side is not tejun. */
const LONGEST_LINE = 16 * 1024 * 1024;

/** Writes one value as a JSON line. */
export function writeLine(socket: Socket, value: unknown): void {
  if (!socket.destroyed && socket.writable) socket.write(`${JSON.stringify(value)}\n`);
}

/** Calls `listener` with each JSON line that arrives; a line that is not JSON, or too long, destroys the socket. */
export function readLines(socket: Socket, listener: (value: unknown) => void): void {
  let pending = '';
  socket.setEncoding('utf8');
  socket.on('data', (chunk: string) => {
    pending += chunk;
    for (let end = pending.indexOf('\n'); end >= 0; end = pending.indexOf('\n')) {
      const line = pending.slice(0, end);
      pending = pending.slice(end + 1);
      let value: unknown;
      try {
        value = JSON.parse(line);
      } catch {
        socket.destroy();
        return;
      }
      listener(value);
    }
    if (pending.length > LONGEST_LINE) socket.destroy();
  });
}
