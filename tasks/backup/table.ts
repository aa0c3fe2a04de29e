import type { Json } from '../../src/journal/records.ts';
import { table } from '../postgres/table.ts';
import type { JudgedBackup } from './verify.ts';

/** Backups as lines for the screen, the newest first. @param going those that a retention would remove */
export function backupLines(
  backups: readonly JudgedBackup[],
  going: ReadonlySet<string> = new Set(),
): Promise<string[]> {
  return table(
    ['backup', 'size', 'verified', ''],
    backups.map(({ file, bytes, verified, why }) => [
      file,
      sizeText(bytes),
      verified ? 'yes' : 'NO',
      going.has(file) ? `would go; ${why}` : why,
    ]),
  );
}

/** For the journal. */
export function backupEvidence({ file, bytes, at, verified, why }: JudgedBackup): Json {
  return { file, bytes, at: at.toISOString(), verified, why };
}

/** `1.4 MB`, in powers of ten, as `ls -lh --si` does. Pure. */
export function sizeText(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  const power = bytes < 1 ? 0 : Math.min(Math.floor(Math.log10(bytes) / 3), units.length - 1);
  const size = bytes / 1000 ** power;
  return `${power === 0 || size >= 100 ? Math.round(size) : size.toFixed(1)} ${units[power]}`;
}
