/** A container's life: it starts, becomes healthy or not, ends, is started again as its restart policy says. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { sameCompileCache } from '../compile-cache.ts';
import { PROGRAMS } from '../programs.ts';
import { type Engine, hostsOf, publishHosts, rootOf } from './engine.ts';
import { execute } from './execute.ts';
import { reachable } from './inside/programs.ts';
import type { Container, LogLine } from './model.ts';

/** Between an end and the next start: doubled each time, as the engine does from 100 ms. */
const RESTART_MS = 100;
const LONGEST_RESTART_MS = 5000;
/** A container that ran for so long starts its count of waits anew. */
const STEADY_MS = 10_000;
/** From TERM to KILL; the real default is ten seconds. */
const STOP_MS = 3000;
/** Nobody who rehearses waits for an interval meant for production. */
const HEALTH_EVERY_MS = 1000;
const FIRST_HEALTH_MS = 150;
/** While it starts it is looked at more often than the file says, and so must fail more often before it is called unhealthy. */
const STARTING_MS = 4000;
const LOG_LINES = 2000;
const HEALTH_LOGS = 5;

/** Starts a container that is not running; resolves once its process is there. */
export async function startContainer(engine: Engine, container: Container): Promise<void> {
  if (container.state === 'running') return;
  container.stopping = false;
  container.restarts = 0;
  await launch(engine, container);
}

async function launch(engine: Engine, container: Container): Promise<void> {
  container.state = 'running';
  container.startedAt = new Date();
  container.exitCode = 0;
  container.healthLog = [];
  container.failingStreak = 0;
  if (container.healthcheck) container.health = 'starting';
  else delete container.health;
  engine.effects.add('container-started', { service: container.service, container: container.name });
  const started = container.startedAt;
  if (container.role === 'db') {
    await engine.database.start();
    log(container, 'stdout', 'LOG:  database system is ready to accept connections');
  } else if (container.role === 'redis') {
    await engine.redis.on();
    log(container, 'stdout', '* Ready to accept connections tcp');
  } else if (container.role !== 'gateway') startProcess(engine, container);
  publishHosts(engine);
  void watchHealth(engine, container, started);
}

function startProcess(engine: Engine, container: Container): void {
  const { role } = container;
  const hosts = hostsOf(engine);
  const child = spawn(process.execPath, [PROGRAMS.composeService, role], {
    cwd: container.image.directory,
    env: {
      PATH: process.env['PATH'] ?? '/usr/local/bin:/usr/bin:/bin',
      ...sameCompileCache(),
      ...ledHere(engine, container, hosts),
      HOSTNAME: container.id.slice(0, 12),
      TEJUN_PORT: String(engine.ports[`${role}:8000`] ?? 0),
      TEJUN_API_PORT: String(engine.ports['api:8000'] ?? 0),
      TEJUN_ROOT: rootOf(engine, container),
    },
    // Standard input stays open for as long as the platform lives: the process ends with it.
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  container.process = child;
  child.stdin.on('error', () => {});
  follow(container, child.stdout, 'stdout');
  follow(container, child.stderr, 'stderr');
  child.once('error', (error) => {
    log(container, 'stderr', error.message);
    void ended(engine, container, child, 127);
  });
  child.once(
    'exit',
    (code, signal) => void ended(engine, container, child, code ?? (signal === 'SIGKILL' ? 137 : 143)),
  );
  if (child.pid) engine.record(child.pid, `container ${container.name}`);
}

/** A service that is not up yet has no name; its address is known here all the same, and refuses. */
function ledHere(engine: Engine, container: Container, hosts: ReturnType<typeof hostsOf>): Record<string, string> {
  const known = ['db', 'redis']
    .filter((role) => !hosts.some(({ names }) => names.includes(role)))
    .map((role) => ({
      names: [role],
      networks: container.networks,
      ports: role === 'db' ? { '5432': engine.database.port } : { '6379': engine.redis.port },
    }));
  const self = { names: [container.name], networks: container.networks, ports: {} };
  const env = reachable({ env: container.env, hosts: [...hosts, ...known, self], self: container.name });
  return Object.fromEntries(
    Object.entries(env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}

async function ended(engine: Engine, container: Container, child: Container['process'], code: number): Promise<void> {
  if (container.process !== child) return;
  delete container.process;
  finish(engine, container, code);
  engine.effects.add('container-exited', { service: container.service, code });
  const again =
    /^(always|unless-stopped)$/.test(container.restart) || (/^on-failure/.test(container.restart) && code !== 0);
  if (container.stopping || !again || engine.leaving.aborted) return;
  container.state = 'restarting';
  const ran = Date.now() - (container.startedAt?.getTime() ?? 0);
  const turn = ran > STEADY_MS ? 0 : container.restarts;
  await sleep(Math.min(LONGEST_RESTART_MS, RESTART_MS * 2 ** turn));
  if (container.state !== 'restarting' || container.stopping || engine.leaving.aborted) return;
  container.restarts += 1;
  await launch(engine, container);
}

function finish(engine: Engine, container: Container, code: number): void {
  container.state = 'exited';
  container.exitCode = code;
  container.finishedAt = new Date();
  // The engine keeps what the last check said.
  if (container.health) container.health = 'unhealthy';
  publishHosts(engine);
}

/** Stops a container: TERM, then KILL. */
export async function stopContainer(engine: Engine, container: Container): Promise<void> {
  container.stopping = true;
  if (container.state === 'restarting') finish(engine, container, container.exitCode);
  if (container.state !== 'running') return;
  engine.effects.add('container-stopped', { service: container.service, container: container.name });
  const child = container.process;
  if (child) {
    const gone = once(child, 'exit');
    child.kill('SIGTERM');
    const timer = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
    if (child.exitCode === null && child.signalCode === null) await gone;
    clearTimeout(timer);
    return;
  }
  if (container.role === 'db') await engine.database.stop();
  if (container.role === 'redis') await engine.redis.off();
  finish(engine, container, 0);
}

/** A container that was stopped, or that never ran, leaves the list. */
export async function removeContainer(engine: Engine, container: Container): Promise<void> {
  await stopContainer(engine, container);
  engine.containers = engine.containers.filter((other) => other !== container);
  publishHosts(engine);
}

/** What the drills and the platform do to the database behind Docker's back is seen here as its container's end. */
export function noticeDatabase(engine: Engine): void {
  const db = engine.containers.find(({ role }) => role === 'db');
  if (db?.state === 'running' && !engine.database.running()) {
    log(db, 'stderr', 'LOG:  database system is shut down');
    finish(engine, db, 0);
  }
}

async function watchHealth(engine: Engine, container: Container, started: Date): Promise<void> {
  const check = container.healthcheck;
  const current = (): boolean => container.state === 'running' && container.startedAt === started;
  if (!check || check.test[0] === 'NONE' || check.test.length === 0) return;
  await sleep(FIRST_HEALTH_MS);
  while (current() && !engine.leaving.aborted) {
    const at = new Date();
    let output = '';
    const take = (text: string | Uint8Array): void => {
      output = `${output}${typeof text === 'string' ? text : Buffer.from(text).toString('utf8')}`.slice(-4096);
    };
    const [kind, ...rest] = check.test;
    const command = kind === 'CMD-SHELL' ? inShell(rest[0] ?? '') : rest;
    const timeout = AbortSignal.timeout(Math.max(500, check.timeoutMs));
    const exit = await execute(engine, container, { command, env: {}, out: take, err: take, signal: timeout });
    if (!current()) return;
    container.healthLog = [...container.healthLog, { at, exit, output }].slice(-HEALTH_LOGS);
    if (exit === 0) {
      container.health = 'healthy';
      container.failingStreak = 0;
    } else {
      const grace = at.getTime() - started.getTime() < check.startPeriodMs && container.health === 'starting';
      if (!grace) container.failingStreak += 1;
      const patience = container.health === 'starting' ? Math.min(check.retries * check.intervalMs, STARTING_MS) : 0;
      const tried = Date.now() - started.getTime() >= patience;
      if (container.failingStreak >= check.retries && tried) container.health = 'unhealthy';
    }
    const settled = container.health !== 'starting';
    await sleep(settled ? Math.min(check.intervalMs, HEALTH_EVERY_MS) : Math.min(check.intervalMs, 250));
  }
}

/** A line without anything of a shell's is run without one: a shell costs more than the check. */
function inShell(line: string): string[] {
  return /^[\w@%+=:,./ -]+$/.test(line) ? line.split(/ +/) : ['sh', '-c', line];
}

function follow(container: Container, stream: Readable, kind: LogLine['stream']): void {
  createInterface({ input: stream }).on('line', (text) => log(container, kind, text));
}

export function log(container: Container, stream: LogLine['stream'], text: string): void {
  container.logs.push({ at: new Date(), stream, text });
  if (container.logs.length > LOG_LINES) container.logs.shift();
}
