import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { appName, type Call, FlyError, flag, isSet } from '../call.ts';
import { type Fleet, findApp, ORGANIZATION, storeSecret } from '../fleet.ts';
import { appStatus, appsJson, appsOf, render } from '../json.ts';
import { createPostgresApp } from '../postgres.ts';
import { ago, table } from '../text.ts';
import { REGIONS } from './account.ts';

/** flyctl says this on standard error on every call of the group. */
export const NOTICE =
  "Unmanaged Fly Postgres is not supported by Fly.io Support and users are responsible for operations, management, and disaster recovery. If you'd like a managed, supported solution, try 'fly mpg' (Managed Postgres).\nPlease visit https://fly.io/docs/mpg/overview/ for more information about Managed Postgres.\n\n";

export async function create(fleet: Fleet, call: Call): Promise<void> {
  const name = flag(call, 'name');
  const region = flag(call, 'region');
  if (!name) throw new FlyError('name argument or flag must be specified when not running interactively');
  if (!region) throw new FlyError('region code must be specified when not running interactively');
  if (!(region in REGIONS)) throw new FlyError(`region ${region} not found`);
  // Each of these would be asked for; without a terminal the question itself is the error.
  for (const needed of ['initial-cluster-size', 'vm-size', 'volume-size']) {
    if (!flag(call, needed)) throw new FlyError('prompt: non interactive');
  }
  const org = flag(call, 'org') ?? ORGANIZATION;
  const app = createPostgresApp(fleet, name, org, region);
  const password = newPassword();
  // Every cluster here is the same server, so the operator of the newest one has the password that works.
  const role = (await namesOf(fleet, ROLES)).includes('postgres') ? 'alter' : 'create';
  await fleet.database.query(`${role} role postgres superuser login password ${pg.escapeLiteral(password)}`);
  const machine = app.machines[0]?.id ?? '';
  call.out(`Creating postgres cluster in organization ${org}\nCreating app...\nSetting secrets on app ${name}...\n`);
  call.out(`Provisioning 1 of 1 machines with image ${app.machines[0]?.image.ref}\nWaiting for machine to start...\n`);
  call.out(`Machine ${machine} is created\n==> Monitoring health checks\n`);
  call.out(`  Waiting for ${machine} to become healthy (started, 3/3)\n\n`);
  call.out(`Postgres cluster ${name} created\n  Username:    postgres\n  Password:    ${password}\n`);
  call.out(
    `  Hostname:    ${name}.internal\n  Flycast:     fdaa:0:0:0:1::2\n  Proxy port:  5432\n  Postgres port:  5433\n`,
  );
  call.out(`  Connection string: postgres://postgres:${password}@${name}.flycast:5432\n\n`);
  call.out("Save your credentials in a secure place -- you won't be able to see them again!\n\n");
  call.out(
    `Connect to postgres\nAny app within the Personal organization can connect to this Postgres using the above connection string\n\n`,
  );
  call.out(
    "Now that you've set up Postgres, here's what you need to understand: https://fly.io/docs/postgres/getting-started/what-you-should-know/\n",
  );
}

export async function list(fleet: Fleet, call: Call): Promise<void> {
  const apps = appsOf(fleet, 'postgres');
  if (apps.length === 0) {
    call.out('No postgres clusters found\n');
    return;
  }
  if (isSet(call, 'json')) {
    call.out(render(appsJson(apps)));
    return;
  }
  call.out(
    table(
      ['NAME', 'OWNER', 'STATUS', 'LATEST DEPLOY'],
      apps.map((app) => [app.name, app.org, appStatus(app), ago(app.createdAt)]),
    ),
  );
}

export async function attach(fleet: Fleet, call: Call): Promise<void> {
  const [cluster = ''] = call.args;
  const postgres = fleet.apps.get(cluster);
  if (!postgres) throw new FlyError(`failed retrieving postgres app ${cluster}: Could not find App "${cluster}"`);
  if (postgres.kind !== 'postgres') throw new FlyError(`app ${cluster} is not a postgres app`);
  const app = findApp(fleet, appName(call));
  const variable = flag(call, 'variable-name') ?? 'DATABASE_URL';
  const database = identifier(flag(call, 'database-name') ?? app.name);
  const role = identifier(flag(call, 'database-user') ?? app.name);
  call.out('Checking for existing attachments\n');
  if (app.secrets.has(variable)) {
    throw new FlyError(`consumer app "${app.name}" already contains a secret named ${variable}`);
  }
  if ((await namesOf(fleet, 'select datname as name from pg_database')).includes(database) && !isSet(call, 'yes')) {
    throw new FlyError('prompt: non interactive');
  }
  if ((await namesOf(fleet, ROLES)).includes(role)) {
    throw new FlyError(
      `database user "${role}" already exists. Please specify a new database user via --database-user`,
    );
  }
  call.out('Registering attachment\nCreating database\nCreating user\n');
  const url = await attachDatabase(fleet, cluster, database, role, isSet(call, 'superuser', true));
  storeSecret(fleet, app, variable, url);
  fleet.effects.add('postgres-attached', { app: app.name, postgres: cluster });
  call.out(`\nPostgres cluster ${cluster} is now attached to ${app.name}\n`);
  call.out(`The following secret was added to ${app.name}:\n  ${variable}=${url}\n`);
}

/** Makes the database and the role, and gives the connection string that flyctl prints. */
export async function attachDatabase(
  fleet: Fleet,
  cluster: string,
  database: string,
  role: string,
  superuser: boolean,
): Promise<string> {
  const password = newPassword();
  await fleet.database.createDatabase(database, role, password, superuser);
  return `postgres://${role}:${password}@${cluster}.flycast:5432/${database}?sslmode=disable`;
}

/** An app's name as a name in the database, as flyctl writes it. */
export function identifier(name: string): string {
  return name.replaceAll('-', '_').toLowerCase();
}

const ROLES = 'select rolname as name from pg_roles';

async function namesOf(fleet: Fleet, sql: string): Promise<readonly string[]> {
  const { rows } = await fleet.database.query(sql);
  return rows.map((row) => String((row as { name: unknown }).name));
}

function newPassword(): string {
  return randomBytes(12).toString('base64url').replaceAll(/[-_]/g, 'x');
}
