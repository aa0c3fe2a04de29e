import { setTimeout as sleep } from 'node:timers/promises';
import type { QueryResult } from 'pg';
import { type HeldConnection, holdConnection, type Near } from '../../tasks/postgres/connect.ts';
import { serverError } from '../../tasks/postgres/failure.ts';
import type { Holder } from '../journal/records.ts';
import type { Secret } from '../secrets/secret.ts';
import { holderComment, readHolder } from './holder-comment.ts';

/** The session that has the lock, as another one sees it. */
export interface Occupant {
  /** Its server process and when that began: together they name one session for good. */
  backend: number;
  began: string;
  role: string;
  address: string;
  /** Unknown when it is not tejun's, or of a role whose statements this one may not see. */
  holder?: Holder;
}

/** How long a session that was ended may take to let go of its lock. */
const FREED_MS = 10_000;
const ANSWER_MS = FREED_MS + 5_000;

/**
 * What lets the server notice within seconds that this side is gone. It looks at the connection while a statement runs
 * (PostgreSQL 14 or later; never by default), and asks for a sign of life over a silent one (after two hours by default).
 */
const SETTINGS = {
  client_connection_check_interval: '1s',
  tcp_keepalives_idle: '10',
  tcp_keepalives_interval: '5',
  tcp_keepalives_count: '3',
  idle_session_timeout: '0',
  lock_timeout: `${FREED_MS}ms`,
};

/** SQLSTATEs: the server does not know a setting; the system that it runs on cannot do it; a lock was not had in time. */
const NO_SUCH_SETTING = '42704';
const SETTING_IMPOSSIBLE = '22023';
const LOCK_NOT_AVAILABLE = '55P03';

/** Sessions that hold ($1: a bigint key is shown as two halves), or queue for, the lock of this database. */
const LOCKS = `pg_locks where locktype = 'advisory' and objsubid = 1
  and database = (select oid from pg_database where datname = current_database())
  and ((classid::bigint << 32) | objid::bigint) = $1::bigint`;

/** One session with a database for the sake of one advisory lock: the edge of `SharedLock`. */
export class LockSession {
  readonly #near: Near;
  readonly #secret: Secret;
  readonly #key: bigint;
  readonly #connection: HeldConnection;
  /** Resolves when the connection has ended, whoever ended it. */
  readonly ended: Promise<void>;

  private constructor(near: Near, secret: Secret, key: bigint, connection: HeldConnection) {
    this.#near = near;
    this.#secret = secret;
    this.#key = key;
    this.#connection = connection;
    this.ended = new Promise((resolve) => void connection.client.once('end', resolve));
  }

  /** @throws Problem `postgres-url`, `postgres-unreachable`, `postgres-unavailable`, `postgres-refused` */
  static async open(near: Near, secret: Secret, key: bigint): Promise<LockSession> {
    const connection = await holdConnection(near, secret, {
      statement_timeout: ANSWER_MS,
      query_timeout: ANSWER_MS,
      keepAlive: true,
      keepAliveInitialDelayMillis: 10_000,
    });
    const session = new LockSession(near, secret, key, connection);
    try {
      for (const [name, value] of Object.entries(SETTINGS)) await session.#set(name, value);
    } catch (error) {
      await session.end();
      throw error;
    }
    return session;
  }

  /** Takes the lock when it is free; does not wait. */
  async take(holder: Holder): Promise<boolean> {
    const { rows } = await this.#ask(`${holderComment(holder)} select pg_try_advisory_lock($1::bigint) as taken`);
    return rows[0]?.['taken'] === true;
  }

  /** Shows who holds the lock, and where they are, to whoever asks; false when it is not this session's after all. */
  async show(holder: Holder): Promise<boolean> {
    const { rows } = await this.#ask(
      `${holderComment(holder)} select exists (select from ${LOCKS} and granted and pid = pg_backend_pid()) as held`,
    );
    return rows[0]?.['held'] === true;
  }

  /** The session that has the lock; undefined when none has. */
  async occupant(): Promise<Occupant | undefined> {
    const { rows } = await this.#ask(
      `select pid, backend_start::text as began, coalesce(usename, '?') as role,
         coalesce(host(client_addr), 'its own host') as address, coalesce(query, '') as query
       from pg_stat_activity where pid in (select pid from ${LOCKS} and granted)`,
    );
    const [row] = rows as { pid: number; began: string; role: string; address: string; query: string }[];
    if (!row) return undefined;
    const { pid: backend, query, ...seen } = row;
    const holder = readHolder(query);
    return { ...seen, backend, ...(holder ? { holder } : {}) };
  }

  /**
   * Ends the session of the occupant and has the lock in its place. This session queues for the lock before the other is
   * ended, so that PostgreSQL itself hands it over: a loser that tries to take it back at once comes too late.
   *
   * @returns false when somebody else had queued before
   */
  async seize({ backend, began }: Occupant, holder: Holder): Promise<boolean> {
    const other = await LockSession.open(this.#near, this.#secret, this.#key);
    try {
      const { rows } = await this.#connection.client.query('select pg_backend_pid() as pid');
      const waiting = this.#ask(`${holderComment(holder)} select pg_advisory_lock($1::bigint)`);
      const failed = waiting.catch(() => {});
      const queued = other.#queued(Number(rows[0]?.['pid']));
      await Promise.race([queued, failed]);
      await other.#connection.client.query(
        'select pg_terminate_backend(pid) from pg_stat_activity where pid = $1 and backend_start = $2::timestamptz',
        [backend, began],
      );
      await waiting;
      return true;
    } catch (error) {
      if (serverError(error)?.code === LOCK_NOT_AVAILABLE) return false;
      throw error;
    } finally {
      await other.end();
    }
  }

  async end(): Promise<void> {
    await this.#connection.end();
  }

  async #queued(backend: number): Promise<void> {
    for (const until = performance.now() + FREED_MS; performance.now() < until; await sleep(10)) {
      const { rows } = await this.#ask(`select pid from ${LOCKS}`);
      if (rows.some((row) => row['pid'] === backend)) return;
    }
  }

  async #set(name: string, value: string): Promise<void> {
    try {
      await this.#connection.client.query('select set_config($1, $2, false)', [name, value]);
    } catch (error) {
      const code = serverError(error)?.code;
      if (code !== NO_SUCH_SETTING && code !== SETTING_IMPOSSIBLE) throw error;
    }
  }

  /** @param statement has the key as $1 */
  #ask(statement: string): Promise<QueryResult<Record<string, unknown>>> {
    return this.#connection.client.query(statement, [this.#key.toString()]);
  }
}
