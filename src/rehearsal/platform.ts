/**
 * The rehearsal's platform: one process that owns everything a rehearsal starts. It is started with its order on the
 * first line of standard input, answers on standard output, and ends everything when standard input is closed, which
 * happens however its owner dies.
 */
import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Problem } from '../problem.ts';
import { listenForControl } from './control-server.ts';
import { type Database, startDatabase } from './database.ts';
import type { DrillName } from './drills.ts';
import { type Edge, openEdge } from './edge.ts';
import { createEffects } from './effects.ts';
import { createExistingApp, reachable, release } from './existing-app.ts';
import { damageDatabase } from './fly/damage.ts';
import { createFleet, type Fleet } from './fly/fleet.ts';
import { stopMachine } from './fly/machine.ts';
import type { Answer, Order, Ready } from './order.ts';
import { PLATFORMS } from './platforms.ts';
import { identify, type ProcessIdentity } from './process-identity.ts';
import { type ProjectRequest, VERSIONS, writeProject } from './project.ts';
import { type Redis, startRedis } from './redis.ts';
import { appToml, createExistingApps } from './several-apps.ts';
import type { StandIn } from './stand-in.ts';
import { endWorld, platformProcess, writeProcesses } from './world.ts';

/** What must be ended, in the order in which it was started. */
const started: (() => Promise<unknown>)[] = [];
/** Aborted when everything is to end: what is still being set up gives up. */
const leaving = new AbortController();
/** Everything ends in this time, or the process ends without it and the next rehearsal sweeps. */
const STOP_MS = 8000;
/** After a deploy that succeeded, so that the deploy itself is still seen to succeed. */
const DATABASE_DOWN_MS = 1500;

let world = '';
let starting: Promise<Ready> | undefined;

const lines = createInterface({ input: process.stdin });
lines.once('close', () => void stop());
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void stop());

const [line] = (await once(lines, 'line')) as [string];
const order = JSON.parse(line) as Order;
world = order.world;
// initdb reads its password from a file that the package writes where temporary files go.
process.env['TMPDIR'] = world;
process.umask(0o022);
try {
  starting = start(order);
  answer({ ready: await starting });
} catch (error) {
  // Told to end while it was starting: nobody waits for an answer.
  if (!leaving.signal.aborted) {
    if (!(error instanceof Problem)) throw error;
    answer({ problem: error.detail });
  }
  await stop();
}

async function start(order: Order): Promise<Ready> {
  const processes: ProcessIdentity[] = [platformProcess(process.pid)];
  const record = (pid: number, what: string): void => {
    const identity = identify(pid, what);
    if (identity) processes.push(identity);
    writeProcesses(world, processes);
  };
  writeProcesses(world, processes);
  const parts = [startDatabase(join(world, 'pg'), record), startRedis(join(world, 'redis'), record)] as const;
  for (const part of parts) started.push(async () => (await part).stop());
  const [database, redis] = await Promise.all(parts);
  const fleet = createFleet({
    database,
    effects: createEffects(join(world, 'effects.jsonl')),
    images: join(world, 'images'),
    token: order.token,
    record,
    afterDeploy: breakAfterDeploy(order, database),
    saveLogin: () => saveLogin(join(world, 'home'), order.token),
  });
  started.push(() => stopMachines(fleet));
  const others = new Map<string, StandIn>();
  const control = await listenForControl(join(world, 'control.sock'), { fleet, others });
  started.push(async () => control.close());
  const origins: Record<string, string> = await openEdges(fleet, order);
  await openPrivateNetwork(fleet, order);
  const ground = { order, world, project: join(world, 'project'), database, redis, effects: fleet.effects, record };
  for (const kind of PLATFORMS.filter(({ needed }) => needed(order.uses, order.bodies))) {
    const standIn = await kind.start({ ...ground, leaving: leaving.signal });
    started.push(() => standIn.stop());
    others.set(kind.name, standIn);
  }
  const given = [...others.values()];
  const secrets: Record<string, string> = Object.assign({}, ...given.map((one) => one.secrets));
  const databaseUrl = await populate(fleet, order, redis, secrets);
  for (const one of given) await one.populated?.();
  fleet.effects.add('rehearsal-ready');
  return {
    origins: Object.assign(origins, ...given.map((one) => one.origins)),
    database: databaseUrl,
    redis: redis.url,
    secrets,
    env: Object.assign({}, ...given.map((one) => one.env)),
    programs: given.flatMap((one) => Object.keys(one.programs ?? {})),
    details: {
      ...(order.hosts[0] ? { base_url: origins[order.hosts[0]] ?? '' } : {}),
      postgres: database.version,
      redis: redis.kind,
      ...(order.fly ? { release: order.existing ? VERSIONS[2] : 'none' } : {}),
      ...Object.assign({}, ...given.map((one) => one.details)),
      ...(order.drill ? { drill: order.drill } : {}),
    },
  };
}

async function openEdges(fleet: Fleet, order: Order): Promise<Record<string, string>> {
  const origins: Record<string, string> = {};
  for (const [index, host] of order.hosts.entries()) {
    const edge: Edge = await openEdge(fleet, host.replace(/\.fly\.dev$/, ''), index === 0 ? order.port : 0);
    started.push(() => edge.stop());
    origins[host] = edge.origin;
  }
  return origins;
}

/** Gives each app without a public port an address that the machines of the others know it by. */
async function openPrivateNetwork(fleet: Fleet, order: Order): Promise<void> {
  for (const { name, private: port } of order.apps) {
    if (port === undefined) continue;
    const edge = await openEdge(fleet, name, 0);
    started.push(() => edge.stop());
    fleet.private.set(`${name}:${port}`, new URL(edge.origin).host);
  }
}

/** Fills the project and, where the app is already there, the platform. Gives the database for connection strings. */
async function populate(
  fleet: Fleet,
  order: Order,
  redis: Redis,
  given: Readonly<Record<string, string>>,
): Promise<string> {
  const { app, apps, settings, migrations, configs, requires, service, drill } = order;
  const directory = join(world, 'project');
  const several = { apps, settings, ...(migrations === undefined ? {} : { migrations }) };
  const project: ProjectRequest = { directory, app, ...several, configs, requires, service };
  if (!order.existing || !order.fly) {
    await writeProject(project, VERSIONS[3], drill);
    const password = fleet.key.toString('hex');
    await fleet.database.createDatabase('rehearsal', 'rehearsal', password, true);
    return reachable(`postgresql://rehearsal:${password}@127.0.0.1/rehearsal`, fleet.database.port);
  }
  if (apps.length > 0 && given['DATABASE_URL'] !== undefined) {
    const database = given['DATABASE_URL'];
    const services = { given, database, redis: redis.url };
    const [first] = await createExistingApps(fleet, order, project, services, leaving.signal);
    await writeProject(project, VERSIONS[3], drill);
    if (order.broken && drill === 'database-down') await fleet.database.stop();
    else if (order.broken && isOfRelease(drill) && first && apps[0]) {
      await release(fleet, first, project, 'immediate', leaving.signal, appToml(apps[0]));
    }
    return database;
  }
  const existing = await createExistingApp(fleet, order, project, redis.url, leaving.signal);
  await writeProject(project, VERSIONS[3], drill);
  if (order.broken && drill === 'database-down') await fleet.database.stop();
  else if (order.broken && drill && !(await damageDatabase(fleet.database, app, drill)) && isOfRelease(drill)) {
    await release(fleet, existing.app, project, 'immediate', leaving.signal);
  }
  return existing.database;
}

/** Whether the drill is in the project's next release. */
function isOfRelease(drill: DrillName | undefined): boolean {
  return drill === 'release-unhealthy' || drill === 'migration-fails';
}

function breakAfterDeploy(order: Order, database: Database): () => Promise<void> {
  const { app, apps, drill, broken } = order;
  let done = drill === undefined || broken;
  return async () => {
    if (done || drill === undefined) return;
    done = true;
    if (drill === 'database-down') setTimeout(() => void database.stop(), DATABASE_DOWN_MS);
    else if (apps.length === 0) await damageDatabase(database, app, drill);
  };
}

/** Writes what `flyctl auth login` writes. */
async function saveLogin(home: string, token: string): Promise<void> {
  await mkdir(join(home, '.fly'), { recursive: true, mode: 0o700 });
  await writeFile(join(home, '.fly', 'config.yml'), `access_token: ${token}\n`, { mode: 0o600 });
}

async function stopMachines(fleet: Fleet): Promise<void> {
  const machines = [...fleet.apps.values()].flatMap((app) => app.machines);
  await Promise.all(machines.map((machine) => stopMachine(machine, 'destroyed')));
}

function answer(message: Answer): void {
  process.stdout.write(`${JSON.stringify(message)}\n`);
}

async function stop(): Promise<void> {
  if (leaving.signal.aborted) return;
  leaving.abort();
  setTimeout(() => void leave(1), STOP_MS).unref();
  // What is still starting must be there before it can be ended.
  await starting?.catch(() => {});
  for (const end of started.toReversed()) await end().catch(() => {});
  await leave(0);
}

/** Kills what is left of the recorded processes, removes the directory and ends this process. */
async function leave(code: number): Promise<void> {
  if (world) await endWorld(world, process.pid).catch(() => {});
  process.exit(code);
}
