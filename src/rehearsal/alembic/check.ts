import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type pg from 'pg';
import type { AlembicCall } from './alembic.ts';
import { Failed } from './failed.ts';
import { type Graph, known } from './graph.ts';

/**
 * `alembic check`: the models of the code against the database. The models are `models.json` beside the revisions: the
 * columns that the code uses, by table.
 *
 * @throws Failed when the database is not at head, or lacks a column
 */
export async function check(
  call: AlembicCall,
  scripts: string,
  graph: Graph,
  client: pg.Client,
  applied: readonly string[],
): Promise<void> {
  known(graph, applied);
  if (!graph.heads.every((id) => applied.includes(id))) throw new Failed('Target database is not up to date.');
  const models = await readModels(scripts);
  const found = await client.query<{ name: string }>(
    "select table_name || '.' || column_name as name from information_schema.columns where table_schema = 'public'",
  );
  const columns = new Set(found.rows.map(({ name }) => name));
  const missing = Object.entries(models).flatMap(([table, names]) =>
    names
      .filter((name) => !columns.has(`${table}.${name}`))
      .map((name) => `('add_column', None, '${table}', Column('${name}'))`),
  );
  if (missing.length > 0) throw new Failed(`New upgrade operations detected: [${missing.join(', ')}]`);
  call.out('No new upgrade operations detected.\n');
}

async function readModels(scripts: string): Promise<Readonly<Record<string, readonly string[]>>> {
  const text = await readFile(join(scripts, 'models.json'), 'utf8').catch(() => '{}');
  return JSON.parse(text) as Readonly<Record<string, readonly string[]>>;
}
