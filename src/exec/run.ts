import type { ChildProcess } from 'node:child_process';
import type { Redactor } from '../secrets/redactor.ts';
import { Secret } from '../secrets/secret.ts';
import { type Command, type Exec, type ExecOptions, type Exit, GRACE_MS } from './command.ts';
import { markOf } from './marks.ts';
import { createOutput } from './output.ts';
import { createSecretOutput } from './secret-output.ts';
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
    return { ...end, ...streams.end(), ms: Math.round(performance.now() - started) };
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
  const output = command.prints ? heldOutput(redactor, command, teller('stderr')) : shownOutput(redactor, teller);
  child.stdout?.on('data', (bytes: Buffer) => output.stdout.push(bytes));
  child.stderr?.on('data', (bytes: Buffer) => output.stderr.push(bytes));
  return {
    end() {
      const told = output.end();
      if (failure) throw failure.error;
      return told;
    },
  };
}

/** Where the bytes of a child's two streams go. */
interface Sink extends Streams {
  stdout: { push(bytes: Buffer): void };
  stderr: { push(bytes: Buffer): void };
}

function shownOutput(redactor: Redactor, teller: (stream: 'stdout' | 'stderr') => (line: string) => void): Sink {
  const [stdout, stderr] = [createOutput(redactor, teller('stdout')), createOutput(redactor, teller('stderr'))];
  return { stdout, stderr, end: () => ({ stdout: stdout.end(), stderr: stderr.end() }) };
}

/** A secret that nobody knows yet cannot be masked: both streams are held until it was looked for in them. */
function heldOutput(redactor: Redactor, { file, prints }: Command, tellError: (line: string) => void): Sink {
  const [stdout, stderr] = [createSecretOutput(file), createSecretOutput(file)];
  const find = (output: Secret, stream: 'stdout' | 'stderr') => prints?.find(output, prints.secret, stream) ?? [];
  return {
    stdout,
    stderr,
    end() {
      const [answer, errors] = [stdout.end(), stderr.end()];
      const [secret, ...others] = [find(answer, 'stdout'), find(errors, 'stderr')].flat();
      for (const found of secret ? [secret, ...others] : []) redactor.register(found);
      const shown = createOutput(redactor, tellError);
      errors.use((bytes) => shown.push(bytes));
      for (const done of [answer, errors, ...others]) done.wipe();
      return { stdout: '', stderr: shown.end(), ...(secret ? { secret } : {}) };
    },
  };
}
