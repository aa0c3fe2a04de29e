import type pg from 'pg';
import { appliedRevisions, refused, storeRevisions } from './database.ts';
import { afterDowngrade, afterUpgrade, type Graph } from './graph.ts';

/** Any number, the same for every program that migrates: two machines start at once, and one of them waits. */
const LOCK = 7_346_221;

export interface Session {
  client: pg.Client;
  driver: string;
  graph: Graph;
  /** An INFO line of `alembic.runtime.migration`. */
  info(line: string): void;
}

/** Runs `work` while no other migration can, as an `env.py` with an advisory lock does. */
export async function alone<T>(client: pg.Client, work: () => Promise<T>): Promise<T> {
  await client.query('select pg_advisory_lock($1)', [LOCK]);
  try {
    return await work();
  } finally {
    await client.query('select pg_advisory_unlock($1)', [LOCK]);
  }
}

/** Applies revisions, each in a transaction of its own: those before the one that fails stay. @throws Raised */
export async function upgrade(session: Session, path: readonly string[]): Promise<void> {
  for (const id of path) {
    const revision = session.graph.byId.get(id);
    if (!revision) continue;
    session.info(`Running upgrade ${revision.parents.join(', ')} -> ${id}, ${revision.message}`);
    await inTransaction(session, revision.up, (rows) => afterUpgrade(session.graph, rows, id));
  }
}

/** Undoes revisions, each in a transaction of its own. @throws Raised */
export async function downgrade(session: Session, path: readonly string[]): Promise<void> {
  for (const id of path) {
    const revision = session.graph.byId.get(id);
    if (!revision) continue;
    session.info(`Running downgrade ${id} -> ${revision.parents.join(', ')}, ${revision.message}`);
    await inTransaction(session, revision.down, (rows) => afterDowngrade(session.graph, rows, id));
  }
}

/** Writes that the database is at `ids`, and runs nothing. */
export async function stamp({ client, info }: Session, ids: readonly string[]): Promise<void> {
  const before = await appliedRevisions(client);
  info(`Running stamp_revision ${before.join(', ')} -> ${ids.join(', ')}`);
  await storeRevisions(client, ids);
}

async function inTransaction(
  { client, driver }: Session,
  sql: string,
  rowsAfter: (rows: readonly string[]) => readonly string[],
): Promise<void> {
  const rows = await appliedRevisions(client);
  await client.query('begin');
  try {
    if (sql !== '') await client.query(sql);
    await storeRevisions(client, rowsAfter(rows));
    await client.query('commit');
  } catch (error) {
    await client.query('rollback');
    throw refused(driver, sql, error as pg.DatabaseError);
  }
}
