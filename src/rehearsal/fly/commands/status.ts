import { once } from 'node:events';
import { appName, type Call, FlyError, flag, isSet } from '../call.ts';
import { type Fleet, findApp, findAppOnMachinesApi } from '../fleet.ts';
import { checkJson, imagesJson, logJson, releasesJson, render, statusJson } from '../json.ts';
import type { App, LogLine, Machine } from '../model.ts';
import { refreshPostgresChecks } from '../postgres.ts';
import { ago, properties, table } from '../text.ts';

export async function status(fleet: Fleet, call: Call): Promise<void> {
  const app = findApp(fleet, appName(call));
  await refreshPostgresChecks(fleet, app);
  if (isSet(call, 'json')) {
    if (isSet(call, 'watch')) throw new FlyError('--watch and --json are not supported together');
    call.out(render(statusJson(app)));
    return;
  }
  if (app.kind === 'postgres') {
    call.out(
      table(
        ['ID', 'STATE', 'ROLE', 'REGION', 'CHECKS', 'IMAGE', 'CREATED', 'UPDATED'],
        app.machines.map((machine) => [
          machine.id,
          machine.state,
          'primary',
          machine.region,
          checksText(machine),
          `${machine.image.repository}:${machine.image.tag}`,
          machine.createdAt.toISOString(),
          machine.updatedAt.toISOString(),
        ]),
      ),
    );
    return;
  }
  const image = app.machines[0]?.image;
  call.out(
    properties('App', [
      ['Name', app.name],
      ['Owner', app.org],
      ['Hostname', `${app.name}.fly.dev`],
      ['Image', image ? `${image.repository}:${image.tag}` : '-'],
    ]),
  );
  if (app.machines.length === 0) return;
  call.out('Machines\n');
  call.out(
    table(
      ['PROCESS', 'ID', 'VERSION', 'REGION', 'STATE', 'ROLE', 'CHECKS', 'LAST UPDATED'],
      app.machines.map((machine) => [
        'app',
        machine.id,
        String(machine.releaseVersion),
        machine.region,
        machine.state,
        '',
        checksText(machine),
        machine.updatedAt.toISOString(),
      ]),
    ),
  );
}

function checksText(machine: Machine): string {
  if (machine.checks.length === 0) return '';
  const counts = (['passing', 'warning', 'critical'] as const)
    .map((name) => [name, machine.checks.filter((check) => check.status === name).length] as const)
    .filter(([, count]) => count > 0)
    .map(([name, count]) => `${count} ${name}`);
  return `${machine.checks.length} total, ${counts.join(', ')}`;
}

export async function checksList(fleet: Fleet, call: Call): Promise<void> {
  const app = findAppOnMachinesApi(fleet, appName(call), 'active VMs');
  await refreshPostgresChecks(fleet, app);
  if (isSet(call, 'json')) {
    call.out(render(Object.fromEntries(app.machines.map((machine) => [machine.id, machine.checks.map(checkJson)]))));
    return;
  }
  const name = flag(call, 'check-name');
  call.out(`Health Checks for ${app.name}\n`);
  call.out(
    table(
      ['NAME', 'STATUS', 'MACHINE', 'LAST UPDATED', 'OUTPUT'],
      app.machines.flatMap((machine) =>
        machine.checks
          .filter((check) => name === undefined || check.name === name)
          .map((check) => [check.name, check.status, machine.id, ago(check.updatedAt), check.output]),
      ),
    ),
  );
}

export async function releases(fleet: Fleet, call: Call): Promise<void> {
  const app = findApp(fleet, appName(call));
  if (isSet(call, 'json')) {
    call.out(render(releasesJson(app)));
    return;
  }
  const image = isSet(call, 'image');
  call.out(
    table(
      ['VERSION', 'STATUS', 'DESCRIPTION', 'USER', 'DATE', ...(image ? ['DOCKER IMAGE'] : [])],
      app.releases
        .toReversed()
        .slice(0, 25)
        .map((release) => [
          `v${release.version}`,
          release.status,
          release.description,
          'operator@example.com',
          ago(release.createdAt),
          ...(image ? [release.imageRef] : []),
        ]),
    ),
  );
}

export async function imageShow(fleet: Fleet, call: Call): Promise<void> {
  const app = findApp(fleet, appName(call));
  const all = imagesJson(app);
  if (isSet(call, 'json')) {
    const [id] = call.args;
    const index = app.machines.findIndex((machine) => machine.id === id);
    call.out(render(id ? all[index] : all));
    return;
  }
  call.out('Image Details\n');
  call.out(
    table(
      ['MACHINE ID', 'REGISTRY', 'REPOSITORY', 'TAG', 'VERSION', 'DIGEST', 'LABELS'],
      app.machines.map(({ id, image }) => [
        id,
        'registry.fly.io',
        image.repository,
        image.tag,
        'N/A',
        image.digest,
        '',
      ]),
    ),
  );
}

/** Follows by default. With `--no-tail` it still waits for as long as the buffer is empty, as the real one does. */
export async function logs(fleet: Fleet, call: Call): Promise<void> {
  const app = findApp(fleet, appName(call));
  const machine = flag(call, 'machine');
  const region = flag(call, 'region');
  const wanted = (line: LogLine): boolean =>
    (machine === undefined || line.machine === machine) && (region === undefined || line.region === region);
  let last: LogLine | undefined;
  for (;;) {
    const lines = linesAfter(app, last).filter(wanted);
    last = app.logs.at(-1) ?? last;
    for (const line of lines) call.out(isSet(call, 'json') ? render(logJson(line)) : logText(line));
    if (isSet(call, 'no-tail') && lines.length > 0) return;
    if (call.signal.aborted) return;
    await nextLine(fleet, app, call.signal);
  }
}

function linesAfter(app: App, last: LogLine | undefined): readonly LogLine[] {
  return last ? app.logs.slice(app.logs.indexOf(last) + 1) : app.logs;
}

async function nextLine(fleet: Fleet, app: App, signal: AbortSignal): Promise<void> {
  for (;;) {
    const [name] = (await once(fleet.events, 'log', { signal }).catch(() => [app.name])) as [string];
    if (name === app.name) return;
  }
}

function logText(line: LogLine): string {
  return `${line.at.toISOString()} ${line.provider}[${line.machine}] ${line.region} [${line.level}]${line.message}\n`;
}
