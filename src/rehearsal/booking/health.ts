import type pg from 'pg';
import { pingCache } from './cache.ts';
import type { Answer } from './respond.ts';

/** What is asked before the service calls itself healthy. */
export interface HealthSubjects {
  pool: pg.Pool;
  redis?: URL;
  /** Tables that this release's code reads; a release that was built for another schema is not healthy. */
  tables: readonly string[];
}

/** `GET /api/v1/healthz`: 200 when every check is ok, else 503 with the failed check's reason. */
export async function health(subjects: HealthSubjects): Promise<Answer> {
  const cache = subjects.redis;
  const [database, redis] = await Promise.all([
    outcome(() => checkDatabase(subjects)),
    cache ? outcome(() => pingCache(cache)) : 'ok',
  ]);
  const healthy = database === 'ok' && redis === 'ok';
  return {
    status: healthy ? 200 : 503,
    body: { status: healthy ? 'healthy' : 'unhealthy', checks: { database, redis } },
  };
}

async function checkDatabase({ pool, tables }: HealthSubjects): Promise<void> {
  const found = await pool.query<{ name: string; present: boolean }>(
    'select name, to_regclass(name) is not null as present from unnest($1::text[]) as name',
    [tables],
  );
  const missing = found.rows.filter((row) => !row.present).map((row) => row.name);
  if (missing.length > 0) throw new Error(`relation "${missing[0]}" does not exist`);
}

async function outcome(check: () => Promise<void>): Promise<string> {
  try {
    await check();
    return 'ok';
  } catch (error) {
    const reason = error instanceof AggregateError ? (error.errors[0] as Error) : (error as Error);
    return reason.message || 'failed';
  }
}
