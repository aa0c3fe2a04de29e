/** A release and how it reaches the machines. It really rolls: one process stops, the next starts and is checked. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { sameCompileCache } from '../compile-cache.ts';
import { FlyError, type Voice } from './call.ts';
import type { FlyConfig } from './config.ts';
import { type Fleet, hexId } from './fleet.ts';
import { createMachine, isHealthy, machineEnvironment, startMachine, stopMachine } from './machine.ts';
import type { App, Image, Machine, Release, ReleaseStatus } from './model.ts';
import { watchIdleness } from './sleep.ts';

export type Strategy = 'rolling' | 'immediate' | 'canary' | 'bluegreen';

export interface Rollout {
  description: string;
  strategy: Strategy;
  /** Of the release; machines keep their own when `restartOnly`. */
  imageRef: string;
  image?: Image;
  config: FlyConfig;
  /** What `secrets set` does: the same image and configuration, new secrets. */
  restartOnly: boolean;
  releaseCommand?: string;
  waitMs: number;
  /** False for `--detach`. */
  checkHealth: boolean;
  /** Machines of a first deploy. */
  count: number;
}

const POLL_MS = 50;
/** A machine without checks is watched so long for crashing. */
const SMOKE_MS = 700;

/** Makes a release and rolls it out. Throws flyctl's error; the release's status says how it ended. */
export async function rollOut(fleet: Fleet, app: App, order: Rollout, call: Voice): Promise<Release> {
  const release: Release = {
    id: hexId(24),
    version: (app.releases.at(-1)?.version ?? 0) + 1,
    status: 'running',
    description: order.description,
    imageRef: order.imageRef,
    createdAt: new Date(),
  };
  app.releases.push(release);
  fleet.effects.add('release-created', { app: app.name, version: release.version, image: release.imageRef });
  try {
    if (order.releaseCommand && order.image) await runReleaseCommand(fleet, app, release, order, order.image, call);
    if (!order.restartOnly) app.config = order.config;
    if (app.machines.length === 0) await launchFirst(fleet, app, release, order, call);
    else await update(fleet, app, release, order, call);
    settle(fleet, app, release, 'complete');
    watchIdleness(fleet);
    return release;
  } catch (error) {
    settle(fleet, app, release, call.signal.aborted ? 'interrupted' : 'failed');
    throw error;
  }
}

function settle(fleet: Fleet, app: App, release: Release, status: ReleaseStatus): void {
  release.status = status;
  fleet.effects.add('release-settled', { app: app.name, version: release.version, status });
}

async function runReleaseCommand(
  fleet: Fleet,
  app: App,
  release: Release,
  order: Rollout,
  image: Image,
  call: Voice,
): Promise<void> {
  const machine = createMachine(app, release, { image, config: order.config });
  call.err(`Running ${app.name} release_command: ${order.releaseCommand}\n`);
  const child = spawn(order.releaseCommand ?? '', {
    shell: true,
    cwd: image.directory,
    env: { ...sameCompileCache(), ...machineEnvironment(fleet, app, machine) },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const [code] = (await once(child, 'close')) as [number | null];
  fleet.effects.add('release-command', { app: app.name, exit: code ?? -1 });
  if (code === 0) {
    call.err(`✔ release_command ${machine.id} completed successfully\n`);
    return;
  }
  call.err(`Error release_command failed running on machine ${machine.id} with exit code ${code}.\n`);
  call.err(`Check its logs: here's the last 100 lines below, or run 'fly logs -i ${machine.id}':\n${output}`);
  throw new FlyError(
    `release command failed - aborting deployment. machine ${machine.id} exited with non-zero status of ${code}`,
  );
}

async function launchFirst(fleet: Fleet, app: App, release: Release, order: Rollout, call: Voice): Promise<void> {
  if (!order.image) throw new FlyError('no machines available to deploy', { suggestion: "Try 'fly deploy' first" });
  call.out(`This deployment will:\n * create ${order.count} "app" ${order.count === 1 ? 'machine' : 'machines'}\n\n`);
  for (let index = 0; index < order.count; index += 1) {
    call.out(
      index === 0
        ? 'No machines in group app, launching a new machine\n'
        : 'Creating a second machine to increase service availability\n',
    );
    const machine = createMachine(app, release, { image: order.image, config: order.config });
    app.machines.push(machine);
    fleet.effects.add('machine-created', { app: app.name, machine: machine.id });
    await startMachine(fleet, app, machine);
    if (order.checkHealth) await waitUntilGood(app, machine, order.waitMs, call);
  }
  call.out('Finished launching new machines\n-------\n');
}

async function update(fleet: Fleet, app: App, release: Release, order: Rollout, call: Voice): Promise<void> {
  call.out(`Updating existing machines in '${app.name}' with ${order.strategy} strategy\n`);
  if (order.strategy === 'bluegreen' && !order.restartOnly) return updateBlueGreen(fleet, app, release, order, call);
  const machines = [...app.machines];
  const checked = order.strategy !== 'immediate' && order.checkHealth;
  for (const [index, machine] of machines.entries()) {
    const line = (mark: string, text: string): void => call.err(`${mark} [${index + 1}/${machines.length}] ${text}\n`);
    interrupted(call);
    line('>', `Acquiring lease for ${machine.id}`);
    line('✔', `Acquired lease for ${machine.id}`);
    line('>', `Updating machine config for ${machine.id}`);
    await replace(fleet, app, machine, release, order);
    line('✔', `Updated machine config for ${machine.id}`);
    if (checked) {
      line('>', `Checking health of machine ${machine.id}`);
      try {
        await waitUntilGood(app, machine, order.waitMs, call);
      } catch (error) {
        if (error instanceof FlyError) line('✖', error.message);
        throw error;
      }
    }
    line('✔', `Machine ${machine.id} is now in a good state`);
    line('✔', `Cleared lease for ${machine.id}`);
  }
}

async function replace(fleet: Fleet, app: App, machine: Machine, release: Release, order: Rollout): Promise<void> {
  const running = machine.state === 'started';
  await stopMachine(machine, 'replacing');
  if (!order.restartOnly && order.image) {
    machine.image = order.image;
    machine.config = order.config;
  }
  machine.releaseId = release.id;
  machine.releaseVersion = release.version;
  machine.instance = hexId(26).toUpperCase();
  fleet.effects.add('machine-replaced', { app: app.name, machine: machine.id, image: machine.image.ref });
  if (running || !order.restartOnly) await startMachine(fleet, app, machine);
  else machine.state = 'stopped';
}

/** New machines beside the old ones; the old ones go only when all the new ones are healthy. */
async function updateBlueGreen(fleet: Fleet, app: App, release: Release, order: Rollout, call: Voice): Promise<void> {
  const blue = [...app.machines];
  const green: Machine[] = [];
  try {
    call.err('Creating green machines\n');
    for (const old of blue) {
      interrupted(call);
      const machine = createMachine(app, release, { image: order.image ?? old.image, config: order.config });
      green.push(machine);
      app.machines.push(machine);
      fleet.effects.add('machine-created', { app: app.name, machine: machine.id });
      await startMachine(fleet, app, machine);
      call.err(`  Created machine ${machine.id} [app]\n`);
    }
    call.err('Waiting for all green machines to be healthy\n');
    for (const machine of green) await waitUntilGood(app, machine, order.waitMs, call);
  } catch (error) {
    call.err(`Deployment failed after error: ${(error as Error).message}\nDestroying green machines\n`);
    await destroyMachines(app, green);
    throw error;
  }
  call.err('Destroying all blue machines\n');
  await destroyMachines(app, blue);
}

async function destroyMachines(app: App, machines: readonly Machine[]): Promise<void> {
  await Promise.all(machines.map((machine) => stopMachine(machine, 'destroyed')));
  app.machines = app.machines.filter((machine) => !machines.includes(machine));
}

/** Waits until the machine's checks pass. Throws what flyctl says when it crashes, or when the time is over. */
export async function waitUntilGood(app: App, machine: Machine, waitMs: number, call: Voice): Promise<void> {
  const started = Date.now();
  const fail = (why: string, suggestion?: string): never => {
    throw new FlyError(`failed to update machine ${machine.id}: Unrecoverable error: ${why}`, {
      ...(suggestion ? { suggestion } : {}),
    });
  };
  for (;;) {
    interrupted(call);
    if (machine.crashes > 0)
      fail(`smoke checks for ${machine.id} failed: the app appears to be crashing`, lastLines(app, machine));
    if (isHealthy(machine) && (machine.checks.length > 0 || Date.now() - started >= SMOKE_MS)) return;
    if (Date.now() - started >= waitMs) {
      fail(
        `timeout reached waiting for health checks to pass for machine ${machine.id}: failed to get VM ${machine.id}: Get "https://api.machines.dev/v1/apps/${app.name}/machines/${machine.id}": net/http: request canceled`,
      );
    }
    await sleep(POLL_MS);
  }
}

function lastLines(app: App, machine: Machine): string {
  const lines = app.logs.filter((line) => line.machine === machine.id).slice(-10);
  const head = `Smoke checks for ${machine.id} failed: the app appears to be crashing\nCheck its logs: here's the last lines below, or run 'fly logs -i ${machine.id}':`;
  return [head, ...lines.map((line) => `  ${line.message}`)].join('\n');
}

function interrupted(call: Voice): void {
  if (call.signal.aborted) throw new FlyError('context canceled', { exit: 127 });
}
