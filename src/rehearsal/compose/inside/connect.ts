import pg from 'pg';
import { route } from '../network.ts';
import type { InsideCall } from './call.ts';

/** Flags that psql, pg_dump and pg_restore share. */
export const CONNECTION_FLAGS = [
  { long: 'host', short: 'h', value: true },
  { long: 'port', short: 'p', value: true },
  { long: 'username', short: 'U', value: true },
  { long: 'dbname', short: 'd', value: true },
  { long: 'no-password', short: 'w' },
] as const;

export interface Target {
  host: string | undefined;
  user: string;
  database: string;
}

/** What libpq says when there is no connection; exit 2 of psql, 1 of the others. */
export class ConnectionFailed extends Error {}

/** The local socket of the official image trusts everybody; over the network a password is asked for. */
const SOCKET = 'connection to server on socket "/var/run/postgresql/.s.PGSQL.5432" failed';

/** Variable with the password of the one role that the image made; of the container's programs only. */
export const OWNER_PASSWORD = 'TEJUN_OWNER_PASSWORD';

/** Who and what, as libpq reads them from flags and the environment. */
export function targetOf(
  call: InsideCall,
  flag: (name: string) => string | undefined,
  first: string | undefined,
): Target {
  const user = flag('username') ?? call.env['PGUSER'] ?? 'root';
  return {
    host: flag('host') ?? call.env['PGHOST'],
    user,
    database: flag('dbname') ?? first ?? call.env['PGDATABASE'] ?? user,
  };
}

/** Connects; every value comes as PostgreSQL prints it. @throws ConnectionFailed */
export async function connect(call: InsideCall, { host, user, database }: Target): Promise<pg.Client> {
  const where = route(call.hosts, call.self, host ?? 'localhost', 5432);
  const prefix = host === undefined ? SOCKET : `connection to server at "${host}", port 5432 failed`;
  if (typeof where === 'string') {
    throw new ConnectionFailed(
      host === undefined
        ? `${prefix}: No such file or directory\n\tIs the server running locally and accepting connections on that socket?`
        : where === 'refused'
          ? `${prefix}: Connection refused\n\tIs the server running on that host and accepting TCP/IP connections?`
          : `could not translate host name "${host}" to address: Name or service not known`,
    );
  }
  const owner = call.env['POSTGRES_USER'] ?? 'postgres';
  const password = host === undefined && user === owner ? call.env[OWNER_PASSWORD] : call.env['PGPASSWORD'];
  const client = new pg.Client({
    host: '127.0.0.1',
    port: where.port,
    user,
    database,
    ...(password === undefined ? {} : { password }),
    application_name: call.program,
    types: { getTypeParser: () => (value: string) => value } as unknown as pg.CustomTypesConfig,
  });
  client.on('error', () => {});
  try {
    await client.connect();
    return client;
  } catch (error) {
    const said = error instanceof AggregateError ? (error.errors[0] as Error).message : (error as Error).message;
    // A role without a password here is one that the server does not have: the image made the one.
    const missing = host === undefined && user !== owner && !/database/.test(said);
    throw new ConnectionFailed(`${prefix}: FATAL:  ${missing ? `role "${user}" does not exist` : said}`);
  }
}
