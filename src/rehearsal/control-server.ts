import { timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { PassThrough } from 'node:stream';
import type { FlyRequest, Frame, Question, Reply, Request } from './control.ts';
import type { Call } from './fly/call.ts';
import { dispatch } from './fly/dispatch.ts';
import type { Fleet } from './fly/fleet.ts';

/** Listens on `path` for flyctl's stand-in and for questions. A caller that hangs up aborts its call. */
export async function listenForControl(path: string, fleet: Fleet): Promise<Server> {
  const server = createServer((socket) => {
    const stdin = new PassThrough();
    const gone = new AbortController();
    let asked = false;
    socket.on('error', () => socket.destroy());
    socket.on('close', () => {
      gone.abort();
      stdin.end();
    });
    createInterface({ input: socket }).on('line', (line) => {
      if (asked) {
        const frame = JSON.parse(line) as Frame;
        if ('end' in frame) stdin.end();
        else stdin.write(Buffer.from(frame.stdin, 'base64'));
        return;
      }
      asked = true;
      void serve(fleet, JSON.parse(line) as Request, socket, stdin, gone.signal);
    });
  });
  server.listen(path);
  await once(server, 'listening');
  return server;
}

async function serve(
  fleet: Fleet,
  request: Request,
  socket: Socket,
  stdin: PassThrough,
  signal: AbortSignal,
): Promise<void> {
  const reply = (message: Reply): void => {
    if (socket.writable) socket.write(`${JSON.stringify(message)}\n`);
  };
  if (request.kind !== 'fly') {
    reply({ answer: answer(fleet, request) });
    return;
  }
  try {
    reply({ exit: await dispatch(fleet, callOf(request, stdin, signal, reply)) });
  } catch (error) {
    // A bug of the rehearsal; flyctl's own exit code for a panic.
    reply({ err: `Oops, something went wrong in the rehearsal: ${(error as Error).stack}\n` });
    reply({ exit: 3 });
  }
}

function callOf(request: FlyRequest, stdin: PassThrough, signal: AbortSignal, reply: (reply: Reply) => void): Call {
  const { command, program, flags, args, cwd, app, config, token, input } = request;
  return {
    command,
    program,
    flags,
    args,
    cwd,
    ...(app ? { app } : {}),
    ...(config ? { config } : {}),
    ...(token ? { token } : {}),
    ...(input === undefined ? {} : { input: Buffer.from(input, 'base64') }),
    stdin,
    signal,
    out: (text) => reply({ out: text }),
    err: (text) => reply({ err: text }),
  };
}

function answer(fleet: Fleet, question: Question): unknown {
  switch (question.kind) {
    case 'effects':
      return fleet.effects.all();
    case 'secret-equals': {
      const stored = Buffer.from(fleet.apps.get(question.app)?.secrets.get(question.name)?.value ?? '');
      const given = Buffer.from(question.value, 'base64');
      return stored.length === given.length && timingSafeEqual(stored, given);
    }
    case 'address': {
      const app = fleet.apps.get(question.app);
      if (app?.kind === 'postgres') return fleet.database.port;
      return app?.machines.find((machine) => machine.state === 'started')?.port ?? null;
    }
  }
}
