import { setTimeout as sleep } from 'node:timers/promises';
import { type Call, FlyError, flag, isSet } from '../call.ts';
import { createApp, type Fleet, findApp, hexId, ORGANIZATION } from '../fleet.ts';
import { appStatus, appsJson, appsOf, render } from '../json.ts';
import { isHealthy, startMachine, stopMachine } from '../machine.ts';
import { ago, table } from '../text.ts';

const RESTART_WAIT_MS = 20_000;

export async function create(fleet: Fleet, call: Call): Promise<void> {
  const [argument] = call.args;
  const named = flag(call, 'name');
  if (argument && named && argument !== named) {
    throw new FlyError(`two app names specified ${argument} and ${named}, only one may be specified`);
  }
  const generated = isSet(call, 'generate-name') ? `app-${hexId(6)}` : undefined;
  const name = argument ?? named ?? generated;
  if (!name) throw new FlyError('name argument or flag must be specified when not running interactively');
  const app = createApp(fleet, name, flag(call, 'org') ?? ORGANIZATION, 'app');
  call.out(isSet(call, 'json') ? render({ ID: app.id, Name: app.name }) : `New app created: ${app.name}\n`);
}

export async function list(fleet: Fleet, call: Call): Promise<void> {
  const org = flag(call, 'org');
  const apps = appsOf(fleet).filter((app) => org === undefined || app.org === org);
  if (isSet(call, 'json')) call.out(render(appsJson(apps)));
  else if (isSet(call, 'quiet')) call.out(apps.map((app) => `${app.name}\n`).join(''));
  else {
    call.out(
      table(
        ['NAME', 'OWNER', 'STATUS', 'LATEST DEPLOY'],
        apps.map((app) => [
          app.name,
          app.org,
          appStatus(app),
          app.releases.length > 0 ? ago(app.releases.at(-1)?.createdAt ?? app.createdAt) : '',
        ]),
      ),
    );
  }
}

export async function destroy(fleet: Fleet, call: Call): Promise<void> {
  if (call.args.length === 0) throw new FlyError('requires at least one app name');
  for (const name of call.args) {
    const app = findApp(fleet, name);
    if (!isSet(call, 'yes')) throw new FlyError('yes flag must be specified when not running interactively');
    await Promise.all(app.machines.map((machine) => stopMachine(machine, 'destroyed')));
    fleet.apps.delete(name);
    fleet.effects.add('app-destroyed', { app: name });
    call.out(`Destroyed app ${name}\n`);
  }
}

export async function restart(fleet: Fleet, call: Call): Promise<void> {
  const name = call.args[0] ?? call.app;
  if (!name) throw new FlyError('You must specify the name of the app to restart');
  const app = findApp(fleet, name);
  if (app.kind === 'postgres') throw new FlyError('postgres apps should use `fly pg restart` instead');
  for (const machine of app.machines.filter(({ state }) => state === 'started')) {
    call.out(`Restarting machine ${machine.id}\n`);
    await stopMachine(machine, 'replacing');
    await startMachine(fleet, app, machine);
    fleet.effects.add('machine-restarted', { app: app.name, machine: machine.id });
    if (!isSet(call, 'skip-health-checks')) {
      const until = Date.now() + RESTART_WAIT_MS;
      while (!isHealthy(machine)) {
        if (call.signal.aborted) return;
        if (Date.now() > until) {
          throw new FlyError(
            `failed to restart machine ${machine.id}: timeout reached waiting for health checks to pass for machine ${machine.id}`,
          );
        }
        await sleep(50);
      }
      call.out(
        `  Waiting for ${machine.id} to become healthy (started, ${machine.checks.length}/${machine.checks.length})\n`,
      );
    }
    call.out(`Machine ${machine.id} restarted successfully!\n`);
  }
}
