import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { askEffects } from '../../src/rehearsal/control.ts';
import { openRehearsal, type RehearsalSite } from '../../src/rehearsal/site.ts';
import { APP, requestOf, sh } from './open.ts';

let site: RehearsalSite;
beforeAll(async () => {
  site = await openRehearsal(requestOf());
});
afterAll(() => site.close());

const DEAD =
  'Error: This command is no longer supported; use fly scale count to scale the number of Machines in a region. See https://fly.io/docs/launch/scale-count/.\n';

describe('a command that the real flyctl refuses', () => {
  test.each([
    ['fly releases rollback', 'Error: unknown command "rollback" for "fly releases"\n'],
    ['fly releases rollback v3 --app booking-stg', 'Error: unknown command "rollback" for "fly releases"\n'],
    ['flyctl releases rollback -a booking-stg', 'Error: unknown command "rollback" for "flyctl releases"\n'],
    ['fly logs -a booking-stg --max-lines 50', 'Error: unknown flag: --max-lines\n'],
    ['fly logs -a booking-stg --lines 200', 'Error: unknown flag: --lines\n'],
    ['fly logs -a booking-stg --tail', 'Error: unknown flag: --tail\n'],
    ['fly logs -a booking-stg -f', "Error: unknown shorthand flag: 'f' in -f\n"],
    ['fly postgres status -a booking-stg-db', "Error: unknown shorthand flag: 'a' in -a\n"],
    ['fly postgres destroy booking-stg-db --yes', 'Error: unknown flag: --yes\n'],
    ['fly apps restart -a booking-stg', "Error: unknown shorthand flag: 'a' in -a\n"],
    ['fly machine status x --json', 'Error: unknown flag: --json\n'],
    ['fly config show --json', 'Error: unknown flag: --json\n'],
    ['fly deploy --region eze', 'Error: unknown flag: --region\n'],
    ['fly regions add eze -a booking-stg', DEAD],
    ['fly regions remove eze', DEAD],
    ['fly regions set eze', DEAD],
    ['fly regions backup eze', DEAD],
    ['fly secrets set JWT_SECRET', "Error: could not parse secrets: 'JWT_SECRET': must be in the format NAME=VALUE\n"],
    ['fly apps create', 'Error: name argument or flag must be specified when not running interactively\n'],
    ['fly apps create booking-stg', 'Error: Validation failed: Name has already been taken\n'],
    ['fly apps destroy booking-stg', 'Error: yes flag must be specified when not running interactively\n'],
    ['fly apps restart booking-stg-db', 'Error: postgres apps should use `fly pg restart` instead\n'],
    [
      'fly deploy -c fly.prod.toml',
      'Error: config file not found at specified path: fly.prod.toml (also tried: fly.prod.toml/fly.toml)\n',
    ],
    ['fly status --watch --json', 'Error: --watch and --json are not supported together\n'],
    ['fly mpg list', 'Error: this rehearsal does not act out `flyctl mpg list`\n'],
  ])('%s', async (line, stderr) => {
    const ran = await sh(site, line);
    expect(ran).toEqual({ code: 1, stdout: '', stderr });
  });

  test.each([
    ['fly restart -a booking-stg', 'Error: unknown command "restart" for "fly"\n', "Run 'fly --help' for usage.\n"],
    ['flyctl nonsense', 'Error: unknown command "nonsense" for "flyctl"\n', "Run 'flyctl --help' for usage.\n"],
  ])('%s (usage goes to standard output)', async (line, stderr, stdout) => {
    expect(await sh(site, line)).toEqual({ code: 1, stdout, stderr });
  });

  test.each([
    ['fly postgres create --name x', 'region code must be specified when not running interactively'],
    ['fly postgres create --region eze', 'name argument or flag must be specified when not running interactively'],
    ['fly postgres create --name x --region eze', 'prompt: non interactive'],
    ['fly postgres attach booking-stg-db', `consumer app "${APP}" already contains a secret named DATABASE_URL`],
    ['fly postgres attach booking-stg', 'app booking-stg is not a postgres app'],
  ])('%s (after the notice of the unmanaged Postgres)', async (line, message) => {
    const ran = await sh(site, line);
    expect(ran.code).toBe(1);
    expect(ran.stderr).toMatch(/^Unmanaged Fly Postgres is not supported by Fly\.io Support/);
    expect(ran.stderr.endsWith(`\nError: ${message}\n`)).toBe(true);
  });

  test.each(['status', 'releases', 'secrets set A=1', 'secrets import', 'ssh console -C true', 'image show'])(
    'fly %s of an app that is not there',
    async (command) => {
      const ran = await sh(site, `fly ${command} -a nobody`, { stdin: 'A=1\n' });
      expect(ran.code).toBe(1);
      expect(ran.stderr).toMatch(/^Error: failed to get app: failed to run query .*Could not find App "nobody"\n$/);
    },
  );

  test.each([
    ['machine list', 'failed to list VMs: app not found'],
    ['secrets list', 'failed to list app secrets: app not found'],
    ['checks list', 'failed to list active VMs: app not found'],
    [
      'deploy',
      'the app name nobody could not be found, did you create the app or misspell it in the fly.toml file or via -a?',
    ],
  ])('fly %s of an app that is not there', async (command, message) => {
    const ran = await sh(site, `fly ${command} -a nobody`);
    expect(ran.code).toBe(1);
    expect(ran.stderr.endsWith(`Error: ${message}\n`)).toBe(true);
  });
});

describe('a command that does nothing, and still exits 0', () => {
  test.each([
    ['fly postgres status', ''],
    ['fly postgres destroy', ''],
    ['fly secrets', ''],
    ['fly history', 'Command "history" is deprecated, Use `flyctl apps releases` instead\n'],
    ['fly suspend', 'Command "suspend" is deprecated, use `fly scale count` instead\n'],
  ])('%s prints help', async (line, stderr) => {
    const ran = await sh(site, line);
    expect(ran.code).toBe(0);
    expect(ran.stdout).toContain('Usage:\n');
    expect(ran.stderr).toBe(stderr);
  });

  test.each(['info', 'resume', 'apps suspend', 'apps resume'])('fly %s prints help', async (command) => {
    const ran = await sh(site, `fly ${command}`);
    expect(ran.code).toBe(0);
    expect(ran.stdout).toContain('Usage:\n');
    expect(ran.stderr).toContain('is deprecated');
  });
});

describe('who is not logged in', () => {
  test.each(['status', 'auth whoami', 'apps list', 'deploy'])('fly %s', async (command) => {
    const ran = await sh(site, `env -u FLY_API_TOKEN fly ${command}`);
    const stderr = "Error: no access token available. Please login with 'flyctl auth login'\n";
    expect(ran).toEqual({ code: 1, stdout: '', stderr });
  });

  test('a token that is not the platform’s', async () => {
    const ran = await sh(site, 'fly -t wrong auth whoami');
    expect(ran.stderr).toContain('You must be authenticated to view this.');
    expect(ran.code).toBe(1);
  });

  test('the version can be asked for', async () => {
    expect(await sh(site, 'env -u FLY_API_TOKEN fly version')).toMatchObject({ code: 0, stderr: '' });
  });
});

test('no app is named: neither -a, nor FLY_APP, nor a fly.toml', async () => {
  const ran = await sh(site, 'cd alembic && fly status');
  expect(ran.stderr).toBe(
    'Error: the config for your app is missing an app name, add an app field to the fly.toml file or specify with the -a flag\n',
  );
  expect((await sh(site, `cd alembic && FLY_APP=${APP} fly status`)).code).toBe(0);
});

test.each(['docker compose ps', 'gh run list', 'neonctl branches list'])(
  '%s: no rehearsal reaches a real platform',
  async (line) => {
    expect(await sh(site, line)).toEqual({
      code: 1,
      stdout: '',
      stderr: `Error: this rehearsal does not act out ${line.split(' ')[0]}\n`,
    });
  },
);

test('nothing of all this had an effect', async () => {
  const effects = await askEffects(site.control);
  expect(effects.at(-1)?.effect).toBe('rehearsal-ready');
});
