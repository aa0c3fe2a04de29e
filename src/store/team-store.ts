import { type HeldConnection, holdConnection, type Near } from '../../tasks/postgres/connect.ts';
import { serverError } from '../../tasks/postgres/failure.ts';
import { EXIT, Problem } from '../problem.ts';
import { Secret } from '../secrets/secret.ts';
import { SCHEMA } from './schema.ts';

/** A run as the store lists it. */
export interface StoredRun {
  run: string;
  title: string;
  environment: string;
  flow: string;
  operator: string;
  host: string;
  /** ISO 8601, UTC. */
  startedAt: string;
  records: number;
  /** Of the seal; absent while there is none. */
  outcome?: string;
}

const ANSWER_MS = 15_000;
/** Lines that are fetched at once. */
const PAGE = 5_000;

/** The name of the setting, which is also that of the secret: its URL holds a password. */
export const STORE = 'TEJUN_STORE';

/** The URL of the team's store as a secret; undefined when none is set. */
export function storeSecret(env: Readonly<Record<string, string | undefined>>): Secret | undefined {
  const url = env[STORE];
  return url ? new Secret(STORE, Buffer.from(url)) : undefined;
}

/** One connection to the team's store. It only ever adds and reads. */
export class TeamStore {
  readonly #connection: HeldConnection;

  private constructor(connection: HeldConnection) {
    this.#connection = connection;
  }

  /** @throws Problem `postgres-url`, `postgres-unreachable`, `postgres-unavailable`, `postgres-refused` */
  static async open(near: Near, secret: Secret): Promise<TeamStore> {
    const settings = { statement_timeout: ANSWER_MS, query_timeout: ANSWER_MS, keepAlive: true };
    return new TeamStore(await holdConnection(near, secret, settings));
  }

  /** Makes the schema and its grants; for the owner of the database. */
  async init(): Promise<void> {
    await this.#connection.client.query(SCHEMA);
  }

  /** How many records of a run are stored; 0 when none is. */
  async stored(run: string): Promise<number> {
    const { rows } = await this.#ask<{ records: string }>('select records from tejun.run where run = $1', [run]);
    return Number(rows[0]?.records ?? 0);
  }

  /**
   * Adds lines of a run, in order; those that are stored already are not stored again.
   *
   * @param began of the run's first record: it tells the month
   * @param from `seq` of the first line
   * @param lines without their line breaks
   * @throws Problem `store-refused` when the store has another record in one's place
   */
  async add(run: string, began: string, from: number, lines: readonly string[]): Promise<void> {
    const month = `${began.slice(0, 7)}-01`;
    const insert = () =>
      this.#ask(
        `insert into tejun.line (month, run, seq, line)
         select $1::date, $2, $3::bigint + position - 1, line from unnest($4::text[]) with ordinality as given (line, position)
         order by position on conflict do nothing`,
        [month, run, from, lines],
      );
    try {
      if (from === 0) await this.#ask('select tejun.make_month($1::date)', [month]);
      await insert();
    } catch (error) {
      const refusal = serverError(error);
      if (!refusal?.code.startsWith('TJ')) throw error;
      throw new Problem(
        {
          code: 'store-refused',
          what: `The team's store does not take this journal: ${refusal.message}.`,
          means: 'The file is kept, and is not sent on. What the store has is kept too.',
          next: [`tejun verify ${run}`, 'compare the file with what the store has'],
        },
        EXIT.journal,
      );
    }
  }

  /** The newest runs first. */
  async runs(limit: number): Promise<StoredRun[]> {
    const { rows } = await this.#ask<Omit<StoredRun, 'outcome' | 'startedAt' | 'records'> & Row>(
      `select run, title, environment, flow, operator, host, began, records, outcome from tejun.run
       order by began desc limit $1`,
      [limit],
    );
    return rows.map(({ began, records, outcome, ...run }) => ({
      ...run,
      startedAt: began.toISOString(),
      records: Number(records),
      ...(outcome === null ? {} : { outcome }),
    }));
  }

  /** The lines of a run, in order, with their line breaks: the bytes of its journal. */
  async *journal(run: string): AsyncGenerator<string> {
    for (let from = 0; ; from += PAGE) {
      const { rows } = await this.#ask<{ line: string }>(
        `select line from tejun.line where month = (select month from tejun.run where run = $1) and run = $1
           and seq >= $2 and seq < $2 + $3 order by seq`,
        [run, from, PAGE],
      );
      for (const { line } of rows) yield `${line}\n`;
      if (rows.length < PAGE) return;
    }
  }

  async end(): Promise<void> {
    await this.#connection.end();
  }

  #ask<T extends object>(text: string, values: unknown[]): Promise<{ rows: T[] }> {
    return this.#connection.client.query(text, values) as unknown as Promise<{ rows: T[] }>;
  }
}

interface Row {
  began: Date;
  records: string;
  outcome: string | null;
}
