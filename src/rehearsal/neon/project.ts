/** One Neon project: its branches, what they run on, and the operations that change them one after another. */
import { randomBytes, randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Ground } from '../stand-in.ts';
import { type Certificate, selfSigned } from './certificate.ts';
import { type Endpoint, openEndpoint } from './endpoint.ts';
import { beginHistory, branchAt, type Historian, type Server } from './history.ts';

export interface Branch {
  id: string;
  name: string;
  parent?: string;
  /** As of when it was branched. */
  at?: Date;
  state: 'init' | 'ready' | 'resetting';
  createdAt: Date;
  server?: Server;
  endpoint?: Endpoint;
}

export interface Operation {
  id: string;
  action: string;
  status: 'scheduling' | 'running' | 'finished' | 'failed';
  branch: string;
  error?: string;
  createdAt: Date;
}

export interface NeonProject {
  id: string;
  database: string;
  role: string;
  password: string;
  key: string;
  retentionSeconds: number;
  branches: Branch[];
  operations: Operation[];
  ground: Ground;
  historian: Historian;
  certificate: Certificate;
}

const RETENTION_SECONDS = 7 * 86_400;
const DEFAULT_AGE_MS = 30 * 86_400_000;
/** An operation takes a moment at least, so that whoever does not wait for it is found out. */
const LEAST_MS = 400;

/** Makes the project of the run's values `neon_project`, `neon_branch`, `neon_database` and `neon_role`, with one branch. */
export async function createProject(ground: Ground): Promise<NeonProject> {
  const { values } = ground.order;
  const admin = { user: 'neon_superuser', password: randomBytes(18).toString('hex') };
  const password = `npg_${randomBytes(12).toString('hex')}`;
  const database = values['neon_database'] ?? 'neondb';
  const role = values['neon_role'] ?? 'neondb_owner';
  await ground.database.query(`create role ${admin.user} login superuser password '${admin.password}'`);
  await ground.database.createDatabase(database, role, password, false);
  const certificate = selfSigned('neon.rehearsal');
  const project: NeonProject = {
    id: values['neon_project'] ?? 'rehearsal-project-1',
    database,
    role,
    password,
    key: `napi_${randomBytes(24).toString('hex')}`,
    retentionSeconds: RETENTION_SECONDS,
    branches: [],
    operations: [],
    ground,
    historian: { admin, directory: join(ground.world, 'neon'), record: ground.record },
    certificate,
  };
  project.branches.push({
    id: branchId(),
    name: values['neon_branch'] ?? 'main',
    state: 'ready',
    createdAt: new Date(Date.now() - DEFAULT_AGE_MS),
    endpoint: await openEndpoint(endpointId(), ground.database.port, certificate),
  });
  return project;
}

/** Begins the history of the default branch, when everything that was before the rehearsal is in it. */
export async function beginProject(project: NeonProject): Promise<void> {
  const [main] = project.branches;
  if (!main) return;
  const { database, world } = project.ground;
  // A drill has stopped it before the operator comes.
  const down = !database.running();
  if (down) await database.start();
  const running = { directory: join(world, 'pg'), port: database.port };
  // The platform stops the server that the rehearsal's other parts stand on.
  main.server = { ...running, stop: async () => {}, ...(await beginHistory(project.historian, running, 'main')) };
  if (project.ground.order.broken && project.ground.order.drill === 'wrong-database-password') {
    await resetPassword(project, main);
  }
  if (down) await database.stop();
}

/** What somebody does in the console who does not tell the apps. */
async function resetPassword(project: NeonProject, { endpoint }: Branch): Promise<void> {
  project.password = `npg_${randomBytes(12).toString('hex')}`;
  await project.ground.database.query(`alter role "${project.role}" password '${project.password}'`);
  project.ground.effects.add('neon-password-reset', { role: project.role });
  endpoint?.drop();
}

/** Starts to restart the compute of a branch, which also brings a server back that is down. */
export function startRestart(project: NeonProject, branch: Branch): void {
  project.ground.effects.add('neon-endpoint-restarted', { branch: branch.name });
  operate(project, branch, ['suspend_compute', 'start_compute'], async () => {
    branch.endpoint?.drop();
    if (branch === project.branches[0]) await project.ground.database.start();
  });
}

/** The connection string of a branch's endpoint; undefined when it has none. */
export function connectionString(
  { role, password, database }: Pick<NeonProject, 'role' | 'password' | 'database'>,
  { endpoint }: Branch,
): string | undefined {
  if (!endpoint) return undefined;
  return `postgresql://${role}:${password}@127.0.0.1:${endpoint.port}/${database}?sslmode=require&channel_binding=require`;
}

/** Whether an operation is running: nothing else may be changed then. */
export function isLocked({ operations }: NeonProject): boolean {
  return operations.some(({ status }) => status === 'scheduling' || status === 'running');
}

/** Starts a new branch of another, as of a point in time; its operations tell when it is there. */
export function startBranch(project: NeonProject, parent: Branch, name: string, at: Date | undefined): Branch {
  const branch: Branch = {
    id: branchId(),
    name,
    parent: parent.id,
    ...(at ? { at } : {}),
    state: 'init',
    createdAt: new Date(),
  };
  project.branches.push(branch);
  project.ground.effects.add('neon-branch-created', { branch: name, parent: parent.name });
  operate(project, branch, ['create_branch', 'start_compute'], async () => {
    branch.server = await serverAt(project, parent, at ?? new Date(), branch.id);
    branch.endpoint = await openEndpoint(endpointId(), branch.server.port, project.certificate);
    branch.state = 'ready';
  });
  return branch;
}

/** Starts to put a branch back: its endpoint stays, and its state before becomes a branch of its own. */
export function startRestore(project: NeonProject, branch: Branch, source: Branch, at: Date, keep: string): void {
  branch.state = 'resetting';
  const kept: Branch = { id: branchId(), name: keep, state: 'ready', createdAt: new Date() };
  project.branches.push(kept);
  project.ground.effects.add('neon-branch-restored', { branch: branch.name, at: at.toISOString(), kept: keep });
  operate(project, branch, ['restore_branch', 'suspend_compute', 'start_compute'], async () => {
    const server = await serverAt(project, source, at, `${branch.id}-${project.branches.length}`);
    if (branch.server) kept.server = branch.server;
    branch.server = server;
    branch.parent = kept.id;
    branch.at = at;
    if (branch.endpoint) {
      branch.endpoint.target = server.port;
      branch.endpoint.drop();
    }
    branch.state = 'ready';
  });
}

function serverAt(project: NeonProject, branch: Branch, at: Date, name: string): Promise<Server> {
  if (!branch.server) throw new Error(`${branch.name} has no server yet`);
  return branchAt(project.historian, branch.server, at, name);
}

function operate(project: NeonProject, branch: Branch, actions: readonly string[], work: () => Promise<void>): void {
  const begun = actions.map((action): Operation => {
    return { id: randomUUID(), action, status: 'scheduling', branch: branch.id, createdAt: new Date() };
  });
  project.operations.unshift(...begun.toReversed());
  const all = (status: Operation['status']): void => {
    for (const operation of begun) operation.status = status;
  };
  void Promise.all([sleep(LEAST_MS).then(() => work()), sleep(LEAST_MS / 2).then(() => all('running'))]).then(
    () => all('finished'),
    (error: Error) => {
      all('failed');
      for (const operation of begun) operation.error = error.message;
    },
  );
}

/** Ends what the project runs, but for the server that is not its own. */
export async function endProject({ branches }: NeonProject): Promise<void> {
  await Promise.all(branches.map(({ endpoint }) => endpoint?.stop()));
  await Promise.all(branches.map(({ server }) => server?.stop()));
}

function branchId(): string {
  return `br-quiet-river-${randomBytes(4).toString('hex')}`;
}

function endpointId(): string {
  return `ep-quiet-river-${randomBytes(4).toString('hex')}`;
}
