import { closeSync, fstatSync, openSync, readFileSync } from 'node:fs';
import { parse as parseDotenv } from 'dotenv';
import type { Exec, FindSecret } from '../exec/command.ts';
import type { SecretSource } from '../journal/records.ts';
import { EXIT, Problem } from '../problem.ts';
import type { ProblemCode } from '../problem-codes.ts';
import type { NamedOrigin, Origin } from './origin.ts';
import { Secret } from './secret.ts';

/** A secret as it was read, and what the journal may say of it. */
export interface Taken {
  secret: Secret;
  source: SecretSource;
  /** A line break at its end was dropped; the operator is told. */
  trimmed: boolean;
}

/** What the sources read from; the process's own but in tests. */
export interface Intake {
  stdin: AsyncIterable<Uint8Array>;
  /** A variable that is read is removed from it at once. */
  env: Record<string, string | undefined>;
  exec: Exec;
}

/** A password manager may ask the operator to unlock it. */
const COMMAND_TIMEOUT_MS = 120_000;
const LARGEST = 1024 * 1024;

/**
 * Reads a secret from where the operator said.
 *
 * @throws Problem `secret-unreadable`, `secret-file-open` (others can read the file), `secret-command-failed` or
 * `secret-empty`; none of them quotes the value
 */
export async function takeSecret({ name, origin }: NamedOrigin, intake: Intake): Promise<Taken> {
  const bytes = await read(name, origin, intake);
  const length = lengthWithoutLineBreak(bytes);
  const own = Buffer.from(bytes.subarray(0, length));
  bytes.fill(0);
  if (length === 0) throw unreadable(name, 'secret-empty', 'is empty', ['give one that is not']);
  return { secret: new Secret(name, own), source: origin.kind, trimmed: own.length < bytes.length };
}

/**
 * Reads the named secrets from a .env file: parsed only, never run by a shell, and no other name of it is kept.
 *
 * @throws Problem as `takeSecret`
 */
export function takeDotenv(path: string, names: readonly string[]): Taken[] {
  const bytes = readPrivateFile(path, path);
  const values = parseDotenv(bytes);
  bytes.fill(0);
  return names.flatMap((name) => {
    const value = Object.hasOwn(values, name) ? values[name] : undefined;
    if (value === undefined || value === '') return [];
    return [{ secret: new Secret(name, Buffer.from(value)), source: 'dotenv' as const, trimmed: false }];
  });
}

async function read(name: string, origin: Origin, intake: Intake): Promise<Buffer> {
  switch (origin.kind) {
    case 'stdin':
      return readAll(name, intake.stdin);
    case 'file':
      return readPrivateFile(name, origin.path);
    case 'env':
      return takeVariable(name, origin.variable, intake.env);
    case 'command':
      return runForSecret(name, origin.line, intake.exec);
  }
}

async function readAll(name: string, input: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of input) {
    chunks.push(chunk);
    length += chunk.length;
    if (length > LARGEST) throw tooLarge(name);
  }
  const bytes = Buffer.concat(chunks);
  for (const chunk of chunks) chunk.fill(0);
  return bytes;
}

/** The mode is asked of the open file, so that it cannot be exchanged in between. */
function readPrivateFile(name: string, path: string): Buffer {
  const fd = openToRead(name, path);
  try {
    const { mode, size } = fstatSync(fd);
    if (mode & 0o077) {
      throw unreadable(name, 'secret-file-open', `is in ${path}, which others on this host can read`, [
        `chmod 600 ${path}`,
        'and think about whether the secret has to be changed',
      ]);
    }
    if (size > LARGEST) throw tooLarge(name);
    return readFileSync(fd);
  } catch (error) {
    if (error instanceof Problem) throw error;
    throw cannotRead(name, path, error);
  } finally {
    closeSync(fd);
  }
}

function openToRead(name: string, path: string): number {
  try {
    return openSync(path, 'r');
  } catch (error) {
    throw cannotRead(name, path, error);
  }
}

/** The block that the kernel shows as /proc/PID/environ keeps it: that is the price of this source (docs/security.md). */
function takeVariable(name: string, variable: string, env: Record<string, string | undefined>): Buffer {
  const value = env[variable];
  delete env[variable];
  if (value !== undefined) return Buffer.from(value);
  throw unreadable(name, 'secret-unreadable', `is to be read from $${variable}, which is not set`, [
    `set it for tejun only: read -rs ${variable} && export ${variable}`,
  ]);
}

/** The command is the operator's own line; its output is never streamed or stored. */
async function runForSecret(name: string, line: string, exec: Exec): Promise<Buffer> {
  const prints = { secret: name, find: allPrinted };
  const exit = await exec({ file: 'sh', args: ['-c', line], prints, timeoutMs: COMMAND_TIMEOUT_MS });
  const bytes = exit.secret?.use((output) => Buffer.from(output)) ?? Buffer.alloc(0);
  exit.secret?.wipe();
  if (exit.code === 0) return bytes;
  bytes.fill(0);
  const how = exit.timedOut ? 'did not end in time' : `ended with ${exit.code ?? exit.signal}`;
  throw unreadable(name, 'secret-command-failed', `is to be printed by a command that ${how}`, [
    ...exit.stderr
      .split('\n')
      .filter((text) => text.trim() !== '')
      .slice(0, 1)
      .map((text) => `it said: ${text}`),
    'run the command by hand and see what it prints',
  ]);
}

const allPrinted: FindSecret = (output, name, stream) =>
  stream === 'stdout' ? output.use((bytes) => new Secret(name, Buffer.from(bytes))) : undefined;

/** One line break at the end is the editor's or `echo`'s, not the secret's. */
function lengthWithoutLineBreak(bytes: Buffer): number {
  if (bytes.at(-1) !== 0x0a) return bytes.length;
  return bytes.at(-2) === 0x0d ? bytes.length - 2 : bytes.length - 1;
}

function cannotRead(name: string, path: string, error: unknown): Problem {
  const code = (error as NodeJS.ErrnoException).code ?? 'error';
  return unreadable(name, 'secret-unreadable', `is in ${path}, which cannot be read (${code})`, [`ls -l ${path}`]);
}

function tooLarge(name: string): Problem {
  return unreadable(name, 'secret-unreadable', 'is longer than 1 MiB', ['check where it is read from']);
}

function unreadable(name: string, code: ProblemCode, what: string, next: readonly string[]): Problem {
  return new Problem({ code, what: `The secret ${name} ${what}.`, means: 'Nothing was started.', next }, EXIT.usage);
}
