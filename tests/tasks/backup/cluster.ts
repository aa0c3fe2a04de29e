import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Directory of a whole PostgreSQL of the system (server, pg_dump, pg_restore, psql), as Debian installs it. */
export const BIN = ['/usr/lib/postgresql', '/usr/local/pgsql']
  .flatMap((root) => (existsSync(root) ? readdirSync(root).map((version) => join(root, version, 'bin')) : []))
  .find((bin) => ['initdb', 'pg_ctl', 'pg_dump', 'pg_restore', 'psql'].every((name) => existsSync(join(bin, name))));

/** A real PostgreSQL, and a `docker` that runs what it is told in "a container" as this host's own programs. */
export interface Cluster {
  directory: string;
  /** For a step's environment: the `docker` of this cluster first, then PostgreSQL's programs. */
  path: string;
  /** Runs SQL and gives what psql prints. */
  sql(statement: string, database?: string): string;
  stop(): void;
}

const CONTAINER = 'shop_db';

/** What `docker exec [-i] CONTAINER PROGRAM…` does, as far as tests need it: the right container, its socket, its user. */
const dockerScript = (directory: string) => `#!/bin/bash
[ "$1" = exec ] || { echo "unknown command: docker $1" >&2; exit 1; }
shift
if [ "$1" = -i ]; then shift; else exec < /dev/null; fi
if [ "$1" != ${CONTAINER} ]; then echo "Error response from daemon: No such container: $1" >&2; exit 1; fi
shift
export PGHOST=${directory}/socket PATH=${BIN}:$PATH
exec "$@"
`;

/** Makes and starts a cluster in a directory of its own, with a database `shop` of the superuser `shop`. */
export function startCluster(): Cluster {
  if (BIN === undefined) throw new Error('there is no PostgreSQL of the system');
  const directory = mkdtempSync(join(tmpdir(), 'tejun-backup-'));
  chmodSync(directory, 0o755);
  const asServer = (file: string, args: string[]) => {
    // PostgreSQL does not run as root.
    const root = process.getuid?.() === 0;
    const [program, rest] = root ? ['runuser', ['-u', 'postgres', '--', file, ...args]] : [file, args];
    const ran = spawnSync(program, rest, { stdio: ['ignore', 'ignore', 'pipe'], encoding: 'utf8', cwd: '/' });
    if (ran.status !== 0) throw new Error(`${file}: ${ran.stderr}`);
  };
  for (const name of ['data', 'socket', 'bin']) mkdirSync(join(directory, name), { mode: 0o777 });
  for (const name of ['data', 'socket']) chmodSync(join(directory, name), 0o777);
  const data = join(directory, 'data', 'pg');
  asServer(join(BIN, 'initdb'), ['-D', data, '-U', 'shop', '-A', 'trust', '--no-sync', '--locale=C', '-E', 'UTF8']);
  const settings = `-c listen_addresses= -c unix_socket_directories=${directory}/socket -c fsync=off -c shared_buffers=16MB`;
  asServer(join(BIN, 'pg_ctl'), ['-D', data, '-w', '-o', settings, '-l', join(directory, 'data', 'log'), 'start']);
  writeFileSync(join(directory, 'bin', 'docker'), dockerScript(directory), { mode: 0o755 });
  const cluster: Cluster = {
    directory,
    path: `${join(directory, 'bin')}:${process.env['PATH']}`,
    sql: (statement, database = 'shop') =>
      execFileSync(
        join(BIN ?? '', 'psql'),
        [
          ...['-h', join(directory, 'socket'), '-U', 'shop', '-d', database],
          ...['-XAtq', '-v', 'ON_ERROR_STOP=1', '-c', statement],
        ],
        { encoding: 'utf8' },
      ).trim(),
    stop() {
      asServer(join(BIN ?? '', 'pg_ctl'), ['-D', data, '-m', 'immediate', 'stop']);
      rmSync(directory, { recursive: true, force: true });
    },
  };
  cluster.sql('CREATE DATABASE shop', 'postgres');
  return cluster;
}
