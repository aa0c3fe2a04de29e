import type { ChildProcess } from 'node:child_process';
import type { Redactor } from '../secrets/redactor.ts';
import { Secret } from '../secrets/secret.ts';
import { type Command, type Exec, type ExecOptions, type Exit, GRACE_MS } from './command.ts';
import { markOf } from './marks.ts';
import { createOutput, type Output } from './output.ts';
import { createSecretOutput, type SecretOutput } from './secret-output.ts';
import { startChild } from './start.ts';
import { untilEnd } from './until-end.ts';

export interface ExecSetup {
  redactor: Redactor;
  /** The whole environment of every child, but for what its command adds; nothing is inherited. */
  env: Readonly<Record<string, string>>;
  cwd: string;
  /** Time between TERM and KILL; `GRACE_MS` when absent. */
  graceMs?: number;
}

/**
 * The one door to child processes. Each child leads a session of its own (flyctl and docker compose catch SIGINT and
 * SIGTERM but not SIGHUP, so they must not share a terminal), has no input but what it is given, and an environment that is
 * exactly the list that it is given. Secrets that a command carries are registered with the redactor first.
 */
export function createExec({ redactor, env, cwd, graceMs = GRACE_MS }: ExecSetup): Exec {
  return async (command, options = {}) => {
    const started = performance.now();
    registerSecrets(redactor, command);
    if (options.signal?.aborted) return notStarted();
    const child = await startChild(command, { env, cwd });
    const streams = listen(child, redactor, command, options);
    const mark = markOf(env);
    const end = await untilEnd(child, {
      graceMs,
      ...(command.timeoutMs === undefined ? {} : { timeoutMs: command.timeoutMs }),
      ...(options.signal ? { stop: options.signal } : {}),
      ...(mark ? { mark } : {}),
    });
    const { stdout, stderr, secret } = streams.end();
    return { ...end, stdout, stderr, ...(secret ? { secret } : {}), ms: Math.round(performance.now() - started) };
  };
}

function notStarted(): Exit {
  return { code: null, signal: null, stdout: '', stderr: '', timedOut: false, stopped: true, ms: 0, survivors: [] };
}

function registerSecrets(redactor: Redactor, { env = {}, stdin }: Command): void {
  for (const value of [...Object.values(env), stdin]) if (value instanceof Secret) redactor.register(value);
}

interface Streams {
  /** What is left of the output. Throws what the listener of the lines threw, now that the child has ended. */
  end(): Pick<Exit, 'stdout' | 'stderr' | 'secret'>;
}

function listen(child: ChildProcess, redactor: Redactor, command: Command, { onLine }: ExecOptions): Streams {
  let failure: { error: unknown } | undefined;
  // A journal that cannot be written does not stop the running child (sudo's rule for its own log).
  const teller = (stream: 'stdout' | 'stderr') => (line: string) => {
    if (failure) return;
    try {
      onLine?.(line, stream);
    } catch (error) {
      failure = { error };
    }
  };
  const stderr = createOutput(redactor, teller('stderr'));
  const secret = command.stdout === 'secret' ? createSecretOutput(command.file) : undefined;
  const stdout: Output | SecretOutput = secret ?? createOutput(redactor, teller('stdout'));
  child.stdout?.on('data', (bytes: Buffer) => stdout.push(bytes));
  child.stderr?.on('data', (bytes: Buffer) => stderr.push(bytes));
  return {
    end() {
      const errors = stderr.end();
      const output = secret ? { stdout: '', secret: secret.end() } : { stdout: (stdout as Output).end() };
      if (failure) throw failure.error;
      return { ...output, stderr: errors };
    },
  };
}
