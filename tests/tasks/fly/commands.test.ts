import { describe, expect, test } from 'vitest';
import { parseArgv } from '../../../src/rehearsal/flyctl/parse.ts';
import { Secret } from '../../../src/secrets/secret.ts';
import { asTyped } from '../../../tasks/as-typed.ts';
import * as fly from '../../../tasks/fly/commands.ts';

const CLUSTER = {
  name: 'booking-db',
  org: 'personal',
  region: 'eze',
  vmSize: 'shared-cpu-1x',
  volumeSize: 1,
  clusterSize: 1,
};

const ARGV: [string, ReturnType<typeof fly.version>, string][] = [
  ['version', fly.version(), 'version --json'],
  ['whoami', fly.whoami(), 'auth whoami --json'],
  ['status', fly.status('booking'), 'status -a booking --json'],
  ['releases', fly.releases('booking'), 'releases -a booking --json'],
  ['regions', fly.regions(), 'platform regions --json'],
  ['create an app', fly.createApp('booking', 'acme'), 'apps create booking -o acme'],
  ['restart, by position', fly.restartApp('booking'), 'apps restart booking'],
  ['logs', fly.logs('booking'), 'logs -a booking --no-tail'],
  ['list secrets', fly.listSecrets('booking'), 'secrets list -a booking --json'],
  ['set a secret, staged', fly.setSecret('booking', 'JWT', true), 'secrets set JWT=- --stage -a booking'],
  ['set a secret now', fly.setSecret('booking', 'JWT', false), 'secrets set JWT=- -a booking'],
  ['list clusters', fly.listPostgres(), 'postgres list --json'],
  [
    'create a cluster',
    fly.createPostgres(CLUSTER),
    'postgres create --name booking-db --org personal --region eze --initial-cluster-size 1 --vm-size shared-cpu-1x --volume-size 1',
  ],
  [
    'attach',
    fly.attachPostgres('booking-db', 'booking', 'DATABASE_URL'),
    'postgres attach booking-db -a booking --yes',
  ],
  [
    'attach as another variable',
    fly.attachPostgres('booking-db', 'booking', 'PG_URL'),
    'postgres attach booking-db -a booking --variable-name PG_URL --yes',
  ],
  [
    'read a variable',
    fly.readVariable('booking', '148e1', 'DATABASE_URL'),
    "ssh console -a booking --machine 148e1 -C 'printenv DATABASE_URL'",
  ],
  ['deploy', fly.deploy('booking', {}), 'deploy -a booking --yes'],
  [
    'deploy with everything',
    fly.deploy('booking', {
      config: 'fly.stg.toml',
      image: 'registry.fly.io/booking:deployment-01H',
      strategy: 'rolling',
      waitTimeout: '5m',
      skipReleaseCommand: true,
    }),
    'deploy -a booking -c fly.stg.toml --image registry.fly.io/booking:deployment-01H --strategy rolling --wait-timeout 5m --skip-release-command --yes',
  ],
  ['proxy', fly.proxy('booking-db', 40123, 5432), 'proxy 40123:5432 -a booking-db'],
];

describe('the exact command lines', () => {
  test.each(ARGV)('%s', (_, command, line) => {
    expect(asTyped(command)).toBe(`flyctl ${line}`);
  });
});

test.each(ARGV)('flyctl has the command and each flag of: %s', (_, { args }) => {
  expect(parseArgv(args, 'flyctl').kind).toBe('run');
});

describe('secrets', () => {
  test('are delivered on standard input, and no argument holds them', () => {
    const secret = new Secret('JWT_SECRET', Buffer.from('correct horse battery staple'));
    const command = fly.setSecretTo('booking', secret, true);
    expect(command.stdin).toBe(secret);
    expect(JSON.stringify(command)).not.toContain('correct horse');
    expect(asTyped(command)).toBe('printf %s "$JWT_SECRET" | flyctl secrets set JWT_SECRET=- --stage -a booking');
  });

  test.each([
    ['postgres create', fly.createPostgres(CLUSTER)],
    ['postgres attach', fly.attachPostgres('booking-db', 'booking', 'DATABASE_URL')],
    ['ssh console printenv', fly.readVariable('booking', '148e1', 'DATABASE_URL')],
  ])('the output of %s is one', (_, command) => {
    expect(command.prints).toMatchObject({ secret: expect.any(String) });
  });
});
