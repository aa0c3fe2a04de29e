import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, readdir, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

/** A file among the backups. */
export interface BackupFile {
  file: string;
  bytes: number;
  /** When it was made: what its name says in the host's time, else when the file was written. */
  at: Date;
  /** `dump` is pg_dump's custom format; `plain` SQL, as older scripts left it; `part` was never finished. */
  kind: 'dump' | 'plain' | 'part';
  /** SHA-256 that `sha256sum -c` reads beside it: these bytes were once read in full. */
  vouched?: string;
}

/** Ends of names, by what they hold. */
const KINDS: readonly (readonly [end: string, kind: BackupFile['kind']])[] = [
  ['.dump.part', 'part'],
  ['.dump', 'dump'],
  ['.sql.gz', 'plain'],
];

/** `backup_20251115_030000.dump`: a backup's name for a moment, in the host's time, as `date +%Y%m%d_%H%M%S` writes it. */
export function backupName(prefix: string, at: Date): string {
  const two = (number: number) => String(number).padStart(2, '0');
  const day = `${at.getFullYear()}${two(at.getMonth() + 1)}${two(at.getDate())}`;
  return `${prefix}${day}_${two(at.getHours())}${two(at.getMinutes())}${two(at.getSeconds())}.dump`;
}

/** The moment in a backup's name (a day alone is its midnight); undefined when it has none. Pure. */
export function momentIn(name: string): Date | undefined {
  const found = /(\d{4})(\d\d)(\d\d)(?:_(\d\d)(\d\d)(\d\d))?(?!\d)/.exec(name);
  if (!found) return undefined;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = found
    .slice(1)
    .map((digits) => Number(digits ?? 0));
  const at = new Date(year, month - 1, day, hour, minute, second);
  return at.getMonth() === month - 1 && at.getDate() === day ? at : undefined;
}

/** The backups of a directory whose names begin with `prefix`, the newest first. A directory that is not there has none. */
export async function listBackups(directory: string, prefix: string): Promise<BackupFile[]> {
  const names = await readdir(directory).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  const found = await Promise.all(
    names.map(async (name): Promise<BackupFile | undefined> => {
      const kind = KINDS.find(([end]) => name.endsWith(end))?.[1];
      if (!name.startsWith(prefix) || kind === undefined) return undefined;
      const info = await stat(join(directory, name));
      if (!info.isFile()) return undefined;
      const vouched = kind === 'dump' ? await vouchedDigest(join(directory, name)) : undefined;
      return {
        ...{ file: name, bytes: info.size, at: momentIn(name) ?? info.mtime, kind },
        ...(vouched ? { vouched } : {}),
      };
    }),
  );
  return found.filter((each) => each !== undefined).sort((a, b) => Number(b.at) - Number(a.at));
}

/** SHA-256 of a file's bytes, lower-case hex. */
export async function digestOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  return hash.digest('hex');
}

/** Gives a verified dump its name, and notes its digest beside it for `sha256sum -c`. On disk when it returns. */
export async function publish(part: string, file: string, sha256: string): Promise<void> {
  await synced(part);
  await rename(part, file);
  await writeFile(`${file}.sha256`, `${sha256}  ${basename(file)}\n`, { mode: 0o600 });
  await synced(`${file}.sha256`);
  await synced(dirname(file));
}

async function vouchedDigest(path: string): Promise<string | undefined> {
  const text = await readFile(`${path}.sha256`, 'utf8').catch(() => '');
  return /^([0-9a-f]{64}) [ *]/.exec(text)?.[1];
}

async function synced(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
