import { Problem } from '../../src/problem.ts';
import { Secret } from '../../src/secrets/secret.ts';

export const DRIVERS = ['asyncpg', 'psycopg'] as const;
export type Driver = (typeof DRIVERS)[number];

/** What `postgres attach` yields (`postgres://`), and what others write. */
const POSTGRES = /^postgres(ql)?(\+[a-z0-9]+)?$/;

export interface DriverUrl {
  url: Secret;
  /** For the journal; nothing of the address itself. */
  from: string;
  to: string;
  /** What became of `sslmode`: asyncpg knows only `ssl`. */
  sslmode: 'absent' | 'dropped' | 'renamed' | 'kept';
}

/**
 * A database URL as SQLAlchemy's driver takes it: its scheme, and for asyncpg no `sslmode`. `sslmode=disable` is left out, any
 * other becomes `ssl=…`, so that no connection loses its encryption on the way. Works on the bytes, so that no string with a
 * password is left behind. Pure.
 *
 * @throws Problem `not-a-postgres-url`
 */
export function urlForDriver(given: Secret, driver: Driver): DriverUrl {
  return given.use((bytes) => {
    const colon = bytes.indexOf('://');
    const from = bytes.subarray(0, Math.max(colon, 0)).toString('latin1');
    if (!POSTGRES.test(from)) throw notPostgres(given.name);
    const rest = bytes.subarray(colon);
    const mark = rest.indexOf('?');
    const head = mark < 0 ? rest : rest.subarray(0, mark);
    const query = mark < 0 ? '' : rest.subarray(mark + 1).toString('latin1');
    const { text, sslmode } = queryFor(query, driver);
    const to = `postgresql+${driver}`;
    const parts = [Buffer.from(to), head, Buffer.from(text === '' ? '' : `?${text}`, 'latin1')];
    return { url: new Secret(given.name, Buffer.concat(parts)), from, to, sslmode };
  });
}

function queryFor(query: string, driver: Driver): { text: string; sslmode: DriverUrl['sslmode'] } {
  const pairs = query.split('&').filter((pair) => pair !== '');
  const isMode = (pair: string) => /^sslmode(=|$)/.test(pair);
  // Of several, libpq takes the last.
  const mode = pairs.findLast(isMode)?.slice('sslmode='.length);
  if (mode === undefined) return { text: pairs.join('&'), sslmode: 'absent' };
  if (driver !== 'asyncpg') return { text: pairs.join('&'), sslmode: 'kept' };
  const dropped = mode === 'disable' || mode === '';
  const others = pairs.filter((pair) => !isMode(pair));
  return { text: [...others, ...(dropped ? [] : [`ssl=${mode}`])].join('&'), sslmode: dropped ? 'dropped' : 'renamed' };
}

function notPostgres(name: string): Problem {
  return new Problem({
    code: 'not-a-postgres-url',
    what: `${name} is not the URL of a PostgreSQL database.`,
    means: 'Nothing was set.',
    next: [`enter ${name} again: postgres://… as the platform gave it`],
  });
}
