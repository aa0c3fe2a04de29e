import pg from 'pg';

/** SQLAlchemy's names of the driver; the application itself makes them the same. */
const SCHEME = /^postgres(?:ql)?(?:\+\w+)?:\/\//;

/** How psycopg calls the errors that a missing migration or seed leads to, by SQLSTATE. */
const NAMES: Readonly<Record<string, string>> = {
  '42P01': 'psycopg.errors.UndefinedTable',
  '42703': 'psycopg.errors.UndefinedColumn',
  '23505': 'psycopg.errors.UniqueViolation',
  '23502': 'psycopg.errors.NotNullViolation',
};

/** A variable that is missing or wrong. Its message holds no value. */
export class ConfigError extends Error {}

/** The address of the database, for pg. */
export function databaseUrl(env: Readonly<Record<string, string | undefined>>): string {
  const url = env['DATABASE_URL'];
  if (!url) throw new ConfigError('DATABASE_URL is required');
  if (!SCHEME.test(url)) throw new ConfigError('DATABASE_URL must begin with postgresql://');
  return url.replace(SCHEME, 'postgresql://');
}

export function openPool(env: Readonly<Record<string, string | undefined>>): pg.Pool {
  const pool = new pg.Pool({ connectionString: databaseUrl(env), max: 5, connectionTimeoutMillis: 3000 });
  pool.on('error', () => {});
  return pool;
}

/** An error as Python would print it at the end of a traceback. */
export function pythonName(error: Error): string {
  const { code } = error as { code?: string };
  if (error instanceof AggregateError || (code !== undefined && /^(E[A-Z]+|08\w{3}|57P\w{2}|28\w{3})$/.test(code))) {
    const message = error instanceof AggregateError ? (error.errors[0] as Error).message : error.message;
    return `psycopg.OperationalError: ${message}`;
  }
  if (/timeout|terminated/i.test(error.message)) return `psycopg.OperationalError: ${error.message}`;
  return `${(code && NAMES[code]) ?? 'RuntimeError'}: ${error.message}`;
}

/** A traceback as Python writes it, for the log. */
export function traceback(error: Error, where: string): string {
  return [
    'Traceback (most recent call last):',
    `  File "/opt/render/project/src/${where}", line 1, in <module>`,
    pythonName(error),
  ].join('\n');
}
