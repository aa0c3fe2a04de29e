/** The project that a rehearsal of compose deploys: a git checkout, as on a server, and the repository that it pulls from. */
import { execFile, spawnSync } from 'node:child_process';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { EXIT, Problem } from '../../problem.ts';
import type { Secrets } from './secrets.ts';

const run = promisify(execFile);

/** Revisions of the repository, oldest first. The checkout is at the second; the third is there to be pulled. */
export const RELEASES = ['1.0.0', '1.1.0', '1.2.0'] as const;

export interface ProjectRequest {
  /** The steps' directory. */
  directory: string;
  /** Where the repository that it pulls from is made. */
  origin: string;
  branch: string;
  /** Path of the compose file in the checkout. */
  file: string;
  secrets: Secrets;
  /** Breaks the third revision. */
  broken?: 'unhealthy' | 'migration' | undefined;
}

/** Makes the repository and the checkout. Gives the commits. @throws Problem `rehearsal-no-git` */
export async function writeProject(request: ProjectRequest): Promise<readonly string[]> {
  if (spawnSync('git', ['--version']).status !== 0) {
    throw new Problem(
      {
        code: 'rehearsal-no-git',
        what: 'There is no git on this machine.',
        means: 'A server of compose is a git checkout, and its rehearsal is one too. Nothing was started.',
        next: ['install git'],
      },
      EXIT.rehearsal,
    );
  }
  const { directory, origin, branch } = request;
  const work = `${origin}-work`;
  await mkdir(work, { recursive: true });
  await git(work, 'init', '-q', '-b', branch);
  const commits: string[] = [];
  for (const [index, version] of RELEASES.entries()) {
    for (const [path, text] of Object.entries(filesOf(request, index))) {
      await mkdir(dirname(join(work, path)), { recursive: true });
      await writeFile(join(work, path), text);
    }
    await git(work, 'add', '-A');
    await git(work, 'commit', '-q', '-m', SUBJECTS[index] ?? version);
    commits.push((await git(work, 'rev-parse', 'HEAD')).trim());
  }
  await git(dirname(origin), 'clone', '-q', '--bare', work, origin);
  await rm(work, { recursive: true, force: true });
  await checkOut(request, commits);
  await writeFile(join(directory, '.env'), envFile(request.secrets), { mode: 0o600 });
  return commits;
}

async function checkOut({ directory, origin, branch }: ProjectRequest, commits: readonly string[]): Promise<void> {
  await git(directory, 'init', '-q', '-b', branch);
  await git(directory, 'remote', 'add', 'origin', origin);
  await git(directory, 'fetch', '-q', 'origin');
  // Two steps, as a server has come to where it is: the reflog is what a rollback looks at.
  await git(directory, 'reset', '-q', '--hard', commits[0] ?? 'HEAD');
  await git(directory, 'merge', '-q', '--ff-only', commits[1] ?? 'HEAD');
  await git(directory, 'branch', '-q', `--set-upstream-to=origin/${branch}`);
}

const SUBJECTS = ['予約とレビューの管理', 'アラートに重要度を追加', 'レビュー返信の下書きを追加'] as const;

const AUTHOR = {
  GIT_AUTHOR_NAME: 'Rehearsal',
  GIT_AUTHOR_EMAIL: 'rehearsal@example.com',
  GIT_COMMITTER_NAME: 'Rehearsal',
  GIT_COMMITTER_EMAIL: 'rehearsal@example.com',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_SYSTEM: '/dev/null',
};

async function git(cwd: string, ...args: string[]): Promise<string> {
  const { stdout } = await run('git', args, { cwd, env: { PATH: process.env['PATH'], HOME: cwd, ...AUTHOR } });
  return stdout;
}

/** Every file that a revision adds or changes. */
function filesOf({ file, broken }: ProjectRequest, index: number): Record<string, string> {
  const depth = file.split('/').length - 1;
  const root = depth === 0 ? '.' : Array(depth).fill('..').join('/');
  const last = index === RELEASES.length - 1;
  const release = {
    version: RELEASES[index],
    requires: ['DATABASE_URL', 'REDIS_URL', 'TOKEN_ENC_KEY_B64', 'OAUTH_STATE_SECRET'],
    tables: ['app_users', ...(last && broken === 'unhealthy' ? ['guest_profiles'] : [])],
  };
  return {
    'app/release.json': `${JSON.stringify(release, null, 2)}\n`,
    ...(index === 0
      ? {
          [file]: composeFile(root),
          '.gitignore': GITIGNORE,
          '.dockerignore': '.git\n.env\nbackups\n',
          'alembic.ini': '[alembic]\nscript_location = alembic\n',
          'web/index.html':
            '<!doctype html>\n<html lang="ja"><title>salon-gbp</title><body><div id="app"></div></body></html>\n',
          'deploy/api.Dockerfile': 'FROM python:3.12-slim\nWORKDIR /app\nCOPY . .\n',
          'deploy/web.Dockerfile': 'FROM nginx:alpine\nCOPY web /usr/share/nginx/html\n',
          'alembic/versions/0001_first.sql': FIRST,
        }
      : {}),
    ...(index === 1 ? { 'alembic/versions/0002_alert_severity.sql': SECOND } : {}),
    ...(last ? { 'alembic/versions/0003_reply_drafts.sql': broken === 'migration' ? BROKEN : THIRD } : {}),
  };
}

/** What a server's directory has beside its checkout. */
const GITIGNORE = `.env
backup*/
backup_*
*.dump*
`;

export function composeFile(root: string): string {
  const limits = (cpus: string, memory: string): string =>
    `    deploy: { resources: { limits: { cpus: "${cpus}", memory: ${memory} } } }\n    restart: unless-stopped\n`;
  const python = (name: string, command: string): string =>
    `    build: { context: ${root}, dockerfile: deploy/api.Dockerfile }
    image: salon_gbp_app:latest
    container_name: salon_gbp_${name}
    command: ${command}
    environment: *app
    depends_on:
      db: { condition: service_healthy }
      redis: { condition: service_healthy }
`;
  return `name: salon_gbp

x-app: &app
  DATABASE_URL: \${DATABASE_URL:?set it in .env}
  REDIS_URL: \${REDIS_URL:?set it in .env}
  TOKEN_ENC_KEY_B64: \${TOKEN_ENC_KEY_B64}
  OAUTH_STATE_SECRET: \${OAUTH_STATE_SECRET}

services:
  web:
    build: { context: ${root}, dockerfile: deploy/web.Dockerfile }
    image: salon_gbp_web:latest
    container_name: salon_gbp_web
    networks: [default, app-network]
    depends_on: [api]
    healthcheck: { test: [CMD, wget, -qO-, "http://127.0.0.1:8000/healthz"], interval: 30s, timeout: 5s, retries: 3 }
${limits('0.25', '128M')}
  api:
${python('api', 'uvicorn app.main:app --host 0.0.0.0 --port 8000')}    healthcheck: { test: [CMD, curl, -fsS, "http://localhost:8000/api/health"], interval: 30s, timeout: 5s, retries: 3, start_period: 3s }
    volumes: ["media:/data/media"]
${limits('0.5', '512M')}
  worker:
${python('worker', 'celery -A app.worker.celery_app.celery_app worker --concurrency=2')}${limits('0.5', '512M')}
  beat:
${python('beat', 'celery -A app.worker.celery_app.celery_app beat')}${limits('0.25', '256M')}
  db:
    image: postgres:16
    container_name: salon_gbp_db
    environment:
      POSTGRES_USER: salon_gbp
      POSTGRES_DB: salon_gbp
      POSTGRES_PASSWORD: \${POSTGRES_PASSWORD:?set it in .env}
    healthcheck: { test: [CMD-SHELL, pg_isready -U salon_gbp -d salon_gbp], interval: 10s, timeout: 5s, retries: 5 }
    volumes: ["pgdata:/var/lib/postgresql/data"]
${limits('0.5', '512M')}
  redis:
    image: redis:7-alpine
    container_name: salon_gbp_redis
    command: redis-server --maxmemory 128mb --maxmemory-policy allkeys-lru --requirepass \${REDIS_PASSWORD:?set it in .env}
    environment:
      REDISCLI_AUTH: \${REDIS_PASSWORD}
    healthcheck: { test: [CMD, redis-cli, ping], interval: 10s, timeout: 5s, retries: 5 }
${limits('0.25', '192M')}
networks:
  app-network: { external: true }

volumes:
  media: {}
  pgdata: {}
`;
}

function envFile({ postgresPassword, redisPassword, databaseUrl, redisUrl, tokenKey, oauthSecret }: Secrets): string {
  return `POSTGRES_PASSWORD=${postgresPassword}
DATABASE_URL=${databaseUrl}
REDIS_PASSWORD=${redisPassword}
REDIS_URL=${redisUrl}
TOKEN_ENC_KEY_B64=${tokenKey}
OAUTH_STATE_SECRET=${oauthSecret}
`;
}

/** Where the schema of the first of the releases stands. */
export const FIRST_REVISION = '1a2b3c4d5e6f';

const FIRST = `-- users, salons, alerts and job logs
--
-- Revision ID: ${FIRST_REVISION}
-- Revises:

-- upgrade
create table app_users (
  id bigint primary key generated always as identity,
  supabase_user_id uuid not null unique,
  display_name text not null,
  role text not null check (role in ('super_admin', 'salon_admin', 'staff')),
  created_at timestamptz not null default now()
);
create table salons (
  id bigint primary key generated always as identity,
  name text not null,
  created_at timestamptz not null default now()
);
create table alerts (
  id bigint primary key generated always as identity,
  type text not null,
  message text not null,
  created_at timestamptz not null default now()
);
create table job_logs (
  id bigint primary key generated always as identity,
  task_name text not null,
  status text not null,
  started_at timestamptz not null,
  finished_at timestamptz
);
create index job_logs_started_at on job_logs (started_at desc);

-- downgrade
drop table job_logs;
drop table alerts;
drop table salons;
drop table app_users;
`;

const SECOND = `-- severity of alerts
--
-- Revision ID: 2b3c4d5e6f70
-- Revises: 1a2b3c4d5e6f

-- upgrade
alter table alerts add column severity text not null default 'warning';

-- downgrade
alter table alerts drop column severity;
`;

const THIRD = `-- drafts of replies to reviews
--
-- Revision ID: 3c4d5e6f7081
-- Revises: 2b3c4d5e6f70

-- upgrade
create table reply_drafts (
  id bigint primary key generated always as identity,
  salon_id bigint not null references salons,
  body text not null,
  created_at timestamptz not null default now()
);

-- downgrade
drop table reply_drafts;
`;

const BROKEN = THIRD.replace('references salons', 'references salon');
