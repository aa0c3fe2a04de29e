import { readdir, readFile } from 'node:fs/promises';
import type pg from 'pg';

/** Any number, the same in every machine: two machines start at once, and one of them migrates. */
const LOCK = 7_346_221;

/**
 * Applies the `.sql` files of `directory` that the database does not have yet, in the order of their names, each in a
 * transaction of its own. Gives the names of those it applied. Rejects with the database's error at the first that
 * fails; the ones before it stay.
 */
export async function migrate(pool: pg.Pool, directory: URL, say: (line: string) => void): Promise<readonly string[]> {
  const client = await pool.connect();
  const applied: string[] = [];
  try {
    await client.query('select pg_advisory_lock($1)', [LOCK]);
    await client.query(
      'create table if not exists schema_versions (name text primary key, applied_at timestamptz not null default now())',
    );
    const known = await client.query<{ name: string }>('select name from schema_versions');
    const names = new Set(known.rows.map((row) => row.name));
    const files = (await readdir(directory)).filter((file) => file.endsWith('.sql')).toSorted();
    for (const file of files.filter((name) => !names.has(name))) {
      say(`migrating: ${file}`);
      await apply(client, file, await readFile(new URL(file, directory), 'utf8'));
      applied.push(file);
    }
    return applied;
  } finally {
    // Ends the session, and with it the lock.
    client.release(true);
  }
}

async function apply(client: pg.PoolClient, name: string, sql: string): Promise<void> {
  await client.query('begin');
  try {
    await client.query(sql);
    await client.query('insert into schema_versions (name) values ($1)', [name]);
    await client.query('commit');
  } catch (error) {
    await client.query('rollback');
    throw new Error(`migration ${name} failed: ${(error as Error).message}`, { cause: error });
  }
}
