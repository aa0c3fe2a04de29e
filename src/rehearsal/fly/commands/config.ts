import { appName, type Call, FlyError, isSet } from '../call.ts';
import { readConfig } from '../config.ts';
import { type Fleet, findApp } from '../fleet.ts';
import { render } from '../json.ts';
import { createMachine, startMachine, stopMachine } from '../machine.ts';
import { table } from '../text.ts';

export async function validate(fleet: Fleet, call: Call): Promise<void> {
  findApp(fleet, appName(call));
  if (!call.config) throw new FlyError('config file not found');
  call.err(`Validating ${call.config.path}\n`);
  readConfig(call.config.text, call.config.path);
  call.out('✓ Configuration is valid\n');
}

export async function show(fleet: Fleet, call: Call): Promise<void> {
  if (isSet(call, 'local')) {
    if (!call.config) throw new FlyError('config file not found');
    call.out(render(readConfig(call.config.text, call.config.path).raw));
    return;
  }
  const app = findApp(fleet, appName(call));
  if (!app.config) throw new FlyError('No machines configured for this app');
  call.out(render(app.config.raw));
}

export async function scaleShow(fleet: Fleet, call: Call): Promise<void> {
  const app = findApp(fleet, appName(call));
  const regions: Record<string, number> = {};
  for (const { region } of app.machines) regions[region] = (regions[region] ?? 0) + 1;
  if (isSet(call, 'json')) {
    call.out(
      render([
        { Process: 'app', Count: app.machines.length, CPUKind: 'shared', CPUs: 1, Memory: 256, Regions: regions },
      ]),
    );
    return;
  }
  const where = Object.entries(regions).map(([region, count]) => (count > 1 ? `${region}(${count})` : region));
  call.out(`VM Resources for app: ${app.name}\n\nGroups\n`);
  call.out(
    table(
      ['NAME', 'COUNT', 'KIND', 'CPUS', 'MEMORY', 'REGIONS'],
      [['app', String(app.machines.length), 'shared', '1', '256 MB', where.join(',')]],
    ),
  );
}

export async function scaleCount(fleet: Fleet, call: Call): Promise<void> {
  const app = findApp(fleet, appName(call));
  const release = app.releases.findLast(({ status }) => status === 'complete');
  const pattern = app.machines[0];
  if (!release || !pattern) {
    throw new FlyError('this app has no complete releases. Run `fly deploy` to create one and rerun this command');
  }
  const wanted = Number(/^(?:app=)?(\d+)$/.exec(call.args[0] ?? '')?.[1] ?? Number.NaN);
  if (Number.isNaN(wanted)) throw new FlyError(`'${call.args[0]}' is not a valid count`);
  const difference = wanted - app.machines.length;
  if (difference !== 0 && !isSet(call, 'yes'))
    throw new FlyError('yes flag must be specified when not running interactively');
  call.out(
    `App '${app.name}' is going to be scaled according to this plan:\n  ${difference >= 0 ? '+' : ''}${difference} machines for group 'app' on region '${pattern.region}'\n`,
  );
  for (let made = 0; made < difference; made += 1) {
    const machine = createMachine(app, release, pattern);
    app.machines.push(machine);
    fleet.effects.add('machine-created', { app: app.name, machine: machine.id });
    await startMachine(fleet, app, machine);
    call.out(`  Created ${machine.id} group:app region:${machine.region}\n`);
  }
  const surplus = difference < 0 ? app.machines.splice(difference) : [];
  for (const machine of surplus) {
    await stopMachine(machine, 'destroyed');
    fleet.effects.add('machine-destroyed', { app: app.name, machine: machine.id });
    call.out(`  Destroyed ${machine.id} group:app region:${machine.region}\n`);
  }
}

export async function regionsList(fleet: Fleet, call: Call): Promise<void> {
  const app = findApp(fleet, appName(call));
  const regions = [...new Set(app.machines.map((machine) => machine.region))];
  if (isSet(call, 'json')) call.out(render({ ProcessGroupRegions: [{ Name: 'app', Regions: regions }] }));
  else if (regions.length > 0) call.out(`Regions [app]: ${regions.join(', ')}\n`);
}

/** The hidden commands of the first platform that always fail. */
export async function deadRegions(): Promise<void> {
  throw new FlyError(
    'This command is no longer supported; use fly scale count to scale the number of Machines in a region. See https://fly.io/docs/launch/scale-count/.',
  );
}
