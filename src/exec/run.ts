import { type ChildProcess, spawn } from 'node:child_process';
import { setImmediate as immediate, setTimeout as sleep } from 'node:timers/promises';
import { bytesForStdin, valueForEnvironment } from '../secrets/delivery.ts';
import type { Redactor } from '../secrets/redactor.ts';
import { Secret } from '../secrets/secret.ts';
import { cannotStart } from './cannot-start.ts';
import { type Command, type Exec, type ExecOptions, type Exit, GRACE_MS } from './command.ts';
import { createOutput, type Output } from './output.ts';
import { endTree } from './process-tree.ts';
import { createSecretOutput, type SecretOutput } from './secret-output.ts';

/** After its end a child's pipes may still be held by what it left behind: then the result does not wait for them. */
const PIPE_QUIET_MS = 200;
const PIPE_LIMIT_MS = 2_000;
/** setTimeout takes a longer time for no time at all. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

export interface ExecSetup {
  redactor: Redactor;
  /** The whole environment of every child, but for what its command adds; nothing is inherited. */
  env: Readonly<Record<string, string>>;
  cwd: string;
  /** Time between TERM and KILL; `GRACE_MS` when absent. */
  graceMs?: number;
}

/**
 * The one door to child processes. Each child leads a session of its own (flyctl and docker compose do not catch SIGHUP,
 * so they must not share a terminal: facts §0.6), has no input but what it is given, and an environment that is
 * exactly the list that it is given. Secrets that a command carries are registered with the redactor first.
 */
export function createExec({ redactor, env, cwd, graceMs = GRACE_MS }: ExecSetup): Exec {
  return async (command, options = {}) => {
    const started = performance.now();
    registerSecrets(redactor, command);
    if (options.signal?.aborted) return notStarted();
    const child = await start(command, { env, cwd });
    const streams = listen(child, redactor, command, options);
    feed(child, command.stdin);
    const end = await untilEnd(child, command.timeoutMs, graceMs, options.signal);
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

function start(command: Command, base: Pick<ExecSetup, 'env' | 'cwd'>): Promise<ChildProcess> {
  const cwd = command.cwd ?? base.cwd;
  const env: Record<string, string> = { ...base.env };
  for (const [name, value] of Object.entries(command.env ?? {})) {
    env[name] = value instanceof Secret ? valueForEnvironment(value) : value;
  }
  const input = command.stdin === undefined ? 'ignore' : 'pipe';
  return new Promise((resolve, reject) => {
    // The error that Node throws or emits holds the argv: only its code goes on.
    const refuse = (error: unknown) =>
      reject(cannotStart((error as NodeJS.ErrnoException).code, command.file, cwd, env));
    try {
      const child = spawn(command.file, command.args, { cwd, env, detached: true, stdio: [input, 'pipe', 'pipe'] });
      child.once('error', refuse);
      child.once('spawn', () => resolve(child));
    } catch (error) {
      refuse(error);
    }
  });
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

/** Writes the input and closes it. A child that does not read it (EPIPE) decides itself whether that is an error. */
function feed(child: ChildProcess, input: Command['stdin']): void {
  if (input === undefined || !child.stdin) return;
  const bytes = bytesForStdin(input);
  child.stdin.on('error', () => {});
  child.stdin.once('close', () => bytes.fill(0));
  child.stdin.end(bytes);
}

type End = Pick<Exit, 'code' | 'signal' | 'timedOut' | 'stopped' | 'survivors'>;

/** Waits for the child, and ends its whole tree when the time is up or the operator stops the step. */
async function untilEnd(
  child: ChildProcess,
  timeoutMs: number | undefined,
  graceMs: number,
  stop: AbortSignal | undefined,
): Promise<End> {
  const closed = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const reasons = { timedOut: false, stopped: false };
  const { promise: ended, resolve: markEnded } = Promise.withResolvers<Pick<Exit, 'code' | 'signal' | 'survivors'>>();
  let survivors: Promise<readonly number[]> | undefined;
  const end = (reason: keyof typeof reasons) => {
    if (survivors || child.pid === undefined) return;
    reasons[reason] = true;
    survivors = endTree(child.pid, graceMs);
    // A child that outlives KILL (another user's, or in disk sleep) is reported, not waited for.
    survivors.then((left) => setTimeout(markEnded, PIPE_QUIET_MS, { code: null, signal: null, survivors: left }));
  };
  child.on('error', () => {});
  child.once('exit', async (code, signal) => markEnded({ code, signal, survivors: (await survivors) ?? [] }));
  const timer =
    timeoutMs === undefined ? undefined : setTimeout(end, Math.min(timeoutMs, LONGEST_TIMER_MS), 'timedOut');
  const onStop = () => end('stopped');
  stop?.addEventListener('abort', onStop, { once: true });
  if (stop?.aborted) onStop();
  try {
    const result = await ended;
    await Promise.race([closed, untilQuiet(child)]);
    return { ...result, ...reasons };
  } finally {
    clearTimeout(timer);
    stop?.removeEventListener('abort', onStop);
    for (const stream of [child.stdin, child.stdout, child.stderr]) stream?.destroy();
    child.unref();
  }
}

/** Until the pipes have been silent for a while: what the child wrote before its end has then been read. */
async function untilQuiet(child: ChildProcess): Promise<void> {
  let latest = performance.now();
  const limit = latest + PIPE_LIMIT_MS;
  const onData = () => {
    latest = performance.now();
  };
  child.stdout?.on('data', onData);
  child.stderr?.on('data', onData);
  while (performance.now() < Math.min(limit, latest + PIPE_QUIET_MS)) {
    await sleep(PIPE_QUIET_MS / 4);
    // A slow listener makes timers late: what has arrived meanwhile is read before the clock is looked at.
    await immediate();
  }
}
