import * as z from 'zod';
import type { Task } from '../task.ts';
import { renderClient } from './client.ts';
import { databaseName, findDatabase } from './database.ts';
import { databasesNamed, written } from './requests.ts';

const input = z.strictObject({ database: databaseName });

/** Whether a Postgres on Render is available. */
export const renderPostgres: Task<z.infer<typeof input>> = {
  name: 'render/postgres',
  input,
  effect: 'read',
  describe: ({ database }) => [written(databasesNamed(database))],
  async run({ database: name }, context) {
    const found = await findDatabase(renderClient(context), name);
    const { id, status, version, plan, diskSizeGB, suspended, expiresAt } = found;
    const said = [
      `${name} (${id}) is ${status}`,
      ...(version === undefined ? [] : [`PostgreSQL ${version}`]),
      ...(plan === undefined ? [] : [`plan ${plan}`]),
      ...(diskSizeGB == null ? [] : [`disk ${diskSizeGB} GB`]),
      // A free database is deleted when it expires.
      ...(expiresAt == null ? [] : [`expires ${expiresAt}`]),
    ].join(' · ');
    context.say(said);
    const evidence = { database: name, id, status, version: version ?? null, diskSizeGB: diskSizeGB ?? null };
    if (status === 'available' && suspended !== 'suspended') return { outcome: 'passed', summary: said, evidence };
    return {
      outcome: 'failed',
      summary: said,
      evidence,
      problem: {
        code: 'render-database-unavailable',
        what: `${name} is ${suspended === 'suspended' ? 'suspended' : status}, not available.`,
        means: 'The app answers 500 to whatever needs data for as long as this lasts. Nothing was changed.',
        next: ['look at its Info and Metrics pages: disk full, maintenance, suspended', 'https://status.render.com'],
      },
    };
  },
};
