/** The rehearsal of docker compose: a server with a checkout, an engine, six services and the gateway of another project. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { PassThrough, type Readable } from 'node:stream';
import { alembic } from '../alembic/alembic.ts';
import { freePort } from '../ports.ts';
import type { Ground, ProgramCall, StandIn, StandInKind } from '../stand-in.ts';
import { stopContainer } from './container.ts';
import { breaker } from './damage.ts';
import { docker } from './docker.ts';
import { containerId, type Engine, publishHosts, pulledImage } from './engine.ts';
import { GATEWAY, openGateway } from './gateway.ts';
import { leaveLastNightsBackup, leaveLastUpdate } from './last-night.ts';
import { writeProject } from './project.ts';
import { makeSecrets, type Secrets } from './secrets.ts';
import { createSwitch } from './switch.ts';

const NEEDS = /^(compose|celery|redis|backup)\//;
const CALLS = /\bdocker(-compose)?\s/;
/** After an `up` that succeeded, so that the deploy itself is still seen to succeed. */
const DATABASE_DOWN_MS = 1500;

export const compose: StandInKind = {
  name: 'compose',
  needed: (uses, bodies) => uses.some((task) => NEEDS.test(task ?? '')) || bodies.some((body) => CALLS.test(body)),
  start,
};

async function start(ground: Ground): Promise<StandIn> {
  const { order, project, database } = ground;
  const directory = join(ground.world, 'compose');
  for (const name of ['images', 'roots/api/data/media', 'bin']) mkdirSync(join(directory, name), { recursive: true });
  const secrets = makeSecrets(new URL(ground.redis.url));
  const drill: string | undefined = order.drill;
  const file = order.values['compose_file'] ?? 'deploy/docker-compose.prod.yml';
  const branch = order.values['branch'] ?? 'master';
  const broken = drill === 'release-unhealthy' ? 'unhealthy' : drill === 'migration-fails' ? 'migration' : undefined;
  await database.createDatabase('salon_gbp', 'salon_gbp', secrets.postgresPassword, true);
  const engine = await createEngine(ground, directory, secrets);
  const gateway = await openGateway(engine);
  addGateway(engine, gateway.port);
  publishHosts(engine);
  const damage = breaker(engine, { project, branch, file, run: (...args) => inProject(engine, ground, args) });
  let commits: readonly string[] = [];
  const run = (call: ProgramCall): Promise<number> => docker(engine, call);
  return {
    programs: { docker: run, 'docker-compose': run },
    origins: Object.fromEntries(publicHosts(order.values).map((host) => [host, gateway.origin])),
    secrets: {
      POSTGRES_PASSWORD: secrets.postgresPassword,
      REDIS_PASSWORD: secrets.redisPassword,
      TOKEN_ENC_KEY_B64: secrets.tokenKey,
      OAUTH_STATE_SECRET: secrets.oauthSecret,
      DATABASE_URL: hostDatabaseUrl(engine, secrets),
    },
    details: { compose: file },
    async populated() {
      if (!order.fly) await clear(project, order.configs);
      const origin = join(directory, 'origin.git');
      commits = await writeProject({ directory: project, origin, branch, file, secrets, broken });
      if (!order.existing) return;
      await runBefore(engine, ground, file, secrets);
      const backups = order.values['backup_dir'];
      if (backups !== undefined) {
        const caller = { program: 'docker', env: {}, cwd: project, signal: ground.leaving };
        await leaveLastUpdate(project, backups, commits[0] ?? '');
        await leaveLastNightsBackup(project, backups, (call) => docker(engine, { ...caller, ...call }));
      }
      if (order.broken && drill) await damage(drill);
      else if (drill === 'database-down')
        engine.afterUp = once(() => setTimeout(() => void database.stop(), DATABASE_DOWN_MS).unref());
    },
    ask(question, given) {
      if (question === 'commits') return [...commits];
      if (question === 'containers') {
        return engine.containers.map(({ service, name, state, id }) => ({ service, name, state, id }));
      }
      if (question === 'break') void damage(String(given));
      return null;
    },
    async stop() {
      gateway.close();
      await Promise.all(engine.containers.filter(({ role }) => role !== 'db').map((one) => stopContainer(engine, one)));
      await engine.redis.off();
    },
  };
}

/** What the project of an app on Fly would have: this server's directory is a checkout and nothing else. */
async function clear(project: string, configs: readonly string[]): Promise<void> {
  const names = ['fly.toml', 'main.mjs', 'release.json', 'migrations', 'alembic', 'alembic.ini', ...configs];
  await Promise.all(names.map((name) => rm(join(project, name), { recursive: true, force: true })));
}

function once(act: () => void): () => void {
  let done = false;
  return () => {
    if (!done) act();
    done = true;
  };
}

async function createEngine(ground: Ground, directory: string, secrets: Secrets): Promise<Engine> {
  const redis = await createSwitch(Number(new URL(ground.redis.url).port));
  const [api, web] = [await freePort(), await freePort()];
  return {
    directory,
    containers: [],
    images: [],
    networks: new Set(['bridge', 'host', 'none', 'app-network']),
    ports: { 'api:8000': api, 'web:8000': web, 'db:5432': ground.database.port, 'redis:6379': redis.port },
    database: ground.database,
    redis,
    effects: ground.effects,
    ownerPassword: secrets.postgresPassword,
    record: ground.record,
    afterUp: () => {},
    leaving: ground.leaving,
  };
}

/** Nginx Proxy Manager, a project of its own: what the public name leads to. */
function addGateway(engine: Engine, port: number): void {
  const now = new Date();
  Object.assign(engine.ports, { 'gateway:80': port });
  const image = pulledImage(engine, 'jc21/nginx-proxy-manager:2');
  engine.containers.push({
    id: containerId(),
    name: GATEWAY,
    project: 'gateway',
    service: 'app',
    role: 'gateway',
    image,
    ref: 'jc21/nginx-proxy-manager:2',
    command: ['/init'],
    env: {},
    networks: ['app-network'],
    restart: 'unless-stopped',
    cpus: 0,
    memory: 0,
    hash: '',
    state: 'running',
    healthLog: [],
    failingStreak: 0,
    exitCode: 0,
    restarts: 0,
    createdAt: now,
    startedAt: now,
    finishedAt: undefined,
    stopping: false,
    logs: [],
  });
}

/** What has been running here for weeks: the second revision, its schema, some rows, and an image of last month's. */
async function runBefore(engine: Engine, ground: Ground, file: string, secrets: Secrets): Promise<void> {
  const old = pulledImage(engine, 'salon_gbp_app:2025-10');
  old.bytes = 412_000_000;
  const said: string[] = [];
  const migrated = await alembic({
    args: ['upgrade', 'head'],
    cwd: ground.project,
    env: { DATABASE_URL: hostDatabaseUrl(engine, secrets) },
    out: (text) => said.push(text),
    err: (text) => said.push(text),
  });
  if (migrated !== 0) throw new Error(`the rehearsal's first migrations failed: ${said.join('')}`);
  await ground.database.query(ROWS, 'salon_gbp');
  writeFileSync(join(engine.directory, 'roots/api/data/media/salon-1.jpg'), Buffer.from('ffd8ffe000104a464946', 'hex'));
  const { code, text } = await inProject(engine, ground, [
    'compose',
    '-f',
    file,
    '--env-file',
    '.env',
    'up',
    '-d',
    '--build',
    '--wait',
  ]);
  if (code !== 0) {
    const logs = engine.containers.flatMap(({ service, logs, healthLog }) => [
      ...logs.map((line) => `${service}: ${line.text}`),
      ...healthLog.map(({ output }) => `${service} (health): ${output}`),
    ]);
    throw new Error(
      `the rehearsal's services did not start: ${logs.slice(-20).join('\n')}\n${text.trim().split('\n').at(-1)}`,
    );
  }
}

const ROWS = `
insert into app_users (supabase_user_id, display_name, role) values
  ('00000000-0000-4000-8000-000000000001', '管理者', 'super_admin'),
  ('00000000-0000-4000-8000-000000000002', '店舗担当', 'salon_admin');
insert into salons (name) values ('本店');
insert into alerts (type, message, created_at) values
  ('task_failed', 'app.tasks.sync_reviews: timed out', now() - interval '2 days'),
  ('gbp_token', 'GBP token of salon 1 expires soon', now() - interval '3 hours');
insert into job_logs (task_name, status, started_at, finished_at)
  select 'app.tasks.sync_reviews', case when n = 7 then 'failed' else 'success' end, now() - n * interval '1 hour', now() - n * interval '1 hour' + interval '9 seconds'
  from generate_series(1, 12) n;
`;

async function inProject(
  engine: Engine,
  ground: Ground,
  args: readonly string[],
): Promise<{ code: number; text: string }> {
  let text = '';
  const take = (chunk: string | Uint8Array): void => {
    text += typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString('utf8');
  };
  const stdin: Readable = new PassThrough().end();
  const call = {
    program: 'docker',
    args,
    cwd: ground.project,
    env: {},
    stdin,
    signal: ground.leaving,
    out: take,
    err: take,
  };
  return { code: await docker(engine, call), text };
}

function hostDatabaseUrl(engine: Engine, { postgresPassword }: Secrets): string {
  return `postgresql://salon_gbp:${postgresPassword}@127.0.0.1:${engine.database.port}/salon_gbp`;
}

/** Hosts of the runbook's public URLs: all lead to the gateway, but for an app's on Fly. */
function publicHosts(values: Readonly<Record<string, string>>): string[] {
  const hosts = Object.values(values).flatMap((value) =>
    /^https?:\/\//.test(value) && URL.canParse(value) ? [new URL(value).hostname] : [],
  );
  return [...new Set(hosts)].filter((host) => !host.endsWith('.fly.dev') && !/^(localhost|127\.|\[)/.test(host));
}
