import { randomBytes } from 'node:crypto';
import { accessSync, closeSync, constants, openSync, readdirSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isAlive } from '../is-alive.ts';
import { Problem } from '../problem.ts';
import type { Secret } from './secret.ts';

const PREFIX = 'tejun-secret';

/** A copy of the bytes for a child's standard input; the caller overwrites it when it was written. */
export function bytesForStdin(input: string | Secret): Buffer {
  return typeof input === 'string' ? Buffer.from(input) : input.use((bytes) => Buffer.from(bytes));
}

/**
 * The value as the environment of one child can carry it: text without NUL.
 *
 * @throws Problem `secret-not-text` when the secret is other bytes
 */
export function valueForEnvironment(secret: Secret): string {
  const value = secret.use((bytes) => {
    const text = bytes.toString('utf8');
    return text.includes('\0') || Buffer.byteLength(text) !== bytes.length ? undefined : text;
  });
  if (value !== undefined) return value;
  throw new Problem({
    code: 'secret-not-text',
    what: `The secret ${secret.name} is not text and cannot be an environment variable.`,
    means: 'The command that asks for it was not started.',
    next: ['hand it over by standard input or a file', 'or give it encoded, e.g. as base64'],
  });
}

/**
 * For tools that insist on a file: writes the secret to one of mode 0600 on tmpfs, gives its path to `deliver`, and removes
 * it whatever happens. The path holds nothing of the secret.
 */
export async function withSecretFile<T>(
  secret: Secret,
  env: Readonly<Record<string, string | undefined>>,
  deliver: (path: string) => Promise<T>,
): Promise<T> {
  const path = join(memoryDirectory(env), `${PREFIX}-${process.pid}-${randomBytes(12).toString('hex')}`);
  try {
    secret.use((bytes) => writeNew(path, bytes));
    return await deliver(path);
  } finally {
    rmSync(path, { force: true });
  }
}

/** Removes the files of engines that were killed before they could. For the engine's start. */
export function sweepSecretFiles(env: Readonly<Record<string, string | undefined>>): void {
  const directory = memoryDirectory(env);
  for (const name of readdirSync(directory)) {
    const pid = new RegExp(`^${PREFIX}-(\\d+)-[0-9a-f]{24}$`).exec(name)?.[1];
    if (pid !== undefined && !isAlive(Number(pid))) rmSync(join(directory, name), { force: true });
  }
}

/** The first of the places that are in memory; the temporary directory where there is none (macOS). */
function memoryDirectory(env: Readonly<Record<string, string | undefined>>): string {
  const places = [env['XDG_RUNTIME_DIR'], '/dev/shm'].filter((place) => place !== undefined && place !== '');
  return places.find(isWritable) ?? tmpdir();
}

function isWritable(directory: string | undefined): directory is string {
  try {
    accessSync(directory ?? '', constants.W_OK | constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** `wx`: never follows a link that someone laid in the way. */
function writeNew(path: string, bytes: Buffer): void {
  const fd = openSync(path, 'wx', 0o600);
  try {
    for (let written = 0; written < bytes.length; ) written += writeSync(fd, bytes, written);
  } finally {
    closeSync(fd);
  }
}
