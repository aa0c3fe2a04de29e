import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { chmodSync, closeSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import type { Site, SiteRequest } from '../engine/site.ts';
import { hostEnvironment } from '../exec/environment.ts';
import { EXIT, Problem } from '../problem.ts';
import { appHosts, atThisMachine } from './addresses.ts';
import { SOCKET_VARIABLE } from './control.ts';
import { DRILLS, isDrill } from './drills.ts';
import type { Answer, Order, Ready } from './order.ts';
import { PROGRAMS } from './programs.ts';
import { secretValue } from './secret-value.ts';
import { createWorld, endWorld, sweepWorlds } from './world.ts';

export interface RehearsalOptions {
  /** Told what is being started, line by line. */
  said?: (line: string) => void;
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

/** Secrets without which the sample service does not start, as far as the runbook declares them. */
const SERVICE_SECRETS = ['DATABASE_URL', 'REDIS_URL', 'JWT_SECRET', 'ICS_SALT'];
/** Programs that would reach real platforms; a rehearsal has no stand-in for them yet, and must not run the real ones. */
const REFUSED = ['docker', 'docker-compose', 'gh', 'render', 'neon', 'neonctl'];
/** Of the host's environment, what would lead a step to a real login. */
const WITHHELD = /^(FLY_|DOCKER_|COMPOSE_|GH_|GITHUB_|RENDER_|NEON_|XDG_|SSH_AUTH_SOCK$)/;
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
  options.said?.(
    `starting PostgreSQL and ${order.existing ? `the app ${order.app}` : 'an empty platform'} on this machine`,
  );
  const platform = startPlatform(world);
  try {
    const ready = await answerOf(platform, { ...order, world }, options.signal);
    return siteOf(world, platform, ready, { ...order, world }, options.env ?? process.env);
  } catch (error) {
    await end(platform, world);
    throw error;
  }
}

function orderOf({ runbook, values, fresh, flow, drill, port }: SiteRequest): Omit<Order, 'world'> {
  if (drill !== undefined && !isDrill(drill)) {
    throw new Problem({
      code: 'rehearsal-unknown-drill',
      what: `There is no drill ${drill}.`,
      means: 'Nothing was started.',
      next: [`choose one of ${DRILLS.map(({ name }) => name).join(', ')}`],
    });
  }
  const hosts = appHosts(values);
  const app = values['app'] ?? hosts[0]?.replace(/\.fly\.dev$/, '') ?? 'rehearsal';
  const own = `${app}.fly.dev`;
  const specs = Object.values(runbook.secrets);
  const attached = runbook.steps.find(({ uses }) => uses === 'fly/postgres');
  return {
    app,
    postgres: nameIn(attached?.input, values) ?? `${app}-db`,
    hosts: [own, ...hosts.filter((host) => host !== own)],
    port: port ?? 0,
    existing: !fresh,
    ...(drill ? { drill } : {}),
    broken: flow === 'incident',
    requires: SERVICE_SECRETS.filter((name) => name === 'DATABASE_URL' || specs.some((spec) => spec.name === name)),
    secrets: specs.map(({ name, format }) => ({ name, ...(format ? { format } : {}) })),
    configs: configsOf(runbook.steps),
    service: PROGRAMS.booking,
    token: `rehearsal-${randomBytes(16).toString('hex')}`,
  };
}

/** `name` of a step's input, with its values put in. */
function nameIn(input: unknown, values: Readonly<Record<string, string>>): string | undefined {
  if (typeof input !== 'object' || input === null || !('name' in input)) return undefined;
  const { name } = input;
  if (typeof name !== 'string') return undefined;
  return name.replaceAll(/\$\{?(\w+)\}?/g, (whole, key: string) => values[key] ?? whole);
}

/** Configuration files by another name than `fly.toml` that the steps deploy with. */
function configsOf(steps: SiteRequest['runbook']['steps']): string[] {
  const named = steps.flatMap(({ body }) => [...body.matchAll(/(?:config:|-c|--config)[ =]+['"]?([\w.-]+\.toml)/g)]);
  return [...new Set(named.flatMap((match) => match[1] ?? []))].filter((name) => name !== 'fly.toml');
}

function startPlatform(world: string): ChildProcess {
  const log = openSync(join(world, 'platform.log'), 'a', 0o600);
  // In a session of its own: Ctrl-C in the terminal is for the operator's question, not for the database.
  const child = spawn(process.execPath, [PROGRAMS.platform], {
    cwd: world,
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
  writePrograms(world);
  let closing: Promise<void> | undefined;
  // A platform that was killed leaves its database running: it is swept at once while this process lives.
  platform.once('exit', () => void endWorld(world).catch(() => {}));
  return {
    world,
    control,
    platform: platform.pid ?? 0,
    cwd: join(world, 'project'),
    env: environment(env, world, control, order.token),
    ready: { what: 'rehearsal', details: ready.details },
    values: (values) => atThisMachine(values, ready.origins),
    secretFor(spec) {
      if (spec.from !== undefined) return undefined;
      const value = secretValue(spec, ready);
      return value === undefined ? undefined : Buffer.from(value);
    },
    close() {
      closing ??= end(platform, world);
      return closing;
    },
  };
}

function environment(
  env: Readonly<Record<string, string | undefined>>,
  world: string,
  control: string,
  token: string,
): Record<string, string> {
  const host = Object.entries(hostEnvironment(env)).filter(([name]) => !WITHHELD.test(name));
  const path = [join(world, 'bin'), env['PATH'] ?? '/usr/local/bin:/usr/bin:/bin'].join(delimiter);
  return {
    ...Object.fromEntries(host),
    PATH: path,
    HOME: join(world, 'home'),
    FLY_API_TOKEN: token,
    FLY_NO_UPDATE_CHECK: '1',
    [SOCKET_VARIABLE]: control,
  };
}

/**
 * Small shell scripts, because the programs run with this very Node, and know by which name they were called. The
 * compile cache halves the time of a call, of which a walk has dozens.
 */
function writePrograms(world: string): void {
  const cache = `NODE_COMPILE_CACHE=${quote(join(world, 'cache'))}`;
  const node = `${cache} exec ${quote(process.execPath)} ${quote(PROGRAMS.flyctl)}`;
  const scripts = [
    ...['fly', 'flyctl'].map((name) => [name, `${node} --as ${name} "$@"`] as const),
    ...REFUSED.map((name) => [name, `echo "Error: this rehearsal does not act out ${name}" >&2\nexit 1`] as const),
  ];
  for (const [name, body] of scripts) writeFileSync(join(world, 'bin', name), `#!/bin/sh\n${body}\n`, { mode: 0o755 });
}

function quote(path: string): string {
  return `'${path.replaceAll("'", `'\\''`)}'`;
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
  return new Problem(
    {
      code: 'rehearsal-platform-died',
      what: `The rehearsal’s platform ended while it was starting.${log ? `\n${log}` : ''}`,
      means: 'Nothing was left running or on disk.',
      next: ['try again; if it stays so, report it with the lines above'],
    },
    EXIT.rehearsal,
  );
}
