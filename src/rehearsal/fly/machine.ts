/** A machine: one process of the image's entry, checked as `fly.toml` says. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { HOSTS_VARIABLE } from '../booking/hosts.ts';
import { sameCompileCache } from '../compile-cache.ts';
import { freePort } from '../ports.ts';
import { type Fleet, hexId, log } from './fleet.ts';
import { ENTRY, IMAGE_BIN } from './image.ts';
import type { App, Check, Machine, Release } from './model.ts';

/** A crashed machine is started again so often, as the restart policy `on-failure` does. */
const RESTARTS = 2;
const RESTART_DELAY_MS = 300;
/** `kill_timeout`: from the kill signal to KILL. */
const KILL_TIMEOUT_MS = 5000;
const FIRST_CHECK_MS = 100;

/** A new machine of `app` that is not started yet. */
export function createMachine(app: App, release: Release, from: Pick<Machine, 'image' | 'config'>): Machine {
  const now = new Date();
  return {
    id: hexId(14),
    name: `${['quiet', 'bold', 'late', 'green', 'cold', 'wild'][app.machines.length % 6]}-river-${hexId(4)}`,
    region: from.config.primaryRegion,
    state: 'created',
    image: from.image,
    instance: hexId(26).toUpperCase(),
    releaseId: release.id,
    releaseVersion: release.version,
    config: from.config,
    secrets: new Map(),
    checks: [],
    createdAt: now,
    updatedAt: now,
    events: [],
    port: 0,
    portTaken: false,
    usedAt: 0,
    crashes: 0,
  };
}

/** Environment of a machine's process: nothing of the host but what a program needs to run. */
export function machineEnvironment(fleet: Fleet, app: App, machine: Machine): Record<string, string> {
  const hosts: Record<string, string> = Object.fromEntries(fleet.private);
  for (const other of fleet.apps.values()) {
    if (other.kind === 'postgres') hosts[`${other.name}:5432`] = `127.0.0.1:${fleet.database.port}`;
  }
  return {
    PATH: `${join(machine.image.directory, IMAGE_BIN)}:${process.env['PATH'] ?? '/usr/local/bin:/usr/bin:/bin'}`,
    HOME: machine.image.directory,
    ...machine.config.env,
    ...Object.fromEntries([...app.secrets].map(([name, secret]) => [name, secret.value])),
    PORT: String(machine.port),
    FLY_APP_NAME: app.name,
    FLY_MACHINE_ID: machine.id,
    FLY_REGION: machine.region,
    FLY_IMAGE_REF: machine.image.ref,
    PRIMARY_REGION: machine.config.primaryRegion,
    [HOSTS_VARIABLE]: JSON.stringify(hosts),
  };
}

/** Starts the machine's process; resolves once it runs, not once it is healthy. */
export async function startMachine(fleet: Fleet, app: App, machine: Machine): Promise<void> {
  machine.crashes = 0;
  await launch(fleet, app, machine);
}

async function launch(fleet: Fleet, app: App, machine: Machine): Promise<void> {
  machine.port = await freePort();
  machine.portTaken = false;
  machine.secrets = new Map([...app.secrets].map(([name, secret]) => [name, secret.digest]));
  machine.checks = machine.config.checks.map((_, index) => ({
    name: `servicecheck-0${index}-http-${machine.config.internalPort}`,
    status: 'critical',
    output: 'the check has not run yet',
    updatedAt: new Date(),
  }));
  const child = spawn(process.execPath, [ENTRY], {
    cwd: machine.image.directory,
    env: { ...sameCompileCache(), ...machineEnvironment(fleet, app, machine) },
    // Standard input stays open for as long as the platform lives: the process ends with it (booking/service.ts).
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  machine.process = child;
  machine.usedAt = Date.now();
  setState(machine, 'started', 'start');
  log(fleet, app, machine, { level: 'info', provider: 'runner', message: `Starting machine ${machine.id}` });
  child.stdin.on('error', () => {});
  follow(fleet, app, machine, child.stdout, 'info');
  follow(fleet, app, machine, child.stderr, 'error');
  child.once('error', (error) => void ended(fleet, app, machine, child, null, error.message));
  child.once('exit', (code, signal) => void ended(fleet, app, machine, child, code, signal ?? undefined));
  if (child.pid) fleet.record(child.pid, `machine ${machine.id}`);
  fleet.effects.add('machine-started', { app: app.name, machine: machine.id, image: machine.image.ref });
  void watch(fleet, app, machine, child);
}

function follow(fleet: Fleet, app: App, machine: Machine, stream: Readable, fallback: 'info' | 'error'): void {
  createInterface({ input: stream }).on('line', (line) => {
    // Somebody took the port between its choice and its use: no fault of the release.
    if (line.includes('EADDRINUSE')) machine.portTaken = true;
    const level = line.startsWith('ERROR ') ? 'error' : line.startsWith('INFO ') ? 'info' : fallback;
    log(fleet, app, machine, { level, provider: 'app', message: line });
  });
}

async function ended(
  fleet: Fleet,
  app: App,
  machine: Machine,
  child: Machine['process'],
  code: number | null,
  why?: string,
): Promise<void> {
  if (machine.process !== child) return;
  delete machine.process;
  const asked = machine.state === 'replacing' || machine.state === 'destroyed' || machine.state === 'stopped';
  machine.events.unshift({
    type: 'exit',
    status: 'stopped',
    source: 'flyd',
    timestamp: Date.now(),
    ...(code === null ? {} : { exitCode: code }),
  });
  log(fleet, app, machine, {
    level: code === 0 ? 'info' : 'error',
    provider: 'runner',
    message: `Main child exited ${code === null ? `by ${why ?? 'signal'}` : `normally with code: ${code}`}`,
  });
  if (asked) return;
  if (machine.portTaken) {
    await launch(fleet, app, machine);
    return;
  }
  machine.crashes += 1;
  for (const check of machine.checks) update(check, 'critical', 'connect: connection refused');
  if (code === 0 || machine.crashes > RESTARTS) {
    setState(machine, 'stopped', 'exit');
    return;
  }
  await sleep(RESTART_DELAY_MS * machine.crashes);
  if (machine.state === 'started' && !machine.process) await launch(fleet, app, machine);
}

/** Stops the machine's process: the kill signal, then KILL. */
export async function stopMachine(machine: Machine, state: 'stopped' | 'replacing' | 'destroyed'): Promise<void> {
  setState(machine, state, 'stop');
  for (const check of machine.checks) update(check, 'critical', 'connect: connection refused');
  const child = machine.process;
  if (!child || child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  // One that sleeps (sleep.ts) hears nothing until it is woken.
  child.kill('SIGCONT');
  child.kill('SIGINT');
  const timer = setTimeout(() => child.kill('SIGKILL'), KILL_TIMEOUT_MS);
  await gone;
  clearTimeout(timer);
}

export function setState(machine: Machine, state: Machine['state'], event: string): void {
  machine.state = state;
  machine.updatedAt = new Date();
  machine.events.unshift({ type: event, status: state, source: 'user', timestamp: Date.now() });
  machine.events.splice(10);
}

/** Whether requests may be sent to it. */
export function isHealthy(machine: Machine): boolean {
  return (
    machine.state === 'started' &&
    machine.process !== undefined &&
    machine.checks.every((check) => check.status === 'passing')
  );
}

/** Runs the checks again and again until this process is gone: at once, then often until they pass, then as configured. */
async function watch(fleet: Fleet, app: App, machine: Machine, child: Machine['process']): Promise<void> {
  while (machine.process === child && machine.config.checks.length > 0) {
    const awake = machine.state === 'started' ? machine.config.checks : [];
    await Promise.all(
      awake.map(async (config, index) => {
        const result = await runCheck(machine.port, config.path, config.method, config.timeoutMs);
        const check = machine.checks[index];
        if (machine.process !== child || machine.state !== 'started' || !check) return;
        if (check.status !== result.status) {
          const passing = result.status === 'passing';
          log(fleet, app, machine, {
            level: passing ? 'info' : 'error',
            provider: 'health',
            message: passing
              ? `Health check '${check.name}' on port ${machine.config.internalPort} is now passing.`
              : `Health check '${check.name}' on port ${machine.config.internalPort} has failed. Your app is not responding properly.`,
          });
        }
        update(check, result.status, result.output);
      }),
    );
    const quick = machine.state === 'started' && !isHealthy(machine);
    await sleep(quick ? FIRST_CHECK_MS : Math.min(...machine.config.checks.map((config) => config.intervalMs)));
  }
}

async function runCheck(
  port: number,
  path: string,
  method: string,
  timeoutMs: number,
): Promise<Pick<Check, 'status' | 'output'>> {
  try {
    const response = await fetch(`http://127.0.0.1:${port}${path}`, { method, signal: AbortSignal.timeout(timeoutMs) });
    return { status: response.ok ? 'passing' : 'critical', output: (await response.text()).trim() };
  } catch (error) {
    const cause = (error as Error).cause as NodeJS.ErrnoException | undefined;
    const refused = cause?.code === 'ECONNREFUSED';
    return { status: 'critical', output: refused ? 'connect: connection refused' : (error as Error).message };
  }
}

function update(check: Check, status: Check['status'], output: string): void {
  if (check.status !== status) check.updatedAt = new Date();
  check.status = status;
  check.output = output;
}
