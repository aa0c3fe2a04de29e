import type { JudgedBackup } from './verify.ts';

const DAY_MS = 86_400_000;

/**
 * The backups that may go: older than so many days, and with at least `keep` verified ones that are newer. So when backups
 * have quietly failed for a month, the last good ones stay. Pure.
 *
 * @param backups the newest first
 */
export function mayGo(
  backups: readonly JudgedBackup[],
  { keep, days, now }: { keep: number; days: number; now: Date },
): JudgedBackup[] {
  let newer = 0;
  return backups.filter((backup) => {
    const enough = newer >= keep;
    if (backup.verified) newer += 1;
    return enough && Number(now) - Number(backup.at) > days * DAY_MS;
  });
}
