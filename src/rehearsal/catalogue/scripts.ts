import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type pg from 'pg';
import { ConfigError, openPool, traceback } from './database.ts';
import { hashPassword } from './passwords.ts';
import type { Release } from './release.ts';

type Env = Readonly<Record<string, string | undefined>>;
type Say = (line: string) => void;
type Script = (release: Release, env: Env, say: Say) => Promise<number>;
type Body = (given: { release: Release; env: Env; say: Say; pool: pg.Pool }) => Promise<number>;

/** The catalogue's scripts by their name in `scripts/`. All can be run again: what is there is kept. */
export const SCRIPTS: Readonly<Record<string, Script>> = {
  seed_dev: script('seed_dev', seedDev),
  seed_staging_min: script('seed_staging_min', seedStagingMin),
  import_master_products_from_sqlite: script('import_master_products_from_sqlite', importProducts),
  check_env_data: script('check_env_data', checkData),
};

function script(name: string, body: Body): Script {
  return async (release, env, say) => {
    let pool: pg.Pool | undefined;
    try {
      pool = openPool(env);
      return await body({ release, env, say, pool });
    } catch (error) {
      if (error instanceof ConfigError) say(`ERROR ${error.message}`);
      else say(traceback(error as Error, `scripts/${name}.py`));
      return 1;
    } finally {
      await pool?.end();
    }
  };
}

async function seedDev({ release, say, pool }: Parameters<Body>[0]): Promise<number> {
  for (const [id, name] of [
    [2, 'Tenant A'],
    [3, 'Tenant B'],
  ]) {
    await pool.query(
      'insert into tenants (id, name) values ($1, $2) on conflict (id) do update set name = excluded.name',
      [id, name],
    );
  }
  let created = 0;
  for (const { email, role, tenant, password } of release.users) {
    // Somebody's password is theirs: a second seed does not set it back.
    const done = await pool.query<{ fresh: boolean }>(
      `insert into users (email, role, tenant_id, password_hash) values ($1, $2, $3, $4)
       on conflict (email) do update set role = excluded.role, tenant_id = excluded.tenant_id returning xmax = 0 as fresh`,
      [email, role, tenant, hashPassword(password)],
    );
    if (done.rows[0]?.fresh) created += 1;
  }
  say(`seed_dev: users created=${created} updated=${release.users.length - created}`);
  return 0;
}

async function seedStagingMin({ say, pool }: Parameters<Body>[0]): Promise<number> {
  const done = await pool.query(
    `insert into master_products (tenant_id, brand, reference, price_jpy) values (2, 'TESTBRAND', 'REF001', 123456)
     on conflict (tenant_id, brand, reference) do nothing`,
  );
  say(`seed_staging_min: Tenant A TESTBRAND / REF001 price_jpy=123456 created=${done.rowCount}`);
  return 0;
}

async function importProducts({ release, env, say, pool }: Parameters<Body>[0]): Promise<number> {
  const tenant = Number(env['TENANT_ID']);
  if (!Number.isInteger(tenant)) {
    say('ERROR TENANT_ID is required');
    return 1;
  }
  const path = join(release.directory, 'horologen.db');
  if (!existsSync(path)) {
    say(`ERROR ${path} does not exist`);
    return 1;
  }
  const { DatabaseSync } = await import('node:sqlite');
  const source = new DatabaseSync(path, { readOnly: true });
  const rows = source.prepare('select brand, reference, price_jpy from master_products').all();
  source.close();
  let inserted = 0;
  for (const { brand, reference, price_jpy } of rows) {
    const done = await pool.query(
      `insert into master_products (tenant_id, brand, reference, price_jpy) values ($1, $2, $3, $4)
       on conflict (tenant_id, brand, reference) do nothing`,
      [tenant, brand, reference, price_jpy],
    );
    inserted += done.rowCount ?? 0;
  }
  say(`import_master_products: tenant_id=${tenant} inserted=${inserted} skipped=${rows.length - inserted}`);
  return 0;
}

async function checkData({ say, pool }: Parameters<Body>[0]): Promise<number> {
  const tenants = await pool.query<{ id: number; name: string }>('select id, name from tenants order by id');
  for (const { id, name } of tenants.rows) say(`tenant id=${id} name=${name}`);
  const users = await pool.query<{ email: string; role: string; tenant_id: number | null }>(
    'select email, role, tenant_id from users order by email',
  );
  for (const { email, role, tenant_id } of users.rows) say(`user ${email} role=${role} tenant_id=${tenant_id ?? '-'}`);
  const counts = await pool.query<{ tenant_id: number; count: string }>(
    'select tenant_id, count(*) from master_products group by tenant_id order by tenant_id',
  );
  for (const { tenant_id, count } of counts.rows) say(`master_products tenant_id=${tenant_id} count=${count}`);
  const sample = await pool.query<{ tenant_id: number; price_jpy: number }>(
    "select tenant_id, price_jpy from master_products where brand = 'TESTBRAND' and reference = 'REF001'",
  );
  for (const { tenant_id, price_jpy } of sample.rows)
    say(`TESTBRAND / REF001 tenant_id=${tenant_id} price_jpy=${price_jpy}`);
  return 0;
}
