/** The catalogue's source as a commit has it: files in a directory, from which a platform builds. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Release, SeedUser } from './release.ts';

export interface Version {
  version: string;
  message: string;
  /** How many of the migrations it has. */
  revisions: number;
  productColumns: readonly string[];
  missingModule?: string;
  /** Its last migration fails where there are products. */
  failingMigration?: boolean;
}

const COLUMNS = ['tenant_id', 'brand', 'reference', 'price_jpy'];

/** What was deployed before, and what the next deploy brings: a column more, which its pages read. */
export const VERSIONS = {
  first: { version: '1.8.0', message: 'Search references by brand', revisions: 3, productColumns: COLUMNS },
  second: {
    version: '1.8.1',
    message: 'Show the price with its digits grouped',
    revisions: 3,
    productColumns: COLUMNS,
  },
  next: {
    version: '1.9.0',
    message: 'Keep the currency of a price',
    revisions: 4,
    productColumns: [...COLUMNS, 'currency'],
  },
} as const satisfies Record<string, Version>;

const SCRIPTS = ['seed_dev', 'seed_staging_min', 'import_master_products_from_sqlite', 'check_env_data'];

/** Oldest first; each builds on the one before it. */
const MIGRATIONS: readonly { id: string; message: string; up: string; down: string }[] = [
  {
    id: '1f0a6c2b9d11',
    message: 'tenants and users',
    up: `create table tenants (id integer primary key, name text not null);
create table users (id serial primary key, email text not null unique, role text not null,
  tenant_id integer references tenants (id), password_hash text not null);`,
    down: 'drop table users;\ndrop table tenants;',
  },
  {
    id: '2b7c4e8f0a22',
    message: 'master products of a tenant',
    up: `create table master_products (id serial primary key, tenant_id integer not null references tenants (id),
  brand text not null, reference text not null, price_jpy integer not null, unique (tenant_id, brand, reference));`,
    down: 'drop table master_products;',
  },
  {
    id: '3c9d5f1a1b33',
    message: 'a password that must be changed',
    up: 'alter table users add column must_change_password boolean not null default false;',
    down: 'alter table users drop column must_change_password;',
  },
  {
    id: '4d0e6a2b2c44',
    message: 'the currency of a price',
    up: "alter table master_products add column currency text not null default 'JPY';",
    down: 'alter table master_products drop column currency;',
  },
];

export const REVISIONS: readonly string[] = MIGRATIONS.map(({ id }) => id);

/** Writes a version's files. `users` are those that its seed makes. */
export async function writeVersion(directory: string, version: Version, users: readonly SeedUser[]): Promise<void> {
  await mkdir(join(directory, 'alembic', 'versions'), { recursive: true });
  await mkdir(join(directory, 'scripts'), { recursive: true });
  const { message: _, revisions, failingMigration, ...rest } = version;
  const release: Omit<Release, 'directory'> = { ...rest, scripts: SCRIPTS, users };
  await writeFile(join(directory, 'release.json'), `${JSON.stringify(release)}\n`, { mode: 0o600 });
  await writeFile(join(directory, 'alembic.ini'), '[alembic]\nscript_location = %(here)s/alembic\n');
  for (const name of SCRIPTS) {
    await writeFile(
      join(directory, 'scripts', `${name}.py`),
      '# acted out by the rehearsal: src/rehearsal/catalogue/scripts.ts\n',
    );
  }
  for (const [index, { id, message, up, down }] of MIGRATIONS.slice(0, revisions).entries()) {
    const parent = MIGRATIONS[index - 1]?.id ?? '';
    // Not null without a default: PostgreSQL refuses it where there are rows.
    const sql = failingMigration && index === revisions - 1 ? up.replace(" default 'JPY'", '') : up;
    await writeFile(
      join(directory, 'alembic', 'versions', `${id}.sql`),
      `-- ${message}\n--\n-- Revision ID: ${id}\n-- Revises: ${parent}\n\n-- upgrade\n${sql}\n\n-- downgrade\n${down}\n`,
    );
  }
  await writeProducts(join(directory, 'horologen.db'));
}

/** The old SQLite file, which is part of the build here so that a job can read it. */
async function writeProducts(path: string): Promise<void> {
  const { DatabaseSync } = await import('node:sqlite');
  const database = new DatabaseSync(path);
  database.exec('create table master_products (brand text, reference text, price_jpy integer)');
  const insert = database.prepare('insert into master_products values (?, ?, ?)');
  for (const [reference, price] of [
    ['REF101', 480000],
    ['REF102', 612000],
    ['REF103', 1250000],
  ] as const) {
    insert.run('SAMPLEBRAND', reference, price);
  }
  database.close();
}
