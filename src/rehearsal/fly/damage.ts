import { randomBytes } from 'node:crypto';
import pg from 'pg';
import type { Database } from '../database.ts';
import type { DrillName } from '../drills.ts';
import { identifier } from './commands/postgres.ts';

/**
 * What a drill breaks in the database of a running app on Fly, by the names that an attachment gives its role and database.
 * Gives whether it is such a drill; the others break a release or the platform.
 */
export async function damageDatabase(database: Database, app: string, drill: DrillName): Promise<boolean> {
  const name = identifier(app);
  switch (drill) {
    case 'wrong-database-password':
      // Somebody changed it in the database only. Open connections would go on for as long as they are kept.
      await database.query(
        `alter role ${pg.escapeIdentifier(name)} password ${pg.escapeLiteral(randomBytes(12).toString('hex'))}`,
      );
      await database.query(
        `select pg_terminate_backend(pid) from pg_stat_activity where usename = ${pg.escapeLiteral(name)}`,
      );
      return true;
    case 'constraint-missing':
      await database.query(DROP_EXCLUSIONS, name);
      return true;
    default:
      return false;
  }
}

const DROP_EXCLUSIONS = `
do $$
declare found record;
begin
  for found in select conrelid::regclass as relation, conname from pg_constraint where contype = 'x' loop
    execute format('alter table %s drop constraint %I', found.relation, found.conname);
  end loop;
end $$`;
