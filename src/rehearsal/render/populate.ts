/** The workspace as an operator finds it: HoroloGen's staging and production, and their databases. */
import { randomBytes } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { shellQuote } from '../../exec/quote.ts';
import { installAlembic } from '../alembic/install.ts';
import type { SeedUser } from '../catalogue/release.ts';
import { VERSIONS, type Version, writeVersion } from '../catalogue/repository.ts';
import { PROGRAMS } from '../programs.ts';
import type { Ground } from '../stand-in.ts';
import { latestBuild, requestDeploy } from './deploys.ts';
import { newId } from './ids.ts';
import { startJob } from './jobs.ts';
import type { Service, Workspace } from './model.ts';

const DOMAIN = 'onrender.com';

/** The rehearsal's own values of the runbook's secrets. */
export interface Passwords {
  platform: string;
  admin: string;
  staff: string;
}

export function createPasswords(): Passwords {
  const make = (): string => randomBytes(15).toString('base64url');
  return { platform: make(), admin: make(), staff: make() };
}

/** An empty workspace with its programs, services and databases; nothing is deployed yet. */
export async function createWorkspace(ground: Ground): Promise<Workspace> {
  const directory = join(ground.world, 'render');
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const workspace: Workspace = {
    ground,
    key: `rnd_${randomBytes(16).toString('hex')}`,
    account: { name: 'Rehearsal', email: 'operator@example.com' },
    owner: { id: newId('tea'), name: 'rehearsal', email: 'operator@example.com', type: 'team' },
    services: [],
    databases: [],
    logs: [],
    jobs: [],
    refusals: [],
    bin: join(directory, 'bin'),
    directory,
  };
  installPrograms(workspace.bin);
  const {
    service = 'horologen-staging',
    other_service,
    database = 'horologen-staging-db',
    base_url,
  } = ground.order.values;
  const host = base_url && URL.canParse(base_url) ? new URL(base_url).host : `${service}.${DOMAIN}`;
  await addDatabase(workspace, database);
  workspace.services.push(newService(service, host));
  if (other_service !== undefined && other_service !== service) {
    const other = newService(other_service, `${other_service}.${DOMAIN}`);
    other.envVars.set('SECRET_KEY', randomBytes(32).toString('hex'));
    other.envVars.set('FLASK_ENV', 'production');
    workspace.services.push(other);
  }
  return workspace;
}

/** Commits of the service and, where it is in use already, its variables, deploys and data. */
export async function fill(workspace: Workspace, service: Service, passwords: Passwords): Promise<void> {
  const { existing, drill, broken } = workspace.ground.order;
  const users = usersOf(passwords);
  await commit(workspace, service, VERSIONS.first, users);
  const next: Version = {
    ...VERSIONS.next,
    ...(drill === 'migration-fails' ? { failingMigration: true } : {}),
    ...(drill === 'release-unhealthy' ? { missingModule: 'pricing' } : {}),
  };
  if (!existing) {
    // Somebody has made the service; its first deploy has no SECRET_KEY and cannot start.
    await deploy(workspace, service);
    await commit(workspace, service, next, users);
    return;
  }
  service.envVars = new Map([
    ['DATABASE_URL', workspace.databases[0]?.url ?? ''],
    ['SECRET_KEY', randomBytes(32).toString('hex')],
    ['ANTHROPIC_API_KEY', `sk-ant-${randomBytes(16).toString('hex')}`],
    ['HOROLOGEN_PLAN', 'limited'],
    ['HOROLOGEN_MONTHLY_LIMIT', '30'],
    ['FLASK_ENV', 'production'],
    ['DEBUG_AUTH_LINKS', '0'],
  ]);
  await deploy(workspace, service);
  await job(workspace, service, 'python -m alembic upgrade head');
  await job(workspace, service, 'python scripts/seed_dev.py');
  await job(workspace, service, 'python scripts/seed_staging_min.py');
  await commit(workspace, service, VERSIONS.second, users);
  await deploy(workspace, service);
  await commit(workspace, service, next, users);
  if (!broken) return;
  if (drill === 'migration-fails' || drill === 'release-unhealthy') {
    await deploy(workspace, service);
    await job(workspace, service, 'python -m alembic upgrade head');
  }
}

/** A commit arrives on the branch; with auto-deploy on it is deployed. Gives whether it is. */
export async function push(workspace: Workspace, service: Service, users: readonly SeedUser[]): Promise<boolean> {
  const version = `1.9.${service.commits.length}`;
  await commit(workspace, service, { ...VERSIONS.next, version, message: `Release ${version}` }, users);
  const newest = service.commits.at(-1);
  if (service.autoDeploy === 'no' || !newest) return false;
  requestDeploy(workspace, service, { trigger: 'new_commit', commit: newest });
  return true;
}

export function usersOf({ platform, admin, staff }: Passwords): SeedUser[] {
  return [
    { email: 'platform-admin@example.com', role: 'platform_admin', tenant: null, password: platform },
    { email: 'admin-a@example.com', role: 'admin', tenant: 2, password: admin },
    { email: 'staff-a@example.com', role: 'staff', tenant: 2, password: staff },
    { email: 'staff-b@example.com', role: 'staff', tenant: 3, password: staff },
  ];
}

async function commit(
  workspace: Workspace,
  service: Service,
  version: Version,
  users: readonly SeedUser[],
): Promise<void> {
  const id = randomBytes(20).toString('hex');
  const directory = join(workspace.directory, 'repository', id);
  await writeVersion(directory, version, users);
  service.commits.push({ id, message: version.message, createdAt: new Date().toISOString(), directory });
}

async function deploy(workspace: Workspace, service: Service): Promise<void> {
  const newest = service.commits.at(-1);
  if (newest) await requestDeploy(workspace, service, { trigger: 'manual', commit: newest }).done;
}

/** As somebody did it earlier. */
async function job(workspace: Workspace, service: Service, startCommand: string): Promise<void> {
  const build = latestBuild(service);
  if (build === undefined) return;
  const begun = startJob(workspace, service, build, { startCommand, planId: 'plan-srv-006' });
  while ((begun.status === 'pending' || begun.status === 'running') && !workspace.ground.leaving.aborted) {
    await sleep(20);
  }
}

async function addDatabase(workspace: Workspace, name: string): Promise<void> {
  const role = name.replaceAll(/\W/g, '_');
  const password = randomBytes(18).toString('base64url');
  await workspace.ground.database.createDatabase(role, role, password, false);
  const url = `postgresql://${role}:${password}@127.0.0.1:${workspace.ground.database.port}/${role}`;
  workspace.databases.push({ id: newId('dpg'), name, url });
}

function newService(name: string, host: string): Service {
  return {
    id: newId('srv'),
    name,
    branch: 'main',
    autoDeploy: 'yes',
    suspended: 'not_suspended',
    envVars: new Map(),
    deploys: [],
    events: [],
    commits: [],
    queue: Promise.resolve(),
    waiting: 0,
    host,
    createdAt: new Date().toISOString(),
  };
}

/** `alembic`, and a `python` that knows it and the catalogue's scripts. */
function installPrograms(bin: string): void {
  mkdirSync(bin, { recursive: true, mode: 0o755 });
  installAlembic(bin);
  const alembic = shellQuote(join(bin, 'alembic'));
  const catalogue = `${shellQuote(process.execPath)} ${shellQuote(PROGRAMS.catalogue)}`;
  const script = [
    '#!/bin/sh',
    `if [ "$1" = -m ] && [ "$2" = alembic ]; then shift 2; exec ${alembic} "$@"; fi`,
    `exec ${catalogue} run "$@"`,
  ];
  writeFileSync(join(bin, 'python'), `${script.join('\n')}\n`, { mode: 0o755 });
}
