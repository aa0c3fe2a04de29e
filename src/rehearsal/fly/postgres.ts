import { readConfig } from './config.ts';
import { createApp, type Fleet, hexId } from './fleet.ts';
import type { App, Machine } from './model.ts';

/** An app whose one machine is the rehearsal's PostgreSQL. Every such app here is the same server. */
export function createPostgresApp(fleet: Fleet, name: string, org: string, region: string): App {
  const app = createApp(fleet, name, org, 'postgres');
  const now = new Date();
  const machine: Machine = {
    id: hexId(14),
    name: `deep-sea-${hexId(4)}`,
    region,
    state: 'started',
    image: {
      ref: `flyio/postgres-flex:${fleet.database.version}`,
      repository: 'flyio/postgres-flex',
      tag: fleet.database.version,
      digest: `sha256:${hexId(64)}`,
      directory: '',
      bytes: 0,
    },
    instance: hexId(26).toUpperCase(),
    releaseId: hexId(24),
    releaseVersion: 1,
    config: readConfig('', 'fly.toml'),
    secrets: new Map(),
    checks: ['pg', 'role', 'vm'].map((check) => ({ name: check, status: 'passing', output: '', updatedAt: now })),
    createdAt: now,
    updatedAt: now,
    events: [],
    port: fleet.database.port,
    portTaken: false,
    usedAt: now.getTime(),
    crashes: 0,
  };
  app.machines.push(machine);
  fleet.effects.add('postgres-created', { app: name });
  return app;
}

/** Asks the server, so that the checks of a database that is down say so. */
export async function refreshPostgresChecks(fleet: Fleet, app: App): Promise<void> {
  if (app.kind !== 'postgres') return;
  const problem = await fleet.database.query('select 1').then(
    () => undefined,
    (error: Error) => (error instanceof AggregateError ? String(error.errors[0]) : error.message),
  );
  const passing = {
    pg: '[✓] connections: 1 used, 3 reserved, 200 max',
    role: 'primary',
    vm: '[✓] checkDisk, checkLoad',
  };
  for (const machine of app.machines) {
    machine.state = problem === undefined ? 'started' : fleet.database.running() ? 'started' : 'stopped';
    for (const check of machine.checks) {
      const status = problem === undefined || check.name === 'vm' ? 'passing' : 'critical';
      if (check.status !== status) check.updatedAt = new Date();
      check.status = status;
      check.output =
        status === 'passing' ? passing[check.name as keyof typeof passing] : `failed to connect: ${problem}`;
    }
  }
}
