#!/usr/bin/env node
/**
 * The rehearsal's stand-in for flyctl. It reads its arguments as the real one does, refuses what the real one refuses,
 * and hands the rest to the rehearsal's platform. Started as `cli --as NAME ARGUMENTS…` by a script of that name.
 */
import { readFileSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { parseToml, TomlError, textAt } from '../../toml.ts';
import { connect, type FlyRequest, SOCKET_VARIABLE } from '../control.ts';
import { helpText } from './help.ts';
import { type Invocation, parseArgv } from './parse.ts';
import { proxy } from './proxy.ts';

/** Says what flyctl says, and ends with its exit code. */
class Refusal extends Error {}

const words = process.argv.slice(2);
const program = words[0] === '--as' ? (words[1] ?? 'flyctl') : 'flyctl';
const argv = words[0] === '--as' ? words.slice(2) : words;

const parsed = parseArgv(argv, program);
if ('notice' in parsed && parsed.notice) process.stderr.write(parsed.notice);
if (parsed.kind === 'refused') {
  if (parsed.stdout) process.stdout.write(parsed.stdout);
  fail(parsed.message);
} else if (parsed.kind === 'help') process.stdout.write(helpText(parsed.command, program));
else {
  const invocation =
    parsed.kind === 'version'
      ? parseArgv(['version'], program)
      : { kind: 'run' as const, invocation: parsed.invocation };
  if (invocation.kind === 'run') await run(invocation.invocation);
}

async function run({ command, flags, args }: Invocation): Promise<void> {
  try {
    const { env } = process;
    const token =
      flags.get('access-token')?.at(-1) ?? env['FLY_ACCESS_TOKEN'] ?? env['FLY_API_TOKEN'] ?? savedLogin(env);
    if (command.needsLogin && !token) {
      throw new Refusal("no access token available. Please login with 'flyctl auth login'");
    }
    const config = readConfigFile(flags.get('config')?.at(-1));
    const app = flags.get('app')?.at(-1) ?? env['FLY_APP'] ?? (config ? appOf(config.text) : undefined);
    if (command.needsApp && !app) {
      throw new Refusal(
        'the config for your app is missing an app name, add an app field to the fly.toml file or specify with the -a flag',
      );
    }
    const socketPath = env[SOCKET_VARIABLE];
    if (!socketPath) throw new Refusal('this is the stand-in of a tejun rehearsal; it works only inside of one');
    if (command.path === 'proxy') {
      await proxy(socketPath, app ?? '', args);
      return;
    }
    const readsInput =
      command.path === 'secrets import' ||
      (command.path === 'secrets set' && args.some((arg) => /^[^=]*=-$/.test(arg)));
    const input = readsInput && !process.stdin.isTTY ? await buffer(process.stdin) : undefined;
    await call(socketPath, {
      kind: 'fly',
      command: command.path,
      program,
      flags: withEnvironment(Object.fromEntries(flags), env),
      args,
      cwd: process.cwd(),
      ...(app ? { app } : {}),
      ...(config ? { config } : {}),
      ...(token ? { token } : {}),
      ...(input ? { input: input.toString('base64') } : {}),
    });
  } catch (error) {
    if (!(error instanceof Refusal) && !(error instanceof Error && 'code' in error)) throw error;
    fail(error.message);
  }
}

/** The login that `flyctl auth login` saved; what is in the environment goes before it. */
function savedLogin({ HOME }: NodeJS.ProcessEnv): string | undefined {
  const path = resolve(HOME ?? '.', '.fly/config.yml');
  if (!statSync(path, { throwIfNoEntry: false })) return undefined;
  return /^access_token: (\S+)$/m.exec(readFileSync(path, 'utf8'))?.[1];
}

/** Flags that flyctl also reads from its environment. */
function withEnvironment(flags: FlyRequest['flags'], env: NodeJS.ProcessEnv): FlyRequest['flags'] {
  const org = env['FLY_ORG'] ?? env['FLY_ORGANIZATION'];
  return {
    ...(org ? { org: [org] } : {}),
    ...(env['FLY_REGION'] ? { region: [env['FLY_REGION']] } : {}),
    ...(/^(1|t|true)$/i.test(env['FLY_JSON'] ?? '') ? { json: ['true'] } : {}),
    ...flags,
  };
}

/** Sends the call and prints what comes back. Ends with the exit code that the platform gives. */
async function call(socketPath: string, request: FlyRequest): Promise<void> {
  const { promise, resolve: done } = Promise.withResolvers<number>();
  const socket = connect(
    socketPath,
    request,
    (reply) => {
      if ('out' in reply) process.stdout.write(reply.out);
      else if ('err' in reply) process.stderr.write(reply.err);
      else if ('exit' in reply) done(reply.exit);
    },
    () => {
      process.stderr.write('Error: the rehearsal has ended\n');
      done(1);
    },
  );
  if (request.command === 'ssh console' && !process.stdin.isTTY) {
    process.stdin
      .on('data', (chunk: Buffer) => socket.write(`${JSON.stringify({ stdin: chunk.toString('base64') })}\n`))
      .on('end', () => socket.write(`${JSON.stringify({ end: true })}\n`));
  }
  // Whoever interrupts flyctl interrupts its deploy: the platform sees the connection close.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(127));
  process.exitCode = await promise;
  process.stdin.destroy();
  socket.destroy();
}

/** The file of `-c`, else `fly.toml` here; undefined when there is none here. */
function readConfigFile(given: string | undefined): { path: string; text: string } | undefined {
  const candidates = given ? [given, `${given}/fly.toml`] : ['fly.toml'];
  for (const candidate of candidates) {
    const path = resolve(candidate);
    if (statSync(path, { throwIfNoEntry: false })?.isFile()) return { path, text: readFileSync(path, 'utf8') };
  }
  if (!given) return undefined;
  throw new Refusal(`config file not found at specified path: ${given} (also tried: ${given}/fly.toml)`);
}

function appOf(text: string): string | undefined {
  try {
    return textAt(parseToml(text), 'app');
  } catch (error) {
    if (error instanceof TomlError) return undefined;
    throw error;
  }
}

function fail(message: string): void {
  process.stderr.write(`Error: ${message}\n`);
  process.exitCode = 1;
}
