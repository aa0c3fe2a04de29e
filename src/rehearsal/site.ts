import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import type { Site, SiteRequest } from '../engine/site.ts';
import type { StartNews } from '../engine/start-news.ts';
import { EXIT, Problem } from '../problem.ts';
import { atThisMachine } from './addresses.ts';
import { compileCache } from './compile-cache.ts';
import type { Answer, Order, Ready } from './order.ts';
import { orderOf } from './order-of.ts';
import { PROGRAMS } from './programs.ts';
import { secretValue } from './secret-value.ts';
import { stepEnvironment, THROUGH_VARIABLE, writePrograms } from './step-environment.ts';
import { createWorld, endWorld, sweepWorlds } from './world.ts';

export interface RehearsalOptions {
  /** Told what is being started, line by line. */
  said?: (news: StartNews) => void;
  /** Aborts the opening; nothing is left behind. */
  signal?: AbortSignal;
  /** Of the host, of which what is allowed reaches the steps; `process.env` when absent. */
  env?: Readonly<Record<string, string | undefined>>;
}

/** The rehearsal's site, and what tests ask the platform by. */
export interface RehearsalSite extends Site {
  /** Path of the platform's control socket (control.ts). */
  control: string;
  /** The directory that holds everything; it is removed by `close`. */
  world: string;
  /** Process id of the platform. */
  platform: number;
}

const CLOSE_MS = 10_000;
const LOG_LINES = 8;

/**
 * Starts a rehearsal's platform on this machine and gives it as the run's site. Worlds that a dead platform left behind
 * are removed first.
 *
 * @throws Problem `rehearsal-…` (exit `EXIT.rehearsal`) when it cannot be started; nothing is left behind then.
 */
export async function openRehearsal(request: SiteRequest, options: RehearsalOptions = {}): Promise<RehearsalSite> {
  const order = orderOf(request);
  await sweepWorlds();
  const world = createWorld();
  if (process.getuid?.() === 0) chmodSync(world, 0o711);
  options.said?.({ kind: 'platform', ...(order.existing && order.fly ? { app: order.app } : {}) });
  const platform = startPlatform(world);
  try {
    const ready = await answerOf(platform, { ...order, world }, options.signal);
    return siteOf(world, platform, ready, { ...order, world }, options.env ?? process.env);
  } catch (error) {
    await end(platform, world);
    throw error;
  }
}

function startPlatform(world: string): ChildProcess {
  const log = openSync(join(world, 'platform.log'), 'a', 0o600);
  // In a session of its own: Ctrl-C in the terminal is for the operator's question, not for the database.
  const child = spawn(process.execPath, [PROGRAMS.platform], {
    cwd: world,
    env: { ...process.env, ...compileCache(world) },
    detached: true,
    stdio: ['pipe', 'pipe', log],
  });
  closeSync(log);
  child.on('error', () => {});
  child.stdin?.on('error', () => {});
  return child;
}

async function answerOf(platform: ChildProcess, order: Order, signal?: AbortSignal): Promise<Ready> {
  const { promise, resolve, reject } = Promise.withResolvers<Answer>();
  createInterface({ input: platform.stdout as Readable }).once('line', (line) => resolve(JSON.parse(line) as Answer));
  const died = (): void => reject(platformProblem(order.world));
  platform.once('exit', died);
  platform.once('error', died);
  const abort = (): void =>
    reject(new Problem({ code: 'rehearsal-cancelled', what: 'The rehearsal was cancelled.' }, EXIT.cancelled));
  signal?.addEventListener('abort', abort, { once: true });
  platform.stdin?.write(`${JSON.stringify(order)}\n`);
  try {
    if (signal?.aborted) abort();
    const answer = await promise;
    if ('problem' in answer) throw new Problem(answer.problem, EXIT.rehearsal);
    return answer.ready;
  } finally {
    platform.off('exit', died);
    signal?.removeEventListener('abort', abort);
  }
}

function siteOf(
  world: string,
  platform: ChildProcess,
  ready: Ready,
  order: Order,
  env: Readonly<Record<string, string | undefined>>,
): RehearsalSite {
  // Nothing here keeps the engine alive; when it ends, in whatever way, the pipe closes and the platform ends too.
  platform.unref();
  for (const stream of [platform.stdin, platform.stdout]) (stream as { unref?: () => void } | null)?.unref?.();
  const control = join(world, 'control.sock');
  writePrograms(world, ready.programs, env[THROUGH_VARIABLE]);
  let closing: Promise<void> | undefined;
  // A platform that was killed leaves its database running: it is swept at once while this process lives.
  platform.once('exit', () => void endWorld(world).catch(() => {}));
  return {
    world,
    control,
    platform: platform.pid ?? 0,
    cwd: join(world, 'project'),
    env: {
      ...stepEnvironment(env, world, control, order.drill === 'expired-token' ? undefined : order.token),
      ...ready.env,
    },
    ready: { what: 'rehearsal', details: ready.details },
    values: (values) => atThisMachine(values, ready.origins),
    secretFor(spec) {
      if (spec.from !== undefined) return undefined;
      const value = ready.secrets[spec.name] ?? secretValue(spec, ready);
      return value === undefined ? undefined : Buffer.from(value);
    },
    close() {
      closing ??= end(platform, world);
      return closing;
    },
  };
}

/** Closes the platform's standard input and waits for its end; makes an end of it when it does not come. */
async function end(platform: ChildProcess, world: string): Promise<void> {
  const running = platform.exitCode === null && platform.signalCode === null && platform.pid !== undefined;
  if (running) {
    platform.ref();
    const gone = once(platform, 'exit');
    (platform.stdin as Writable | null)?.end();
    const timer = setTimeout(() => platform.kill('SIGKILL'), CLOSE_MS);
    await gone;
    clearTimeout(timer);
  }
  await endWorld(world);
}

function platformProblem(world: string): Problem {
  const log = readFileSync(join(world, 'platform.log'), 'utf8').trim().split('\n').slice(-LOG_LINES).join('\n');
  const full = /ENOSPC|No space left/i.test(log);
  return new Problem(
    {
      code: full ? 'rehearsal-no-space' : 'rehearsal-platform-died',
      what: `The rehearsal’s platform ended while it was starting.${log ? `\n${log}` : ''}`,
      means: 'Nothing was left running or on disk.',
      next: full
        ? ['free about 60 MB in the temporary directory, or set TMPDIR to another one']
        : ['try again; if it stays so, report it with the lines above'],
    },
    EXIT.rehearsal,
  );
}
