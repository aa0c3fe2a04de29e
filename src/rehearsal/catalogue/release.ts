import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** What `release.json` says of one version of the catalogue. */
export interface Release {
  version: string;
  /** Columns of `master_products` that this version's pages read. */
  productColumns: readonly string[];
  /** Names of the scripts that it has. */
  scripts: readonly string[];
  /** A module that its start-up imports and the build does not have. */
  missingModule?: string;
  /** Users that its seed makes. */
  users: readonly SeedUser[];
  /** Where it is. */
  directory: string;
}

export interface SeedUser {
  email: string;
  role: Role;
  tenant: number | null;
  password: string;
}

export type Role = 'platform_admin' | 'admin' | 'staff';

/** Reads the release in a directory. */
export async function readRelease(directory: string): Promise<Release> {
  const text = await readFile(join(directory, 'release.json'), 'utf8');
  return { ...(JSON.parse(text) as Omit<Release, 'directory'>), directory };
}
