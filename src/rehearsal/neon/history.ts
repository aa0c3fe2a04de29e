/**
 * Servers and their history. A branch as of a point in time is a real recovery: a copy of the data as it was at the
 * beginning, and the write-ahead log replayed until then.
 */
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { appendFile, mkdir, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { loadPackage, SETTINGS } from '../database.ts';
import { freePort } from '../ports.ts';

/** A superuser of every server. */
export interface Admin {
  user: string;
  password: string;
}

export interface Server {
  directory: string;
  port: number;
  /** A copy of the data from which its history begins. */
  base: string;
  since: Date;
  /** Where it was branched from, and as of when: its history before that. */
  parent?: { server: Server; at: Date };
  stop(): Promise<void>;
}

export interface Historian {
  admin: Admin;
  /** Directory of the copies. */
  directory: string;
  record(pid: number, what: string): void;
}

const copy = promisify(execFile);

/** Begins the history of a server that runs: copies its data while it goes on (PostgreSQL's manual, 25.3.4). */
export async function beginHistory(
  historian: Historian,
  server: { directory: string; port: number },
  name: string,
): Promise<{ base: string; since: Date }> {
  const base = join(historian.directory, `${name}-base`);
  await mkdir(historian.directory, { recursive: true, mode: 0o711 });
  await connected(historian.admin, server.port, async (client) => {
    // A checkpoint would recycle the log that a later branch replays.
    await client.query("alter system set wal_keep_size = '2GB'");
    await client.query('select pg_reload_conf()');
    await client.query("select pg_backup_start('rehearsal', true)");
    // A file may vanish while it is copied; the log replays what it was.
    await copy('cp', ['-a', server.directory, base]).catch((error: { stderr?: string }) => {
      if (!/No such file/.test(error.stderr ?? '')) throw error;
    });
    const { rows } = await client.query<{ labelfile: string }>('select labelfile from pg_backup_stop(false)');
    for (const file of ['postmaster.pid', 'postmaster.opts']) await rm(join(base, file), { force: true });
    for (const file of await readdir(join(base, 'pg_wal'))) {
      if (file !== 'archive_status') await rm(join(base, 'pg_wal', file), { recursive: true });
    }
    await writeFile(join(base, 'backup_label'), rows[0]?.labelfile ?? '');
  });
  return { base, since: new Date() };
}

/** A server of its own with the data of another as of a point in time; before its history began, as it began. */
export async function branchAt(historian: Historian, server: Server, at: Date, name: string): Promise<Server> {
  if (at < server.since && server.parent) {
    const { server: before, at: fork } = server.parent;
    return branchAt(historian, before, at < fork ? at : fork, name);
  }
  const directory = join(historian.directory, name);
  await copy('cp', ['-a', server.base, directory]);
  // While a server starts it knows no time zone by name, not even Z.
  const time = at.toISOString().replace('Z', '+00');
  const target = at < server.since ? "recovery_target = 'immediate'" : `recovery_target_time = '${time}'`;
  await connected(historian.admin, server.port, async (client) => {
    // A commit after the point in time, so that the recovery sees that it has come to it.
    await client.query("select pg_logical_emit_message(true, 'rehearsal', 'branch')");
    await client.query('select pg_switch_wal()');
  });
  await appendFile(
    join(directory, 'postgresql.auto.conf'),
    `restore_command = 'cp "${server.directory}/pg_wal/%f" "%p"'\n${target}\nrecovery_target_action = 'promote'\n`,
  );
  await writeFile(join(directory, 'recovery.signal'), '');
  const running = await run(historian, directory);
  const began = await beginHistory(historian, { directory, port: running.port }, name);
  return { directory, ...running, ...began, parent: { server, at } };
}

async function run(historian: Historian, directory: string): Promise<Pick<Server, 'port' | 'stop'>> {
  await owned(directory);
  const { default: EmbeddedPostgres } = await loadPackage();
  const port = await freePort();
  const said: string[] = [];
  const server = new EmbeddedPostgres({
    databaseDir: directory,
    port,
    ...historian.admin,
    authMethod: 'scram-sha-256',
    persistent: true,
    createPostgresUser: process.getuid?.() === 0,
    postgresFlags: SETTINGS.flatMap((setting) => ['-c', setting]),
    onLog: (message) => said.push(message),
    onError: (error) => said.push(String(error)),
  });
  await server.start().catch((error: unknown) => {
    throw new Error(`the branch did not start: ${said.slice(-5).join('\n')}`, { cause: error });
  });
  historian.record(Number(readFileSync(join(directory, 'postmaster.pid'), 'utf8').split('\n')[0]), 'postgres');
  return { port, stop: () => server.stop() };
}

/** What this process wrote into the directory belongs to the user that PostgreSQL runs as. */
async function owned(directory: string): Promise<void> {
  if (process.getuid?.() !== 0) return;
  const { uid, gid } = await stat(directory);
  await copy('chown', ['-R', `${uid}:${gid}`, directory]);
}

/** Runs `use` as a superuser of the server on this port. */
export async function connected<T>(
  { user, password }: Admin,
  port: number,
  use: (client: pg.Client) => Promise<T>,
): Promise<T> {
  const client = new pg.Client({ host: '127.0.0.1', port, user, password, database: 'postgres' });
  client.on('error', () => {});
  await client.connect();
  try {
    return await use(client);
  } finally {
    await client.end().catch(() => {});
  }
}
