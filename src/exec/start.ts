import { type ChildProcess, spawn } from 'node:child_process';
import { bytesForStdin, valueForEnvironment } from '../secrets/delivery.ts';
import { Secret } from '../secrets/secret.ts';
import { cannotStart } from './cannot-start.ts';
import type { Command } from './command.ts';

/**
 * Starts a child as the leader of a session of its own, gives it its input and closes that. Everything that can fail is
 * made ready before there is a child that could be left behind.
 *
 * @throws Problem of `cannotStart`, or `secret-not-text`
 */
export async function startChild(
  command: Command,
  base: { env: Readonly<Record<string, string>>; cwd: string },
): Promise<ChildProcess> {
  const env = environmentOf(command, base.env);
  const input = command.stdin === undefined ? undefined : bytesForStdin(command.stdin);
  try {
    const child = await spawned(command, env, command.cwd ?? base.cwd);
    if (input) feed(child, input);
    return child;
  } catch (error) {
    input?.fill(0);
    throw error;
  }
}

function environmentOf({ env = {} }: Command, base: Readonly<Record<string, string>>): Record<string, string> {
  const added = Object.entries(env).map(([name, value]) => [
    name,
    value instanceof Secret ? valueForEnvironment(value) : value,
  ]);
  return { ...base, ...Object.fromEntries(added) };
}

function spawned(command: Command, env: Record<string, string>, cwd: string): Promise<ChildProcess> {
  return new Promise((resolve, reject) => {
    // The error that Node throws or emits holds the argv: only its code goes on.
    const refuse = (error: unknown) =>
      reject(cannotStart((error as NodeJS.ErrnoException).code, command.file, cwd, env));
    const input = command.stdin === undefined ? 'ignore' : 'pipe';
    try {
      const child = spawn(command.file, command.args, { cwd, env, detached: true, stdio: [input, 'pipe', 'pipe'] });
      child.on('error', refuse);
      child.once('spawn', () => resolve(child));
    } catch (error) {
      refuse(error);
    }
  });
}

/** A child that does not read its input (EPIPE) decides itself whether that is an error. */
function feed(child: ChildProcess, input: Buffer): void {
  child.stdin?.on('error', () => {});
  child.stdin?.once('close', () => input.fill(0));
  child.stdin?.end(input);
}
