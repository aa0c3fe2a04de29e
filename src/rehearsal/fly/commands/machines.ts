import { setTimeout as sleep } from 'node:timers/promises';
import { appName, type Call, FlyError, isSet } from '../call.ts';
import { type Fleet, findApp, findAppOnMachinesApi, machineOf } from '../fleet.ts';
import { machineJson, render } from '../json.ts';
import { setState, startMachine, stopMachine } from '../machine.ts';
import type { App, Machine } from '../model.ts';
import { refreshPostgresChecks } from '../postgres.ts';
import { suspend as putToSleep, wake } from '../sleep.ts';
import { properties, table } from '../text.ts';

export async function list(fleet: Fleet, call: Call): Promise<void> {
  const app = findAppOnMachinesApi(fleet, appName(call), 'VMs');
  await refreshPostgresChecks(fleet, app);
  if (isSet(call, 'json')) {
    call.out(render(app.machines.map(machineJson)));
    return;
  }
  if (isSet(call, 'quiet')) {
    call.out(app.machines.map((machine) => `${machine.id}\n`).join(''));
    return;
  }
  if (app.machines.length === 0) {
    call.out(`No machines are available on this app ${app.name}\n`);
    return;
  }
  call.out(
    `${app.machines.length} machines have been retrieved from app ${app.name}.\nView them in the UI here (https://fly.io/apps/${app.name}/machines/)\n\n${app.name}\n`,
  );
  call.out(
    table(
      ['ID', 'NAME', 'STATE', 'CHECKS', 'REGION', 'IMAGE', 'CREATED', 'LAST UPDATED', 'PROCESS GROUP'],
      app.machines.map((machine) => [
        machine.id,
        machine.name,
        machine.state,
        `${machine.checks.filter((check) => check.status === 'passing').length}/${machine.checks.length}`,
        machine.region,
        `${machine.image.repository}:${machine.image.tag}`,
        machine.createdAt.toISOString(),
        machine.updatedAt.toISOString(),
        'app',
      ]),
    ),
  );
}

export async function status(fleet: Fleet, call: Call): Promise<void> {
  const { machine } = onlyMachine(fleet, call);
  call.out(`Machine ID: ${machine.id}\nInstance ID: ${machine.instance}\nState: ${machine.state}\n\n`);
  call.out(
    properties('VM', [
      ['ID', machine.id],
      ['Instance ID', machine.instance],
      ['State', machine.state],
      ['Image', `${machine.image.repository}:${machine.image.tag}`],
      ['Name', machine.name],
      ['Region', machine.region],
      ['Created', machine.createdAt.toISOString()],
      ['Updated', machine.updatedAt.toISOString()],
    ]),
  );
  call.out(
    table(
      ['STATE', 'EVENT', 'SOURCE', 'TIMESTAMP', 'INFO'],
      machine.events.map((event) => [
        event.status,
        event.type,
        event.source,
        new Date(event.timestamp).toISOString(),
        event.exitCode === undefined ? '' : `exit_code=${event.exitCode}`,
      ]),
    ),
  );
  if (isSet(call, 'display-config'))
    call.out(`\nConfig:\n${render((machineJson(machine) as { config: unknown }).config)}`);
}

export async function start(fleet: Fleet, call: Call): Promise<void> {
  for (const { app, machine } of chosenMachines(fleet, call)) {
    if (app.kind === 'postgres') {
      await fleet.database.start();
      setState(machine, 'started', 'start');
    } else await wake(fleet, app, machine);
    call.out(`${machine.id} has been started\n`);
  }
}

export async function stop(fleet: Fleet, call: Call): Promise<void> {
  for (const { app, machine } of chosenMachines(fleet, call)) {
    call.out(`Sending kill signal to machine ${machine.id}...\n`);
    if (app.kind === 'postgres') await fleet.database.stop();
    await stopMachine(machine, 'stopped');
    fleet.effects.add('machine-stopped', { app: app.name, machine: machine.id });
    call.out(`${machine.id} has been successfully stopped\n`);
  }
}

export async function suspend(fleet: Fleet, call: Call): Promise<void> {
  for (const { app, machine } of chosenMachines(fleet, call)) {
    call.out(`Suspending machine ${machine.id}...\n`);
    putToSleep(fleet, app, machine);
    fleet.effects.add('machine-slept', { app: app.name, machine: machine.id, state: machine.state });
    call.out(`${machine.id} has been successfully suspended\n`);
  }
}

export async function restart(fleet: Fleet, call: Call): Promise<void> {
  for (const { app, machine } of chosenMachines(fleet, call)) {
    call.out(`Restarting machine ${machine.id}\n`);
    if (app.kind === 'postgres') {
      await fleet.database.stop();
      await fleet.database.start();
      setState(machine, 'started', 'restart');
    } else {
      await stopMachine(machine, 'replacing');
      await startMachine(fleet, app, machine);
    }
    fleet.effects.add('machine-restarted', { app: app.name, machine: machine.id });
    call.out(`Machine ${machine.id} restarted successfully!\n`);
  }
}

/** Waits for a state; `settled`, the default, is any that does not change by itself. */
export async function wait(fleet: Fleet, call: Call): Promise<void> {
  const { machine } = onlyMachine(fleet, call);
  const wanted = call.flags['state']?.at(-1) ?? 'settled';
  const settled = ['started', 'stopped', 'suspended', 'destroyed'];
  for (const until = Date.now() + 30_000; Date.now() < until && !call.signal.aborted; await sleep(50)) {
    if (wanted === 'settled' ? settled.includes(machine.state) : machine.state === wanted) {
      call.out(`Machine ${machine.id} is ${machine.state}\n`);
      return;
    }
  }
  throw new FlyError(`timed out waiting for machine ${machine.id} to reach the ${wanted} state`);
}

function chosenMachines(fleet: Fleet, call: Call): readonly { app: App; machine: Machine }[] {
  if (call.args.length === 0) throw new FlyError('a machine ID must be specified when not running interactively');
  return call.args.map((id) => locate(fleet, call, id));
}

function onlyMachine(fleet: Fleet, call: Call): { app: App; machine: Machine } {
  const [id] = call.args;
  if (!id) throw new FlyError('a machine ID must be specified when not running interactively');
  return locate(fleet, call, id);
}

/** A machine's id says its app, so `-a` is not needed. */
function locate(fleet: Fleet, call: Call, id: string): { app: App; machine: Machine } {
  if (call.app) {
    const app = findApp(fleet, call.app);
    return { app, machine: machineOf(app, id) };
  }
  for (const app of fleet.apps.values()) {
    const machine = app.machines.find((candidate) => candidate.id === id);
    if (machine) return { app, machine };
  }
  throw new FlyError(`failed to get VM ${id}: machine not found`);
}
