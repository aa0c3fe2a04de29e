import { HOSTS_VARIABLE, readHosts, resolvePrivateHost } from './hosts.ts';

/** What the service needs from its environment. */
export interface Config {
  port: number;
  /** Connection string with the scheme `postgresql:`; private hosts are resolved. */
  database: string;
  /** Whether the database's URL asks for it (`sslmode=require`). */
  tls: boolean;
  /** Absent when this service was deployed without a cache. */
  redis?: URL;
  /** Whether a start brings the schema to the code's head. */
  migrates: boolean;
  /** Name of the clock (clock.ts). */
  clock?: string;
}

/** A variable that is missing or wrong; its message never holds a value. */
export class ConfigError extends Error {}

const DATABASE_SCHEMES = ['postgres:', 'postgresql:', 'postgresql+asyncpg:', 'postgresql+psycopg:'];
/** What SQLAlchemy's `create_async_engine` takes. */
const ASYNC_SCHEMES = ['postgresql+asyncpg:'];
const CACHE_SCHEMES = ['redis:', 'rediss:'];

/** Reads the environment; `required` are the secrets without which the service does not start. */
export function readConfig(env: Readonly<Record<string, string | undefined>>, required: readonly string[]): Config {
  const missing = required.filter((name) => !env[name]);
  if (missing.length > 0) throw new ConfigError(`missing required environment variables: ${missing.join(', ')}`);
  const hosts = readHosts(env[HOSTS_VARIABLE]);
  const asyncpg = env['DATABASE_DRIVER'] === 'asyncpg';
  const database = resolvePrivateHost(
    readUrl(env, 'DATABASE_URL', asyncpg ? ASYNC_SCHEMES : DATABASE_SCHEMES),
    hosts,
    '5432',
  );
  if (asyncpg && database.searchParams.has('sslmode')) {
    throw new ConfigError("TypeError: connect() got an unexpected keyword argument 'sslmode'");
  }
  // SQLAlchemy's scheme names its driver; pg wants the plain one. `sslmode` and `ssl` say how that driver connects, and
  // the rehearsal's database, on this computer, speaks TLS only where it stands in for Neon, whose URLs have both words.
  const plain = new URL(`postgresql${database.href.slice(database.href.indexOf(':'))}`);
  const tls =
    plain.searchParams.get('sslmode') === 'require' && plain.searchParams.get('channel_binding') === 'require';
  for (const name of ['sslmode', 'ssl', 'channel_binding']) plain.searchParams.delete(name);
  return {
    port: Number(env['PORT'] ?? '8080'),
    database: plain.href,
    tls,
    migrates: env['RUN_MIGRATIONS'] !== 'never',
    ...(env['CLOCK'] ? { clock: env['CLOCK'] } : {}),
    ...(env['REDIS_URL'] ? { redis: resolvePrivateHost(readUrl(env, 'REDIS_URL', CACHE_SCHEMES), hosts, '6379') } : {}),
  };
}

function readUrl(env: Readonly<Record<string, string | undefined>>, name: string, schemes: readonly string[]): URL {
  const text = env[name] ?? '';
  if (!URL.canParse(text)) throw new ConfigError(`${name} is not a URL`);
  const url = new URL(text);
  if (!schemes.includes(url.protocol)) {
    throw new ConfigError(`${name} has the scheme ${url.protocol} but must have one of ${schemes.join(' ')}`);
  }
  return url;
}
