import { chmod, rm } from 'node:fs/promises';
import { createConnection, createServer, type Server, type Socket } from 'node:net';
import { EXIT, Problem } from '../problem.ts';
import { readLines, writeLine } from './json-lines.ts';
import { Mailbox } from './mailbox.ts';
import type { EngineEnd, EngineMessage, Intent, ScreenEnd, Visitor } from './messages.ts';

/**
 * Listens for screens on a Unix socket of mode 0600.
 * @param onAttach is given the engine's end of each screen that has said who it is.
 * @returns what closes the socket and removes its file.
 */
export async function listenForScreens(path: string, onAttach: (end: EngineEnd) => void): Promise<() => Promise<void>> {
  await rm(path, { force: true });
  const open = new Set<Socket>();
  const server: Server = createServer((socket) => {
    open.add(socket);
    socket.on('close', () => open.delete(socket));
    // A screen that vanishes in mid-write (EPIPE, ECONNRESET) is a closed screen, nothing more.
    socket.on('error', () => socket.destroy());
    welcome(socket, onAttach);
  });
  // The umask makes the socket private from its first instant; chmod alone would leave a moment.
  const umask = process.umask(0o177);
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(path, resolve);
    });
  } finally {
    process.umask(umask);
  }
  await chmod(path, 0o600);
  return async () => {
    const ended = new Promise<void>((resolve) => server.close(() => resolve()));
    for (const socket of open) socket.end();
    const slow = setTimeout(() => {
      for (const socket of open) socket.destroy();
    }, 1000);
    await ended;
    clearTimeout(slow);
    await rm(path, { force: true });
  };
}

/** Attaches to the engine that listens at `path`; rejects with a `Problem` when none does. */
export async function attachScreen(path: string, visitor: Visitor): Promise<ScreenEnd> {
  const socket = createConnection(path);
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('error', (cause) =>
      reject(
        new Problem(
          {
            code: 'engine-gone',
            what: 'No engine answers for this run.',
            means: 'It has ended, or its host was restarted. Its journal is kept.',
            next: ['tejun runs lists the runs and where their journals are'],
          },
          EXIT.suspended,
          { cause },
        ),
      ),
    );
  });
  socket.on('error', () => socket.destroy());
  const mailbox = new Mailbox<EngineMessage>();
  readLines(socket, (value) => mailbox.put(value as EngineMessage));
  writeLine(socket, visitor);
  return {
    send: (intent: Intent) => writeLine(socket, intent),
    onMessage: (listener) => mailbox.listen(listener),
    onClose: (listener) => socket.on('close', () => queueMicrotask(listener)),
    close: () => socket.end(),
  };
}

/** The first line says who comes; what follows are intents. */
function welcome(socket: Socket, onAttach: (end: EngineEnd) => void): void {
  const mailbox = new Mailbox<Intent>();
  let greeted = false;
  readLines(socket, (value) => {
    if (greeted) return mailbox.put(value as Intent);
    if (!isVisitor(value)) return socket.destroy();
    greeted = true;
    onAttach({
      visitor: value,
      send: (message) => writeLine(socket, message),
      onIntent: (listener) => mailbox.listen(listener),
      onClose: (listener) => socket.on('close', () => queueMicrotask(listener)),
      close: () => socket.end(),
    });
  });
}

function isVisitor(value: unknown): value is Visitor {
  const { role, person } = (value ?? {}) as Partial<Visitor>;
  return (role === 'operator' || role === 'watcher') && typeof person?.name === 'string';
}
