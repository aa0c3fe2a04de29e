import * as z from 'zod';
import { amount, secretName } from '../input.ts';
import type { Task } from '../task.ts';
import { withDatabase } from './connect.ts';

const QUERY =
  "select version(), current_setting('server_version_num')::int as number, pg_is_in_recovery() as recovering";

const input = z.strictObject({ secret: secretName.default('DATABASE_URL'), min_version: amount.optional() });

/** The database takes connections, is new enough, and is no standby. */
export const postgresReady: Task<z.infer<typeof input>> = {
  name: 'postgres/ready',
  input,
  effect: 'read',
  describe: ({ secret }) => [`psql "$${secret}" -c "${QUERY}"`],
  secrets: ({ secret }) => [secret],
  run: ({ secret, min_version }, context) =>
    withDatabase(context, secret, async (client, { host, database }) => {
      const { rows } = await client.query<{ version: string; number: number; recovering: boolean }>(QUERY);
      const [found = { version: '', number: 0, recovering: false }] = rows;
      // 170005 is 17.5; since 10 the first part is the major version.
      const version = `${Math.floor(found.number / 10_000)}.${found.number % 10_000}`;
      const evidence = { version, host, database, recovering: found.recovering };
      const where = `${database} on ${host}`;
      if (min_version !== undefined && found.number < min_version * 10_000) {
        return {
          outcome: 'failed',
          summary: `PostgreSQL ${version} is older than ${min_version}`,
          evidence,
          problem: {
            code: 'postgres-too-old',
            what: `${where} is PostgreSQL ${version}; this runbook needs ${min_version} or newer.`,
            next: [`check that ${secret} names the right server`],
          },
        };
      }
      if (found.recovering) {
        return {
          outcome: 'failed',
          summary: `PostgreSQL ${version} is a standby`,
          evidence,
          problem: {
            code: 'postgres-standby',
            what: `${where} is in recovery: a standby, which takes no writes.`,
            next: ['name the primary in the URL', 'promote the standby, if the primary is lost'],
          },
        };
      }
      return { outcome: 'passed', summary: `PostgreSQL ${version} · ${where}`, evidence };
    }),
};
