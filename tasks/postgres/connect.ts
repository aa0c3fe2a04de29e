import type { Client, ClientConfig } from 'pg';
import { EXIT, Problem } from '../../src/problem.ts';
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
 * @throws Problem `postgres-url`, `postgres-unreachable`, `postgres-refused`, or one of the tunnel's. Errors of queries pass
 *   as they are.
 */
export async function withDatabase<T>(
  context: TaskContext,
  secret: string,
  use: (client: Client, dsn: Dsn) => Promise<T>,
): Promise<T> {
  const dsn = parseDsn(context.secret(secret));
  const app = flyApp(dsn.host);
  if (app === undefined) return connected(context, secret, dsn, (client) => use(client, dsn));
  // The tunnel is encrypted, and the server behind it speaks no TLS.
  return throughProxy(context, app, dsn.port, (port) =>
    connected(context, secret, { ...dsn, host: '127.0.0.1', port, ssl: 'disable' }, (client) => use(client, dsn)),
  );
}

async function connected<T>(
  context: TaskContext,
  secret: string,
  dsn: Dsn,
  use: (client: Client) => Promise<T>,
): Promise<T> {
  const { client, ssl } = await open(context, secret, dsn);
  const cancel = () => void cancelOn({ ...dsn, ssl }, client).catch(() => {});
  context.signal.addEventListener('abort', cancel, { once: true });
  try {
    return await use(client);
  } finally {
    context.signal.removeEventListener('abort', cancel);
    await client.end().catch(() => {});
  }
}

/** `prefer` ends as what the server speaks. */
async function open(context: TaskContext, secret: string, dsn: Dsn): Promise<{ client: Client; ssl: SslMode }> {
  try {
    return { client: await dial(dsn, context.timeoutMs), ssl: dsn.ssl };
  } catch (error) {
    if (dsn.ssl === 'prefer' && error instanceof Error && /does not support SSL/i.test(error.message)) {
      return open(context, secret, { ...dsn, ssl: 'disable' });
    }
    throw new Problem(connectionProblem(error, secret, dsn), EXIT.failed);
  }
}

async function dial(dsn: Dsn, statementMs: number): Promise<Client> {
  // Loaded when it is used: it is large, and most steps do without.
  const { default: pg } = await import('pg');
  const client = new pg.Client(config(dsn, statementMs));
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
function config(dsn: Dsn, statementMs: number): ClientConfig {
  return {
    host: dsn.host,
    port: dsn.port,
    user: dsn.user,
    database: dsn.database,
    password: () => dsn.password,
    ssl: dsn.ssl === 'disable' ? false : { rejectUnauthorized: dsn.ssl === 'verify-full' },
    enableChannelBinding: dsn.channelBinding,
    application_name: 'tejun',
    connectionTimeoutMillis: Math.min(CONNECT_MS, statementMs),
    statement_timeout: statementMs,
    ...(dsn.options ? { options: dsn.options } : {}),
  };
}

/** Closing the socket would not do: the server goes on with a query until it wants to send something. */
async function cancelOn(dsn: Dsn, client: Client): Promise<void> {
  const { processID } = client as Client & { processID?: number };
  if (!processID) return;
  const other = await dial(dsn, CONNECT_MS);
  try {
    await other.query('select pg_cancel_backend($1)', [processID]);
  } finally {
    await other.end();
  }
}
