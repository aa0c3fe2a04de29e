import { describe, expect, test } from 'vitest';
import type { Command } from '../../../src/exec/command.ts';
import { inspectWorkers } from '../../../tasks/celery/commands.ts';
import * as compose from '../../../tasks/compose/commands.ts';
import * as git from '../../../tasks/compose/git.ts';
import type { Project } from '../../../tasks/compose/project.ts';
import { ping } from '../../../tasks/redis/ready.ts';

const plain: Project = { cli: 'docker compose' };
const vps: Project = { cli: 'docker compose', file: 'deploy/docker-compose.prod.yml', env_file: '.env' };
const old: Project = { cli: 'docker-compose', file: 'prod.yml' };

const line = ({ file, args }: Command): string => [file, ...args].join(' ');

const PREFIX = 'docker compose -f deploy/docker-compose.prod.yml --env-file .env';

test.each<[string, Command]>([
  ['docker compose version --short', compose.version(vps)],
  ['docker version --format {{.Server.Version}}', compose.engineVersion()],
  [`${PREFIX} config -q`, compose.validate(vps)],
  [`${PREFIX} config --services`, compose.listServices(vps)],
  [`${PREFIX} ps -a --format json`, compose.listContainers(vps)],
  ['docker-compose -f prod.yml ps -a -q', compose.listContainers(old)],
  [`${PREFIX} build`, compose.build(vps, [])],
  [`${PREFIX} build api worker beat`, compose.build(vps, ['api', 'worker', 'beat'])],
  [`${PREFIX} up -d --wait --wait-timeout 120`, compose.up(vps, [], { waitTimeout: 120 })],
  [
    `${PREFIX} up -d --force-recreate --wait --wait-timeout 60 api`,
    compose.up(vps, ['api'], { waitTimeout: 60, recreate: true }),
  ],
  ['docker-compose -f prod.yml up -d web', compose.up(old, ['web'], { waitTimeout: 120 })],
  [`${PREFIX} restart api worker`, compose.restart(vps, ['api', 'worker'])],
  [
    `${PREFIX} logs --no-color --tail=200 --since 168h api worker`,
    compose.logs(vps, { services: ['api', 'worker'], tail: 200, since: '168h' }),
  ],
  ['docker stats --no-stream --no-trunc --format {{json .}} a1 b2', compose.stats(['a1', 'b2'])],
  ['docker image prune -a -f --filter until=168h', compose.pruneImages('168h')],
  ['git symbolic-ref -q --short HEAD', git.currentBranch(plain)],
  ['git rev-parse --verify -q HEAD^{commit}', git.revision(plain)],
  ['git status --porcelain --untracked-files=no', git.localChanges(plain)],
  ['git pull --ff-only origin master', git.pull(plain, 'origin', 'master')],
  [
    'git -C /opt/salon-gbp checkout --detach 1a2b3c4',
    git.checkout({ ...plain, directory: '/opt/salon-gbp' }, '1a2b3c4'),
  ],
  [
    'celery -A app.worker.celery_app.celery_app inspect ping -t 5 --json',
    inspectWorkers('app.worker.celery_app.celery_app', 'ping', 5),
  ],
  ['redis-cli ping', ping({})],
  ['redis-cli -h cache -p 6380 ping', ping({ host: 'cache', port: 6380 })],
])('%s', (expected, command) => {
  expect(line(command)).toBe(expected);
});

describe('which project is meant', () => {
  test.each<[string, Partial<Project>]>([
    ['docker compose config -q', {}],
    ['docker compose -p salon config -q', { project: 'salon' }],
    ['docker compose --project-directory /opt/salon config -q', { directory: '/opt/salon' }],
    // A file in a folder of its own builds from paths that start there: --project-directory would move them.
    [
      'docker compose -f /opt/salon/deploy/prod.yml --env-file /opt/salon/.env config -q',
      { directory: '/opt/salon', file: 'deploy/prod.yml', env_file: '.env' },
    ],
    ['docker compose -f /etc/prod.yml config -q', { directory: '/opt/salon', file: '/etc/prod.yml' }],
    ['docker compose -f base.yml -f prod.yml config -q', { file: ['base.yml', 'prod.yml'] }],
  ])('%s', (expected, project) => {
    expect(line(compose.validate({ cli: 'docker compose', ...project }))).toBe(expected);
  });
});

test('no secret of a container is asked for', () => {
  expect(line(compose.inspect(['a1']))).not.toContain('Env');
  expect(line(compose.inspect(['a1']))).toMatch(/^docker inspect --format \{"id":\{\{json \.Id\}\}.*\} a1$/);
});
