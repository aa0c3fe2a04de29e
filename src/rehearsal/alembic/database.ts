import pg from 'pg';
import { HOSTS_VARIABLE, readHosts, resolvePrivateHost } from '../booking/hosts.ts';
import { Raised } from './failed.ts';

type Env = Readonly<Record<string, string | undefined>>;

/** SQLAlchemy's names of PostgreSQL's drivers, and the exceptions that a connection gets with each. */
const DRIVERS: Readonly<Record<string, string>> = {
  'postgresql:': 'psycopg2',
  'postgresql+psycopg2:': 'psycopg2',
  'postgresql+psycopg:': 'psycopg',
  'postgresql+asyncpg:': 'asyncpg',
};
const TIMEOUT_MS = 5000;

/**
 * The address in `DATABASE_URL`, as `env.py` would hand it to SQLAlchemy: `postgres:` is no dialect since 1.4, and asyncpg
 * does not know libpq's `sslmode`.
 *
 * @throws Raised what SQLAlchemy or the driver raises; never with the password
 */
export function databaseUrl(env: Env): { url: string; driver: string } {
  const text = env['DATABASE_URL'];
  if (!text) throw new Raised('KeyError', "'DATABASE_URL'");
  if (!URL.canParse(text)) {
    throw new Raised('sqlalchemy.exc.ArgumentError', 'Could not parse SQLAlchemy URL from given URL string');
  }
  const given = new URL(text);
  const driver = DRIVERS[given.protocol];
  if (driver === undefined) {
    const [dialect = '', plugin] = given.protocol.slice(0, -1).split('+');
    const name = plugin === undefined ? dialect : `${dialect}.${plugin}`;
    throw new Raised('sqlalchemy.exc.NoSuchModuleError', `Can't load plugin: sqlalchemy.dialects:${name}`);
  }
  if (driver === 'asyncpg' && given.searchParams.has('sslmode')) {
    throw new Raised('TypeError', "connect() got an unexpected keyword argument 'sslmode'");
  }
  const url = resolvePrivateHost(given, readHosts(env[HOSTS_VARIABLE]), '5432');
  for (const name of ['sslmode', 'ssl']) url.searchParams.delete(name);
  return { url: `postgresql${url.href.slice(url.href.indexOf(':'))}`, driver };
}

/** Connects as SQLAlchemy would. @throws Raised `sqlalchemy.exc.OperationalError` */
export async function connect(env: Env): Promise<{ client: pg.Client; driver: string }> {
  const { url, driver } = databaseUrl(env);
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: TIMEOUT_MS });
  client.on('error', () => {});
  try {
    await client.connect();
  } catch (error) {
    throw unreachable(driver, new URL(url), error);
  }
  return { client, driver };
}

function unreachable(driver: string, { hostname, port }: URL, cause: unknown): Raised {
  const error = cause instanceof AggregateError ? (cause.errors[0] as Error) : (cause as Error);
  const refused = (error as NodeJS.ErrnoException).code === 'ECONNREFUSED';
  const where = `connection to server at "${hostname}", port ${port || '5432'} failed`;
  const why = refused ? 'Connection refused' : `FATAL:  ${error.message}`;
  if (driver === 'asyncpg') {
    return refused
      ? new Raised('ConnectionRefusedError', `[Errno 111] Connect call failed ('${hostname}', ${port || '5432'})`)
      : new Raised('asyncpg.exceptions.PostgresError', error.message);
  }
  return new Raised('sqlalchemy.exc.OperationalError', `(${driver}.OperationalError) ${where}: ${why}`);
}

/** The rows of the version table; none when there is no such table. */
export async function appliedRevisions(client: pg.Client): Promise<string[]> {
  const table = await client.query<{ found: boolean }>("select to_regclass('alembic_version') is not null as found");
  if (table.rows[0]?.found !== true) return [];
  const rows = await client.query<{ version_num: string }>('select version_num from alembic_version order by 1');
  return rows.rows.map(({ version_num }) => version_num);
}

/** Writes `rows` into the version table, which is made when it is not there, inside the caller's transaction. */
export async function storeRevisions(client: pg.Client, rows: readonly string[]): Promise<void> {
  await client.query(
    'create table if not exists alembic_version (version_num varchar(32) not null, constraint alembic_version_pkc primary key (version_num))',
  );
  await client.query('delete from alembic_version');
  await client.query('insert into alembic_version (version_num) select unnest($1::text[])', [rows]);
}

/** What a statement that the database refused looks like in Python. */
export function refused(driver: string, sql: string, error: pg.DatabaseError): Raised {
  const classes: Readonly<Record<string, string>> = {
    '42P01': 'UndefinedTable',
    '42703': 'UndefinedColumn',
    '42701': 'DuplicateColumn',
    '42P07': 'DuplicateTable',
    '42601': 'SyntaxError',
    '23505': 'UniqueViolation',
    '23514': 'CheckViolation',
    '23502': 'NotNullViolation',
    '55P03': 'LockNotAvailable',
  };
  const name = classes[error.code ?? ''] ?? 'DatabaseError';
  const code = error.code ?? '';
  const type = code.startsWith('23') ? 'IntegrityError' : code.startsWith('42') ? 'ProgrammingError' : 'DBAPIError';
  return new Raised(
    `sqlalchemy.exc.${type}`,
    `(${driver}.errors.${name}) ${error.message}\n\n[SQL: ${sql}]\n(Background on this error at: https://sqlalche.me/e/20/f405)`,
    { cause: error },
  );
}
