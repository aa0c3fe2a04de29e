/**
 * Machines that sleep when nobody asks for them: what Fly's proxy does with `auto_stop_machines` and `auto_start_machines`.
 * A suspended machine's process is really stopped, and goes on where it was.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { type Fleet, log } from './fleet.ts';
import { isHealthy, setState, startMachine, stopMachine } from './machine.ts';
import type { App, Machine } from './model.ts';

/** The real proxy looks every few minutes. A rehearsal's operator waits for it, and reads for a while between two steps. */
const IDLE_MS = 20_000;
const LOOK_EVERY_MS = 500;
/** A machine that does not become healthy in this time answers nobody. */
const WAKE_MS = 10_000;

const watched = new WeakSet<Fleet>();

/** Puts idle machines to sleep for as long as this process lives; once is enough for a fleet. */
export function watchIdleness(fleet: Fleet): void {
  if (watched.has(fleet)) return;
  watched.add(fleet);
  void (async () => {
    for (;;) {
      await sleep(LOOK_EVERY_MS, undefined, { ref: false });
      for (const app of fleet.apps.values()) await putToSleep(fleet, app);
    }
  })();
}

async function putToSleep(fleet: Fleet, app: App): Promise<void> {
  const started = app.machines.filter(({ state }) => state === 'started');
  for (const [index, machine] of started.entries()) {
    const { autoStop, minMachines } = machine.config;
    const needed = started.length - index <= minMachines;
    // One that is being deployed is not healthy yet.
    if (autoStop === 'off' || needed || !isHealthy(machine) || Date.now() - machine.usedAt < IDLE_MS) continue;
    if (autoStop === 'suspend') suspend(fleet, app, machine);
    else await stopMachine(machine, 'stopped');
    fleet.effects.add('machine-slept', { app: app.name, machine: machine.id, state: machine.state });
  }
}

/** `flyctl machine suspend`, and what the proxy does with an idle one. */
export function suspend(fleet: Fleet, app: App, machine: Machine): void {
  setState(machine, 'suspended', 'suspend');
  machine.process?.kill('SIGSTOP');
  log(fleet, app, machine, { level: 'info', provider: 'runner', message: 'Virtual machine has been suspended' });
}

/** Starts a machine that is stopped, and resumes one that is suspended. */
export async function wake(fleet: Fleet, app: App, machine: Machine): Promise<void> {
  if (machine.state === 'started') return;
  machine.usedAt = Date.now();
  if (machine.state === 'suspended' && machine.process) {
    machine.process.kill('SIGCONT');
    setState(machine, 'started', 'start');
    log(fleet, app, machine, { level: 'info', provider: 'runner', message: 'Machine started in 412ms' });
  } else await startMachine(fleet, app, machine);
  fleet.effects.add('machine-woken', { app: app.name, machine: machine.id });
}

/** A machine for a request when none is awake: wakes one where the configuration lets it, and waits until it is healthy. */
export async function wakeForRequest(fleet: Fleet, app: App): Promise<Machine | undefined> {
  const asleep = app.machines.find(
    ({ state, config }) => config.autoStart && (state === 'suspended' || state === 'stopped'),
  );
  const machine = asleep ?? app.machines.find(({ state, config }) => config.autoStart && state === 'started');
  if (!machine) return undefined;
  await wake(fleet, app, machine);
  for (const until = Date.now() + WAKE_MS; Date.now() < until; await sleep(50)) {
    if (isHealthy(machine)) return machine;
  }
  return undefined;
}
