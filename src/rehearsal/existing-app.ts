import { migrate } from './booking/migrate.ts';
import type { Voice } from './fly/call.ts';
import { attachDatabase, identifier } from './fly/commands/postgres.ts';
import { readConfig } from './fly/config.ts';
import { createApp, type Fleet, hexId, ORGANIZATION, storeSecret } from './fly/fleet.ts';
import { buildImage } from './fly/image.ts';
import type { App } from './fly/model.ts';
import { createPostgresApp } from './fly/postgres.ts';
import { rollOut } from './fly/rollout.ts';
import type { Order } from './order.ts';
import { ownConfig, type ProjectRequest, VERSIONS, writeProject } from './project.ts';
import { secretValue } from './secret-value.ts';

const REGION = 'eze';
/** Longer than any machine needs here, for one that is very busy. */
const WAIT_MS = 60_000;
/** How long before the rehearsal the earlier releases were made, oldest first. */
const AGES_MS = [14 * 86_400_000, 6 * 86_400_000];

export interface ExistingApp {
  app: App;
  /** The database that it uses, as it can be reached from this machine. */
  database: string;
}

/** Sets the app up as it would be after three deploys: database attached, secrets deployed, machines healthy. */
export async function createExistingApp(
  fleet: Fleet,
  order: Order,
  project: ProjectRequest,
  redis: string,
  signal: AbortSignal,
): Promise<ExistingApp> {
  createPostgresApp(fleet, order.postgres, ORGANIZATION, REGION);
  const app = createApp(fleet, order.app, ORGANIZATION, 'app');
  const name = identifier(order.app);
  const attached = await attachDatabase(fleet, order.postgres, name, name, true);
  storeSecret(fleet, app, 'DATABASE_URL', attached);
  const database = reachable(attached, fleet.database.port);
  for (const spec of order.secrets) {
    const value = spec.name === 'DATABASE_URL' ? undefined : secretValue(spec, { database, redis });
    if (value !== undefined) storeSecret(fleet, app, spec.name, value);
  }
  const config = ownConfig(project);
  if (/RUN_MIGRATIONS = 'never'/.test(config)) await prepareByHand(fleet, app, project, { attached, database });
  await releaseThrice(fleet, app, config, project, signal);
  return { app, database };
}

/** What whoever deployed it has done by hand: the connection string as asyncpg takes it, and the migrations. */
async function prepareByHand(
  fleet: Fleet,
  app: App,
  project: ProjectRequest,
  { attached, database }: { attached: string; database: string },
): Promise<void> {
  const { username, password, host, pathname } = new URL(attached);
  storeSecret(fleet, app, 'DATABASE_URL', `postgresql+asyncpg://${username}:${password}@${host}${pathname}`);
  await writeProject(project, VERSIONS[2]);
  await migrate(project.directory, database, () => {});
  await fleet.database.query(EARLIER_DATA, pathname.slice(1));
}

/** What the walk before this one has left: the columns that no migration makes, and a shop that opens tomorrow (JST). */
const EARLIER_DATA = `
alter table profiles add column buffer_minutes integer not null default 0;
alter table therapists add column photo_embedding double precision[];
alter table therapists add column photo_embedding_computed_at timestamptz;
alter table therapists add column main_photo_index integer default 0;
with shop as (
  insert into profiles (name, area, price_min, price_max, bust_tag, status)
  values ('STG Shop B (booking_hours)', 'stg', 10000, 20000, 'C', 'published') returning id
), day as (select (now() at time zone 'Asia/Tokyo')::date + 1 as date)
insert into availabilities (profile_id, date, slots_json)
select id, date, jsonb_build_array(jsonb_build_object(
  'start_at', date::timestamp at time zone 'Asia/Tokyo', 'end_at', (date + time '06:00') at time zone 'Asia/Tokyo'))
from shop, day;
`;

/** Gives an app three releases; the last one runs, configured as `config` says. */
export async function releaseThrice(
  fleet: Fleet,
  app: App,
  config: string,
  project: ProjectRequest,
  signal: AbortSignal,
): Promise<void> {
  for (const [index, age] of AGES_MS.entries()) {
    await writeProject(project, VERSIONS[index] ?? VERSIONS[0]);
    const image = await buildImage(fleet, app, project.directory);
    app.releases.push({
      id: hexId(24),
      version: index + 1,
      status: 'complete',
      description: 'Release',
      imageRef: image.ref,
      createdAt: new Date(Date.now() - age),
    });
  }
  await writeProject(project, VERSIONS[2]);
  await release(fleet, app, project, 'rolling', signal, config);
}

/** Deploys what is in the project's directory. */
export async function release(
  fleet: Fleet,
  app: App,
  project: ProjectRequest,
  strategy: 'rolling' | 'immediate',
  signal: AbortSignal,
  config: string = ownConfig(project),
): Promise<void> {
  const image = await buildImage(fleet, app, project.directory);
  const quiet: Voice = { out: () => {}, err: () => {}, signal };
  await rollOut(
    fleet,
    app,
    {
      description: 'Release',
      strategy,
      imageRef: image.ref,
      image,
      config: readConfig(config, 'fly.toml'),
      restartOnly: false,
      waitMs: WAIT_MS,
      checkHealth: strategy === 'rolling',
      count: 2,
    },
    quiet,
  );
}

/** The connection string of the private network as one of this machine. */
export function reachable(url: string, port: number): string {
  const { username, password, pathname } = new URL(url);
  return `postgresql://${username}:${password}@127.0.0.1:${port}${pathname}`;
}
