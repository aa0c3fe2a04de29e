/** The project that a rehearsal deploys: a directory with `fly.toml` and the sample service's source. */
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { AppOrder } from './apps.ts';
import type { DrillName } from './drills.ts';
import { migrationFiles } from './migrations.ts';
import { filesOfApps } from './several-apps.ts';

export interface ProjectRequest {
  directory: string;
  app: string;
  /** Names of further configuration files that the runbook's steps deploy with, e.g. `fly.stg.toml`. */
  configs: readonly string[];
  /** Every app, where there are several. */
  apps?: readonly AppOrder[];
  /** Files of `NAME=value`. */
  settings?: readonly { path: string; lines: readonly string[] }[];
  /** Directory of SQL files that those who deploy run themselves. */
  migrations?: string;
  /** Secrets without which the service does not start. */
  requires: readonly string[];
  /** Path of the bundled booking service. */
  service: string;
}

/** The three releases that an app which is already there has had, oldest first, and the one that is in the directory. */
export const VERSIONS = ['1.1.0', '1.2.0', '1.3.0', '1.4.0'] as const;

/** A staging's own configuration, by its name. */
const STAGING = /stg|staging/;

/**
 * The configuration of that name. The one of a staging (`fly.stg.toml`) sleeps when nobody asks for it, talks to its database
 * through asyncpg, and leaves the migrations to whoever deploys.
 */
export function configFor(name: string, app: string): string {
  return STAGING.test(name) ? stagingToml(app) : flyToml(app);
}

/** The configuration that the project's app runs with: the one that the runbook names, else `fly.toml`. */
export function ownConfig({ app, configs }: Pick<ProjectRequest, 'app' | 'configs'>): string {
  return configFor(configs[0] ?? 'fly.toml', app);
}

/** `fly.toml` of the project. Timeouts are short, because a rehearsal's operator waits for them. */
export function flyToml(app: string): string {
  return `# The configuration of the rehearsal's sample service.
app = '${app}'
primary_region = 'eze'

[env]
  LOG_LEVEL = 'info'

[deploy]
  strategy = 'rolling'
  wait_timeout = '15s'

[http_service]
  internal_port = 8080
  force_https = true
  auto_stop_machines = 'off'
  min_machines_running = 2

  [[http_service.checks]]
    grace_period = '1s'
    interval = '1s'
    timeout = '2s'
    method = 'GET'
    path = '/api/v1/healthz'

[[vm]]
  size = 'shared-cpu-1x'
`;
}

function stagingToml(app: string): string {
  return `# The configuration of the rehearsal's sample service as a staging that costs nothing while nobody asks for it.
app = '${app}'
primary_region = 'nrt'

[env]
  LOG_LEVEL = 'info'
  DATABASE_DRIVER = 'asyncpg'
  RUN_MIGRATIONS = 'never'
  CLOCK = 'jst-after-midnight'

[deploy]
  strategy = 'rolling'
  wait_timeout = '15s'

[http_service]
  internal_port = 8080
  force_https = true
  auto_stop_machines = 'suspend'
  auto_start_machines = true
  min_machines_running = 0

  [[http_service.checks]]
    grace_period = '1s'
    interval = '1s'
    timeout = '2s'
    method = 'GET'
    path = '/healthz'

[[vm]]
  size = 'shared-cpu-1x'
`;
}

/** Writes the project with the source of `version`. `drill` breaks it. */
export async function writeProject(request: ProjectRequest, version: string, drill?: DrillName): Promise<void> {
  const { directory } = request;
  const several = (request.apps ?? []).length > 0;
  // Where nothing migrates at the start, the service is healthy before its tables are there.
  const own = request.configs.some((name) => STAGING.test(name)) ? [] : ['accommodations', 'reservations'];
  const tables = [...own, ...(drill === 'release-unhealthy' ? ['guest_profiles'] : [])];
  const release = { version, requires: request.requires, tables };
  const files: Record<string, string> = {
    ...(several
      ? filesOfApps(request, version === VERSIONS[3], drill)
      : Object.fromEntries(['fly.toml', ...request.configs].map((name) => [name, configFor(name, request.app)]))),
    'release.json': `${JSON.stringify(release, null, 2)}\n`,
    'main.mjs': `// The sample service of the rehearsal; its code comes with tejun.
import { start } from ${JSON.stringify(request.service)};

await start(new URL('./', import.meta.url));
`,
    ...(several ? {} : migrationFiles(drill === 'migration-fails')),
  };
  const folders = new Set(Object.keys(files).map((name) => join(directory, dirname(name))));
  await Promise.all([...folders].map((folder) => mkdir(folder, { recursive: true, mode: 0o700 })));
  await Promise.all(Object.entries(files).map(([name, text]) => writeFile(join(directory, name), text)));
}
