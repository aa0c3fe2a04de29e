import { type HeldConnection, holdConnection, type Near } from '../../tasks/postgres/connect.ts';
import { serverError } from '../../tasks/postgres/failure.ts';
import { EXIT, Problem } from '../problem.ts';
import type { Secret } from '../secrets/secret.ts';
import { SCHEMA } from './schema.ts';

/** A run as the store lists it. */
export interface StoredRun {
  run: string;
  title: string;
  /** Path of the runbook on its host. */
  runbook: string;
  environment: string;
  flow: string;
  operator: string;
  host: string;
  /** ISO 8601, UTC, by the clock of its host. */
  startedAt: string;
  records: number;
  /** When its last records came: ISO 8601, UTC, by the clock of the store. */
  heardAt: string;
  /** Of the seal; absent while there is none. */
  outcome?: string;
}

const ANSWER_MS = 15_000;
/** Lines that are fetched at once. */
const PAGE = 5_000;

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
   * @throws Problem `store-refused` (EXIT.journal) for what is no journal, and when the store has another record in one's place
   */
  async add(run: string, began: string, from: number, lines: readonly string[]): Promise<void> {
    const month = `${began.slice(0, 7)}-01`;
    try {
      if (from === 0) await this.#ask('select tejun.make_month($1::date)', [month]);
      await this.#ask(
        `insert into tejun.line (month, run, seq, line)
         select $1::date, $2, $3::bigint + position - 1, line from unnest($4::text[]) with ordinality as given (line, position)
         order by position on conflict do nothing`,
        [month, run, from, lines],
      );
    } catch (error) {
      const refusal = serverError(error);
      if (!refusal || !REFUSED.test(refusal.code)) throw error;
      throw refused(run, refusal.message);
    }
  }

  /** The newest runs first. */
  runs(limit: number): Promise<StoredRun[]> {
    return this.#listed('tejun.run order by began desc limit $1', limit);
  }

  /** One run as it is listed; undefined when the store has none of this id. */
  async run(run: string): Promise<StoredRun | undefined> {
    const [found] = await this.#listed('tejun.run where run = $1', run);
    return found;
  }

  /** The lines of a run from `seq` on, in order, with their line breaks: from 0, the bytes of its journal. */
  async *journal(run: string, seq = 0): AsyncGenerator<string> {
    for (let from = seq; ; from += PAGE) {
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

  /**
   * One text a run, put together by the server: eleven columns take longer to print and to decode than to find, and one text of
   * all runs takes longer still to grow (measured: docs/store.md).
   *
   * @param from the rest of a statement after `from`, with one parameter
   */
  async #listed(from: string, parameter: unknown): Promise<StoredRun[]> {
    const { rows } = await this.#ask<{ listed: string }>(
      `select '[' || about::text || ',' || records || ',' || (date_part('epoch', heard) * 1000)::bigint
         || coalesce(',' || to_json(outcome)::text, '') || ']' as listed from ${from}`,
      [parameter],
    );
    return (JSON.parse(`[${rows.map(({ listed }) => listed).join()}]`) as Listed[]).map(storedRun);
  }

  #ask<T extends object>(text: string, values: unknown[]): Promise<{ rows: T[] }> {
    return this.#connection.client.query(text, values) as unknown as Promise<{ rows: T[] }>;
  }
}

/** A run as the server lists it: `tejun.run.about`, its records, when the last came (ms since 1970), its outcome. */
type Listed = [about: string[], records: number, heard: number, outcome?: string];

function storedRun([about, records, heard, outcome]: Listed): StoredRun {
  const [run = '', title = '', runbook = '', environment = '', flow = '', operator = '', host = '', startedAt = ''] =
    about;
  const heardAt = new Date(heard).toISOString();
  const end = outcome === undefined ? {} : { outcome };
  return { run, title, runbook, environment, flow, operator, host, startedAt, records, heardAt, ...end };
}

/** SQLSTATEs: the trigger's own, and what is no record at all (classes 22, data, and 23, constraints). */
const REFUSED = /^(TJ|22|23)/;

function refused(run: string, why: string): Problem {
  return new Problem(
    {
      code: 'store-refused',
      what: `The team’s store does not take this journal: ${why}.`,
      means: 'The file is kept, and is not sent on. What the store has is kept too.',
      next: [`tejun verify ${run}`, 'compare the file with what the store has'],
    },
    EXIT.journal,
  );
}
