import { timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { PassThrough } from 'node:stream';
import type { FlyRequest, Frame, ProgramRequest, Question, Reply, Request } from './control.ts';
import type { Call } from './fly/call.ts';
import { dispatch } from './fly/dispatch.ts';
import type { Fleet } from './fly/fleet.ts';
import type { StandIn } from './stand-in.ts';

/** What answers over the control socket. */
export interface Platforms {
  fleet: Fleet;
  /** By name; they join as they start. */
  others: ReadonlyMap<string, StandIn>;
}

/** Listens on `path` for the programs' stand-ins and for questions. A caller that hangs up aborts its call. */
export async function listenForControl(path: string, platforms: Platforms): Promise<Server> {
  const server = createServer((socket) => {
    const stdin = new PassThrough();
    const gone = new AbortController();
    let asked = false;
    socket.on('error', () => socket.destroy());
    socket.on('close', () => {
      gone.abort();
      stdin.end();
    });
    const lines = createInterface({ input: socket });
    // It passes the socket's errors on: a caller that is killed in the middle must not take the platform with it.
    lines.on('error', () => {});
    lines.on('line', (line) => {
      const message = parsed(line);
      if (message === undefined) socket.destroy();
      else if (!asked) {
        asked = true;
        void serve(platforms, message as Request, socket, stdin, gone.signal);
      } else if (stdin.writableEnded) return;
      else if ('end' in message) stdin.end();
      else stdin.write(Buffer.from((message as { stdin: string }).stdin, 'base64'));
    });
  });
  server.listen(path);
  await once(server, 'listening');
  return server;
}

/** A frame or a request; undefined for what is neither: nobody of ours said it. */
function parsed(line: string): Request | Frame | undefined {
  try {
    const message: unknown = JSON.parse(line);
    return typeof message === 'object' && message !== null ? (message as Request | Frame) : undefined;
  } catch {
    return undefined;
  }
}

async function serve(
  platforms: Platforms,
  request: Request,
  socket: Socket,
  stdin: PassThrough,
  signal: AbortSignal,
): Promise<void> {
  const reply = (message: Reply): void => {
    if (socket.writable) socket.write(`${JSON.stringify(message)}\n`);
  };
  if (request.kind !== 'fly' && request.kind !== 'program') {
    reply({ answer: answer(platforms, request) });
    return;
  }
  try {
    const exit =
      request.kind === 'fly'
        ? dispatch(platforms.fleet, callOf(request, stdin, signal, reply))
        : runProgram(platforms, request, stdin, signal, reply);
    reply({ exit: await exit });
  } catch (error) {
    // A bug of the rehearsal; flyctl's own exit code for a panic.
    reply({ err: `Oops, something went wrong in the rehearsal: ${(error as Error).stack}\n` });
    reply({ exit: 3 });
  }
}

async function runProgram(
  { others }: Platforms,
  { program, args, cwd, env }: ProgramRequest,
  stdin: PassThrough,
  signal: AbortSignal,
  reply: (reply: Reply) => void,
): Promise<number> {
  const run = [...others.values()].map(({ programs }) => programs?.[program]).find((found) => found !== undefined);
  if (!run) {
    reply({ err: `Error: this rehearsal does not act out ${program}\n` });
    return 1;
  }
  const base64 = (text: string | Uint8Array): string => Buffer.from(text as Uint8Array).toString('base64');
  const out = (text: string | Uint8Array): void => reply({ out64: base64(text) });
  const err = (text: string | Uint8Array): void => reply({ err64: base64(text) });
  return run({ program, args, cwd, env, stdin, signal, out, err });
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

function answer({ fleet, others }: Platforms, question: Question): unknown {
  switch (question.kind) {
    case 'ask':
      return others.get(question.platform)?.ask?.(question.question, question.given) ?? null;
    case 'effects':
      return fleet.effects.all();
    case 'secrets':
      return [
        ['FLY_API_TOKEN', fleet.token],
        ...[...fleet.apps.values()].flatMap((app) => [...app.secrets].map(([name, { value }]) => [name, value])),
        ...[...others.values()].flatMap(({ secrets }) => Object.entries(secrets ?? {})),
      ];
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
