import * as z from 'zod';
import { EXIT, Problem } from '../../src/problem.ts';
import { type Database, databaseItem } from './answers.ts';
import type { RenderClient } from './client.ts';
import { databasesNamed, PAGE } from './requests.ts';

/** A Postgres by its name or its id (`dpg-…`). */
export const databaseName = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/, 'a database’s name');

/** Finds a Postgres by name. Throws render-database-not-found, also when several have that name. */
export async function findDatabase(client: RenderClient, name: string): Promise<Database> {
  const items = await client.list(databasesNamed(name), databaseItem, PAGE);
  const found = items.map(({ postgres }) => postgres).filter((each) => each.name === name);
  const [first, second] = found;
  if (first !== undefined && second === undefined) return first;
  throw new Problem(
    {
      code: 'render-database-not-found',
      what: `Render has ${found.length === 0 ? 'no' : found.length} Postgres called ${name} that this key can see.`,
      means: 'Nothing was changed.',
      next: ['check its name in the dashboard', 'check whose key RENDER_API_KEY is'],
    },
    EXIT.failed,
  );
}
