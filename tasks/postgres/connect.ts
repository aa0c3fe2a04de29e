import type { Client, ClientConfig } from 'pg';
import { EXIT, Problem } from '../../src/problem.ts';
import type { Secret } from '../../src/secrets/secret.ts';
import type { TaskContext } from '../task.ts';
import { type Dsn, flyApp, parseDsn, type SslMode } from './dsn.ts';
import { connectionProblem } from './failure.ts';
import { throughProxy } from './proxy.ts';

/** Longest wait for a connection. */
const CONNECT_MS = 10_000;

/**
 * Connects to the database that a secret names, gives the client to `use`, and always ends the connection. A host on Fly's
 * private network is reached through `flyctl proxy`. A query that is stopped is cancelled on the server too.
 *
 * @throws Problem `postgres-url`, `postgres-unreachable`, `postgres-unavailable`, `postgres-refused`, or one of the tunnel's. Errors of queries pass
 *   as they are.
 */
export async function withDatabase<T>(
  context: TaskContext,
  secret: string,
  use: (client: Client, dsn: Dsn) => Promise<T>,
): Promise<T> {
  const settings = { statement_timeout: context.timeoutMs };
  return reached(context, context.secret(secret), settings, async (client, dsn, dialled) => {
    const cancel = () => void cancelOn(dialled, client).catch(() => {});
    context.signal.addEventListener('abort', cancel, { once: true });
    try {
      return await use(client, dsn);
    } finally {
      context.signal.removeEventListener('abort', cancel);
    }
  });
}

/** A connection that outlives the call that made it, and the tunnel that it goes through. */
export interface HeldConnection {
  client: Client;
  end(): Promise<void>;
}

/**
 * Connects as `withDatabase` does, to stay connected until `end`.
 *
 * @throws Problem as `withDatabase`
 */
export async function holdConnection(near: Near, secret: Secret, settings: ClientConfig): Promise<HeldConnection> {
  let close = () => {};
  const closed = new Promise<void>((resolve) => {
    close = resolve;
  });
  return new Promise((resolve, reject) => {
    const reaching = reached(near, secret, settings, async (client) => {
      const end = async () => {
        close();
        await reaching.catch(() => {});
      };
      resolve({ client, end });
      await closed;
    });
    reaching.catch(reject);
  });
}

/** What reaching a database needs of its surroundings: commands, for a tunnel. */
export type Near = Pick<TaskContext, 'exec' | 'signal'>;

/** @param use is also given what was dialled: the near end of a tunnel, and what `prefer` ended as */
async function reached<T>(
  near: Near,
  secret: Secret,
  settings: ClientConfig,
  use: (client: Client, dsn: Dsn, dialled: Dsn) => Promise<T>,
): Promise<T> {
  const dsn = parseDsn(secret);
  const connected = async (to: Dsn) => {
    const { client, ssl } = await open(to, secret.name, settings);
    try {
      return await use(client, dsn, { ...to, ssl });
    } finally {
      await client.end().catch(() => {});
    }
  };
  const app = flyApp(dsn.host);
  if (app === undefined) return connected(dsn);
  // The tunnel is encrypted, and the server behind it speaks no TLS.
  return throughProxy(near, app, dsn.port, (port) => connected({ ...dsn, host: '127.0.0.1', port, ssl: 'disable' }));
}

/** `prefer` ends as what the server speaks. */
async function open(dsn: Dsn, secret: string, settings: ClientConfig): Promise<{ client: Client; ssl: SslMode }> {
  try {
    return { client: await dial(dsn, settings), ssl: dsn.ssl };
  } catch (error) {
    if (dsn.ssl === 'prefer' && error instanceof Error && /does not support SSL/i.test(error.message)) {
      return open({ ...dsn, ssl: 'disable' }, secret, settings);
    }
    throw new Problem(connectionProblem(error, secret, dsn), EXIT.failed);
  }
}

async function dial(dsn: Dsn, settings: ClientConfig): Promise<Client> {
  // Loaded when it is used: it is large, and most steps do without.
  const { default: pg } = await import('pg');
  const client = new pg.Client(config(dsn, settings));
  // Without a listener, a connection that breaks between two queries would end the engine; the next query reports it.
  client.on('error', () => {});
  try {
    await client.connect();
    return client;
  } catch (error) {
    // Not waited for: after a connection that never was, pg waits for an end that has been.
    void client.end().catch(() => {});
    throw error;
  }
}

/** Every field is given, so that no PGHOST, PGPASSWORD or .pgpass of the operator's stands in for one. */
function config(dsn: Dsn, settings: ClientConfig): ClientConfig {
  const { statement_timeout: statementMs } = settings;
  return {
    ...settings,
    host: dsn.host,
    port: dsn.port,
    user: dsn.user,
    database: dsn.database,
    password: () => dsn.password,
    ssl: dsn.ssl === 'disable' ? false : { rejectUnauthorized: dsn.ssl === 'verify-full' },
    enableChannelBinding: dsn.channelBinding,
    application_name: 'tejun',
    connectionTimeoutMillis: Math.min(CONNECT_MS, statementMs || CONNECT_MS),
    ...(dsn.options ? { options: dsn.options } : {}),
  };
}

/** Closing the socket would not do: the server goes on with a query until it wants to send something. */
async function cancelOn(dsn: Dsn, client: Client): Promise<void> {
  const { processID } = client as Client & { processID?: number };
  if (!processID) return;
  const other = await dial(dsn, { statement_timeout: CONNECT_MS });
  try {
    await other.query('select pg_cancel_backend($1)', [processID]);
  } finally {
    await other.end();
  }
}
