/**
 * What is said over the platform's control socket, as JSON lines. The stand-in of flyctl calls it as the real flyctl
 * calls Fly's API; tests ask it what was really done.
 */
import { createConnection, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
import type { Json } from '../journal/records.ts';
import type { Effect } from './effects.ts';

/** Environment variable with the path of the control socket; it is in a rehearsal's `Site.env`. */
export const SOCKET_VARIABLE = 'TEJUN_REHEARSAL_SOCKET';

/** A call of flyctl as data; see `Call`. `input` is base64. */
export interface FlyRequest {
  kind: 'fly';
  command: string;
  program: string;
  flags: Record<string, readonly string[]>;
  args: readonly string[];
  cwd: string;
  app?: string;
  config?: { path: string; text: string };
  token?: string;
  input?: string;
}

/** A call of a program of one of the platforms; see `ProgramCall`. */
export interface ProgramRequest {
  kind: 'program';
  program: string;
  args: readonly string[];
  cwd: string;
  env: Readonly<Record<string, string>>;
}

export type Question =
  | { kind: 'effects' }
  /** Whether the platform holds exactly these bytes (base64) as this secret. */
  | { kind: 'secret-equals'; app: string; name: string; value: string }
  /** Every secret that the platform holds or gave out, so that a test can look for where they must not be. */
  | { kind: 'secrets' }
  /** Address of what an app listens on in the private network. */
  | { kind: 'address'; app: string; port: string }
  /** A platform's own question; see `StandIn.ask`. */
  | { kind: 'ask'; platform: string; question: string; given: Json };

export type Request = FlyRequest | ProgramRequest | Question;

/** Of the caller, after its request: standard input as it comes. */
export type Frame = { stdin: string } | { end: true };

/** Of the platform. A question has one `answer`; a call of flyctl has text, and `exit` at last. */
export type Reply =
  | { out: string }
  | { err: string }
  /** Bytes as base64: programs print more than text. */
  | { out64: string }
  | { err64: string }
  | { exit: number }
  | { answer: unknown };

/** Connects to the platform and sends a request; `reply` is called for each reply, `gone` once when it hangs up. */
export function connect(
  socketPath: string,
  request: Request,
  reply: (reply: Reply) => void,
  gone: (error?: Error) => void,
): Socket {
  const socket = createConnection(socketPath);
  // Queued until the socket is connected: whatever the caller writes comes after its request.
  socket.write(`${JSON.stringify(request)}\n`);
  socket.on('error', gone);
  createInterface({ input: socket })
    .on('line', (line) => reply(JSON.parse(line) as Reply))
    // The interface passes the socket's error on, which `gone` has heard of.
    .on('error', () => {})
    .on('close', () => gone());
  return socket;
}

/** Asks the platform and gives its answer. */
function ask(socketPath: string, question: Question): Promise<unknown> {
  const { promise, resolve, reject } = Promise.withResolvers<unknown>();
  const socket = connect(
    socketPath,
    question,
    (reply) => {
      if ('answer' in reply) resolve(reply.answer);
      socket.end();
    },
    (error) => reject(error ?? new Error('the platform hung up')),
  );
  return promise;
}

/** Everything that the platform did so far. */
export async function askEffects(socketPath: string): Promise<readonly Effect[]> {
  return (await ask(socketPath, { kind: 'effects' })) as readonly Effect[];
}

/** Whether the platform holds exactly `bytes` as the secret `name` of `app`. */
export async function askSecretEquals(socketPath: string, app: string, name: string, bytes: Buffer): Promise<boolean> {
  return (await ask(socketPath, { kind: 'secret-equals', app, name, value: bytes.toString('base64') })) === true;
}

/** Every secret that the platform holds or gave out, by name; two apps may hold another value under the same one. */
export async function askSecrets(socketPath: string): Promise<readonly (readonly [name: string, value: string])[]> {
  return (await ask(socketPath, { kind: 'secrets' })) as readonly (readonly [string, string])[];
}

/** Port of 127.0.0.1 on which `app`'s private `port` can be reached; undefined when there is nothing. */
export async function askAddress(socketPath: string, app: string, port: string): Promise<number | undefined> {
  const found = await ask(socketPath, { kind: 'address', app, port });
  return typeof found === 'number' ? found : undefined;
}

/** Asks a platform its own question (`StandIn.ask`). */
export async function askPlatform(
  socketPath: string,
  platform: string,
  question: string,
  given: Json = null,
): Promise<Json> {
  return (await ask(socketPath, { kind: 'ask', platform, question, given })) as Json;
}
