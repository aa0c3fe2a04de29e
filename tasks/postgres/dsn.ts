import { Problem } from '../../src/problem.ts';
import type { Secret } from '../../src/secrets/secret.ts';

/** Schemes of a PostgreSQL URL; SQLAlchemy adds the driver. */
const SCHEME = /^(postgres|postgresql)(\+[a-z0-9]+)?$/;

/** As libpq's `sslmode`; `prefer` is its default. */
export type SslMode = 'disable' | 'prefer' | 'require' | 'verify-full';

/** A database URL, taken apart. Only its components are ever used: an error of a parser would quote the whole of it. */
export interface Dsn {
  host: string;
  port: number;
  user: string;
  password: string;
  database: string;
  ssl: SslMode;
  /** Neon asks for it: the password is bound to the TLS channel. */
  channelBinding: boolean;
  /** libpq's `options`, e.g. `-c search_path=app`. */
  options?: string;
}

/**
 * Takes a database URL apart: `postgres://`, `postgresql://` or `postgresql+asyncpg://`.
 *
 * @throws Problem `postgres-url`, which says what is wrong by the secret's name and quotes nothing
 */
export function parseDsn(secret: Secret): Dsn {
  const text = secret.use((bytes) => bytes.toString('utf8').trim());
  const bad = (what: string) =>
    new Problem({
      code: 'postgres-url',
      what: `${secret.name} ${what}.`,
      means: 'No connection was opened.',
      next: [`enter ${secret.name} again, as postgresql://USER:PASSWORD@HOST:5432/DATABASE`],
    });
  const [scheme = '', rest] = text.split('://', 2);
  if (rest === undefined) throw bad('is not a URL');
  if (!SCHEME.test(scheme)) throw bad('is not a PostgreSQL URL: its scheme is neither postgres nor postgresql');
  let url: URL;
  try {
    url = new URL(`postgresql://${text.slice(scheme.length + 3)}`);
  } catch {
    // Not kept as the cause: the error of URL carries its input, password and all.
    throw bad('is not a URL: a password with @, /, #, ? or : must have them percent-encoded');
  }
  const query = url.searchParams;
  const host = (query.get('host') ?? url.hostname).replace(/^\[|\]$/g, '');
  if (host === '') throw bad('names no host');
  const decode = (part: string) => {
    try {
      return decodeURIComponent(part);
    } catch {
      throw bad('has a % that no two hexadecimal digits follow');
    }
  };
  const user = decode(url.username);
  const options = query.get('options');
  return {
    host,
    port: Number(query.get('port') ?? url.port) || 5432,
    user,
    password: decode(url.password),
    database: decode(url.pathname.replace(/^\//, '')) || user,
    ssl: sslMode(query.get('sslmode') ?? query.get('ssl'), bad),
    channelBinding: query.get('channel_binding') === 'require',
    ...(options ? { options } : {}),
  };
}

/** asyncpg's `ssl=` takes the same words as libpq's `sslmode=`, and true or false. */
function sslMode(word: string | null, bad: (what: string) => Problem): SslMode {
  switch (word) {
    case 'disable':
    case 'false':
      return 'disable';
    case null:
    case 'allow':
    case 'prefer':
      return 'prefer';
    case 'require':
    case 'true':
      return 'require';
    case 'verify-ca':
    case 'verify-full':
      return 'verify-full';
    default:
      throw bad('has an sslmode that PostgreSQL does not have');
  }
}

/**
 * The direct host behind a pooler's; undefined when the host is none. Neon's `-pooler` is PgBouncer in transaction mode: what
 * is held by a session (a lock, a setting) would be another client's with the next statement. Pure.
 */
export function directHost(host: string): string | undefined {
  const [first = '', ...rest] = host.split('.');
  return first.endsWith('-pooler') ? [first.slice(0, -'-pooler'.length), ...rest].join('.') : undefined;
}

/** The Fly app whose private address the host is; undefined for any other host. Pure. */
export function flyApp(host: string): string | undefined {
  // top2.nearest.of.APP.internal, APP.internal, APP.flycast
  return /(?:^|\.)([a-z0-9][a-z0-9-]*)\.(?:flycast|internal)$/i.exec(host)?.[1];
}
