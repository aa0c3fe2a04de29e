import { createHash, randomBytes } from 'node:crypto';
import { mkdir, readdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * The disk of the rehearsal's host: a small one, so that it can be full without filling this computer's. What lies in the
 * backups' directory is counted as it is; the rest stands still.
 */
export interface Disk {
  size: number;
  /** Bytes in use now. */
  used(): Promise<number>;
}

const MIB = 1024 * 1024;
const SIZE = 64 * MIB;
/** The system, images and volumes. */
const REST = 30 * MIB;

/** Of the drill: one old backup a night, as long as there was room. */
const OLD_BACKUPS = 60;
/** Less than the newest backup needs. */
const LEFT = 64 * 1024;
const DAY_MS = 86_400_000;

/** @param full the drill: old backups have filled it, all of them good */
export async function createDisk(project: string, backups: string, full: boolean): Promise<Disk> {
  const directory = join(project, backups);
  if (full) await fill(directory);
  return {
    size: SIZE,
    used: async () => REST + (await bytesIn(directory)),
  };
}

async function bytesIn(directory: string): Promise<number> {
  const names = await readdir(directory).catch(() => []);
  const sizes = await Promise.all(names.map((name) => stat(join(directory, name)).catch(() => undefined)));
  return sizes.reduce((sum, info) => sum + (info?.size ?? 0), 0);
}

async function fill(directory: string): Promise<void> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const each = Math.floor((SIZE - REST - LEFT) / OLD_BACKUPS) - 128;
  // Last night's is the running server's own.
  for (let age = 2; age < OLD_BACKUPS + 2; age += 1) {
    const bytes = randomBytes(each);
    const day = new Date(Date.now() - age * DAY_MS).toISOString().slice(0, 10).replaceAll('-', '');
    const name = `backup_${day}_030000.dump`;
    await writeFile(join(directory, name), bytes, { mode: 0o600 });
    const digest = createHash('sha256').update(bytes).digest('hex');
    await writeFile(join(directory, `${name}.sha256`), `${digest}  ${name}\n`, { mode: 0o600 });
  }
}
