import type { Command } from '../../src/exec/command.ts';
import type { Secret } from '../../src/secrets/secret.ts';
import { urlIn } from './url-in-output.ts';

/**
 * Every flyctl command that tejun runs, as pure builders of argument lists. Only commands and flags that flyctl 0.4.87 has
 * stand here: under a group it answers an unknown word with its help and exit code 0, so a slip would look like success.
 */

export type Strategy = 'rolling' | 'canary' | 'bluegreen' | 'immediate';

const flyctl = (...args: string[]): Command => ({ file: 'flyctl', args });

export const version = (): Command => flyctl('version', '--json');

/** Prints where flyctl would keep its own log, how many files are there, and how many of them others can read. */
export const lookForLog = (): Command => ({ file: 'sh', args: ['-c', LOOK_FOR_LOG] });

const LOOK_FOR_LOG = `set -e; log="\${FLY_CONFIG_DIR:-$HOME/.fly}/logs"; [ -d "$log" ]
printf '%s\\n' "$log"; find "$log" -type f | wc -l; find "$log" -type f '(' -perm -040 -o -perm -004 ')' | wc -l`;

export const whoami = (): Command => flyctl('auth', 'whoami', '--json');

export const status = (app: string): Command => flyctl('status', '-a', app, '--json');

export const releases = (app: string): Command => flyctl('releases', '-a', app, '--json');

export const regions = (): Command => flyctl('platform', 'regions', '--json');

export const createApp = (app: string, org: string): Command => flyctl('apps', 'create', app, '-o', org);

/** Takes its app by position: `apps restart` has no `-a`. */
export const restartApp = (app: string): Command => flyctl('apps', 'restart', app);

/** Never returns while the app's log buffer is empty: give it a timeout. */
export const logs = (app: string): Command => flyctl('logs', '-a', app, '--no-tail');

export const listSecrets = (app: string): Command => flyctl('secrets', 'list', '-a', app, '--json');

/**
 * One secret, its value on standard input (`NAME=-`).
 * @param stage stored only; the machines see it at the next deploy. Otherwise the machines restart now.
 */
export const setSecret = (app: string, name: string, stage: boolean): Command =>
  flyctl('secrets', 'set', `${name}=-`, ...(stage ? ['--stage'] : []), '-a', app);

/** `setSecret` with the value to deliver. */
export const setSecretTo = (app: string, secret: Secret, stage: boolean): Command => ({
  ...setSecret(app, secret.name, stage),
  stdin: secret,
});

/** Prints a line of text instead of JSON when there is no cluster. */
export const listPostgres = (): Command => flyctl('postgres', 'list', '--json');

/** Every answer that it would otherwise prompt for is given. Its output holds the operator's password, in a URL too. */
export const createPostgres = (cluster: {
  name: string;
  org: string;
  region: string;
  vmSize: string;
  volumeSize: number;
  clusterSize: number;
}): Command => ({
  ...flyctl(
    'postgres',
    'create',
    '--name',
    cluster.name,
    '--org',
    cluster.org,
    '--region',
    cluster.region,
    '--initial-cluster-size',
    String(cluster.clusterSize),
    '--vm-size',
    cluster.vmSize,
    '--volume-size',
    String(cluster.volumeSize),
  ),
  prints: { secret: `${cluster.name}-password`, find: urlIn },
});

/** Its output holds the database URL with its password. */
export const attachPostgres = (cluster: string, app: string, secret: string): Command => ({
  ...flyctl(
    'postgres',
    'attach',
    cluster,
    '-a',
    app,
    ...(secret === 'DATABASE_URL' ? [] : ['--variable-name', secret]),
    '--yes',
  ),
  prints: { secret, find: urlIn },
});

/** Reads one variable of a started machine. `-C` is not run by a shell; without `--machine` flyctl adds a line of its own. */
export const readVariable = (app: string, machine: string, variable: string): Command => ({
  ...flyctl('ssh', 'console', '-a', app, '--machine', machine, '-C', `printenv ${variable}`),
  prints: { secret: variable, find: urlIn },
});

export interface DeployFlags {
  config?: string | undefined;
  image?: string | undefined;
  strategy?: Strategy | undefined;
  waitTimeout?: string | undefined;
  skipReleaseCommand?: boolean | undefined;
}

/** `--remote-only` is the default of flyctl; `--detach` is never given, because it skips the health checks. */
export const deploy = (app: string, flags: DeployFlags): Command =>
  flyctl(
    'deploy',
    '-a',
    app,
    ...(flags.config ? ['-c', flags.config] : []),
    ...(flags.image ? ['--image', flags.image] : []),
    ...(flags.strategy ? ['--strategy', flags.strategy] : []),
    ...(flags.waitTimeout ? ['--wait-timeout', flags.waitTimeout] : []),
    ...(flags.skipReleaseCommand ? ['--skip-release-command'] : []),
    '--yes',
  );

/** What a configuration file says, read by flyctl itself; the app's name is the file's, because no `-a` is given. */
export const localConfig = (config: string): Command => flyctl('config', 'show', '--local', '-c', config);

/** Machines of release commands too, which `status` hides. */
export const listMachines = (app: string): Command => flyctl('machine', 'list', '-a', app, '--json');

export const startMachine = (app: string, id: string): Command => flyctl('machine', 'start', id, '-a', app);

/** @param seconds until it gives up */
export const waitForMachine = (app: string, id: string, seconds: number): Command =>
  flyctl('machine', 'wait', id, '--state', 'started', '-w', `${seconds}s`, '-a', app);

export const listChecks = (app: string): Command => flyctl('checks', 'list', '-a', app, '--json');

/** A tunnel from a loopback port into Fly's private network; runs until it is ended. */
export const proxy = (app: string, localPort: number, remotePort: number): Command =>
  flyctl('proxy', `${localPort}:${remotePort}`, '-a', app);
