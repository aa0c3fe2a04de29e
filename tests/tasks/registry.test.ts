import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { LANGUAGES } from '../../src/runbook/types.ts';
import { TASK_NAMES, taskFor } from '../../tasks/registry.ts';

const manual = readFileSync(new URL('../../docs/tasks.md', import.meta.url), 'utf8');

/** The least that each typed task takes. */
const INPUTS: Record<string, Record<string, unknown>> = {
  'fly/ready': {},
  'fly/region': { region: 'eze' },
  'fly/app': { app: 'booking', org: 'personal' },
  'fly/postgres': { app: 'booking', name: 'booking-db', org: 'personal', region: 'eze' },
  'fly/secrets': { app: 'booking', names: ['JWT_SECRET'] },
  'fly/secrets-present': { app: 'booking', names: ['JWT_SECRET'] },
  'fly/deploy': { app: 'booking' },
  'fly/status': { app: 'booking' },
  'fly/rollback': { app: 'booking' },
  'fly/restart': { app: 'booking' },
  'fly/logs': { app: 'booking' },
  'fly/machines': { app: 'booking' },
  'fly/checks': { app: 'booking' },
  'fly/config': { app: 'booking' },
  'fly/database-url': { app: 'booking' },
  'fly/wake': { app: 'booking' },
  'fly/idle': { app: 'booking' },
  'http/local-today': { url: 'https://booking.example/shops/1', timezone: 'Asia/Tokyo' },
  'alembic/at-head': {},
  'alembic/upgrade': {},
  'alembic/downgrade': { to: 'aaa111' },
  'compose/ready': {},
  'compose/status': {},
  'compose/limits': { limits: { api: { cpus: 0.5, memory: '512M' } } },
  'compose/logs': {},
  'compose/deploy': { branch: 'master' },
  'compose/rebuild': { services: ['web'] },
  'compose/restart': {},
  'compose/recreate': {},
  'compose/rollback': {},
  'compose/prune': {},
  'celery/ready': { app: 'app.worker.celery_app' },
  'celery/active': { app: 'app.worker.celery_app' },
  'redis/ready': {},
  'http/benchmark': { base_url: 'https://booking.example', paths: ['/'] },
  'http/race': { url: 'https://booking.example/book', body: {} },
  'http/pages': { base_url: 'https://booking.example', pages: [{ get: '/' }] },
  'render/ready': { service: 'shop' },
  'render/env': { service: 'shop', variables: { SECRET_KEY: {} } },
  'render/env-set': { service: 'shop', secrets: ['SECRET_KEY'] },
  'render/deploy': { service: 'shop' },
  'render/job': { service: 'shop', command: 'python -m alembic current' },
  'render/migrate': { service: 'shop' },
  'render/at-head': { service: 'shop' },
  'render/downgrade': { service: 'shop', to: '1a2b3c' },
  'render/rollback': { service: 'shop' },
  'render/auto-deploy': { service: 'shop', auto_deploy: 'no' },
  'render/logs': { service: 'shop' },
  'render/exception': { service: 'shop', error_id: 'none' },
  'render/events': { service: 'shop' },
  'render/postgres': { database: 'shop-db' },
  'neon/ready': { project: 'misty-sea-123456' },
  'neon/connection': { project: 'misty-sea-123456', database: 'shop', role: 'shop_owner' },
  'neon/branch': { project: 'misty-sea-123456', name: 'rescue' },
  'neon/restore': { project: 'misty-sea-123456', at: '15m', preserve_as: 'before' },
  'neon/restart': { project: 'misty-sea-123456' },
  'neon/operations': { project: 'misty-sea-123456' },
  'github/ready': { repo: 'acme/shop' },
  'github/secrets': { repo: 'acme/shop', environment: 'production', names: ['FLY_API_TOKEN'] },
  'github/variables': { repo: 'acme/shop', environment: 'production', names: ['FLY_APP'] },
  'github/reviewers': { repo: 'acme/shop', environment: 'production' },
  'github/dispatch': { repo: 'acme/shop', workflow: 'deploy.yml' },
  'github/run': { repo: 'acme/shop', run: 7 },
  'files/toml': { path: 'fly.toml', present: ['app'] },
  'files/dotenv': { path: 'infra/apps.env', present: ['FLY_APP'] },
  'cost/thresholds': { week: 1, last_week: 1, month: 2, budget: 10, date: '2026-02-14' },
  'postgres/migrate': { directory: 'migrations' },
  'postgres/ready': {},
  'backup/create': { container: 'db', user: 'shop', database: 'shop', directory: 'backups' },
  'backup/list': { container: 'db', directory: 'backups' },
  'backup/prune': { container: 'db', directory: 'backups' },
  'backup/restore': { container: 'db', user: 'shop', database: 'shop', directory: 'backups', into: 'shop_restore' },
  'backup/state': { container: 'db', user: 'shop', database: 'shop', into: 'shop_restore', keep: 'shop_old' },
  'backup/swap': { container: 'db', user: 'shop', database: 'shop', from: 'shop_restore', keep: 'shop_old' },
  'backup/drop': { container: 'db', user: 'shop', name: 'shop_old', database: 'shop' },
  'host/cron': { name: 'shop', lines: ['0 3 * * * true'] },
  'host/cron-present': { name: 'shop', lines: ['0 3 * * * true'] },
  'host/disk': {},
};

describe.each(TASK_NAMES)('%s', (name) => {
  const task = taskFor(name);

  test('has a chapter in docs/tasks.md', () => {
    expect(manual).toMatch(new RegExp(`^### ${name}$`, 'm'));
  });

  test('takes its least input, and no unknown key', () => {
    const input = INPUTS[name] ?? { language: name, body: 'GET https://booking.example/' };
    expect(task?.input.safeParse(input).error).toBeUndefined();
    expect(task?.input.safeParse({ ...input, colour: 'red' }).success).toBe(false);
  });

  test('says what it will run, without doing it', () => {
    const input = task?.input.parse(INPUTS[name] ?? { language: name, body: 'GET https://booking.example/' });
    const lines = task?.describe(input) ?? [];
    expect(lines.length).toBeGreaterThan(0);
    expect(lines.join('')).not.toMatch(/undefined|\[object/);
  });

  test('its input can be described to an editor', () => {
    if (task) expect(z.toJSONSchema(task.input, { io: 'input' })).toMatchObject({ type: 'object' });
  });
});

test('every language has its own task; yaml names one', () => {
  expect(LANGUAGES.filter((language) => !taskFor(language))).toEqual(['yaml']);
});

test('every typed task is tried here', () => {
  const languages: readonly string[] = LANGUAGES;
  expect(TASK_NAMES.filter((name) => !languages.includes(name)).sort()).toEqual(Object.keys(INPUTS).sort());
});

test.each([
  ['fly/restart', { app: '--all' }],
  ['fly/deploy', { app: 'booking', image: '--build-only' }],
  ['fly/deploy', { app: 'booking', config: '-x' }],
  ['fly/app', { app: 'booking', org: '--save' }],
  ['fly/app', { app: 'Booking', org: 'acme' }],
  ['fly/secrets', { app: 'booking', names: ['--stage'] }],
  ['fly/secrets', { app: 'booking', names: [] }],
  ['compose/restart', { services: ['--all'] }],
  ['compose/deploy', { branch: '--upload-pack=x' }],
  ['compose/rollback', { commit: '--orphan' }],
  ['compose/status', { file: '-' }],
  ['compose/prune', { until: '168h --all' }],
  ['celery/ready', { app: '--help' }],
  ['github/dispatch', { repo: '--help/x', workflow: 'deploy.yml' }],
  ['github/dispatch', { repo: 'acme/shop', workflow: '--ref.yml' }],
  ['github/dispatch', { repo: 'acme/shop', workflow: 'deploy.yml', ref: '-f' }],
  ['github/secrets', { repo: 'acme/shop', environment: '-o', names: ['A'] }],
  ['neon/branch', { project: '../x', name: 'rescue' }],
  ['neon/branch', { project: 'misty-sea-123456', name: '-x' }],
  ['neon/restore', { project: 'misty-sea-123456', at: 'yesterday', preserve_as: 'before' }],
  ['neon/restore', { project: 'misty-sea-123456', at: '2026-03-01T02:40:00', preserve_as: 'before' }],
  ['files/toml', { path: '../../etc/passwd' }],
  ['files/dotenv', { path: '/etc/environment' }],
  ['postgres/migrate', { directory: 'migrations', table: 'a; drop table b' }],
])('nothing in an input can become a flag, or is no name: %s %j', (name, input) => {
  expect(taskFor(name)?.input.safeParse(input).success).toBe(false);
});

test('an unknown name has no task', () => {
  expect(taskFor('fly/releases-rollback')).toBeUndefined();
  expect(taskFor('constructor')).toBeUndefined();
});
