import { resolve } from 'node:path';
import * as z from 'zod';
import type { ProblemDetail } from '../../src/problem.ts';
import { argument, count } from '../input.ts';
import type { Task, TaskContext } from '../task.ts';
import { containerName, typed } from './commands.ts';
import { prefix } from './create.ts';
import { listBackups } from './file.ts';
import { mayGo } from './retention.ts';
import { backupEvidence, backupLines } from './table.ts';
import { type JudgedBackup, judge } from './verify.ts';

const input = z.strictObject({
  container: containerName,
  directory: argument,
  prefix: prefix.default('backup_'),
  /** The newest verified one must be younger than so many hours. */
  newest_within_hours: count.optional(),
  /** With both, what `backup/prune` would remove is marked. */
  keep: count.optional(),
  older_than_days: count.optional(),
});

const HOUR_MS = 3_600_000;

/** The backups, each with whether it can be restored from; and whether the newest one is new enough. */
export const backupList: Task<z.infer<typeof input>> = {
  name: 'backup/list',
  input,
  effect: 'read',
  describe: ({ container, directory, prefix }) => [
    `ls -lh ${directory}/${prefix}*`,
    `(cd ${directory} && sha256sum -c ${prefix}*.dump.sha256)`,
    `${typed.readWhole(container, `${directory}/FILE`)}   # each without a .sha256`,
  ],
  async run(given, context) {
    const backups = await judged(context, given);
    const { newest_within_hours: hours, keep, older_than_days: days } = given;
    const now = new Date();
    const going = keep === undefined || days === undefined ? [] : mayGo(backups, { keep, days, now });
    const names = new Set(going.map(({ file }) => file));
    for (const line of await backupLines(backups, names)) context.say(line);
    const good = backups.filter(({ verified }) => verified);
    const evidence = {
      directory: given.directory,
      newest: good[0]?.file ?? null,
      backups: backups.slice(0, 100).map(backupEvidence),
      going: [...names].slice(0, 100),
    };
    const summary =
      backups.length === 0
        ? `no backup in ${given.directory}`
        : `${backups.length === 1 ? '1 backup' : `${backups.length} backups`}, ${good.length} verified${going.length > 0 ? `; ${going.length} may go` : ''}`;
    const age = good[0] ? (Number(now) - Number(good[0].at)) / HOUR_MS : undefined;
    if (hours !== undefined && (age === undefined || age > hours)) {
      const what = good[0]
        ? `The newest verified backup, ${good[0].file}, is ${Math.floor(age ?? 0)} hours old.`
        : `There is no verified backup in ${given.directory}.`;
      const problem: ProblemDetail = {
        code: 'backup-stale',
        what,
        means: `There should be one of the last ${hours} hours: the nightly backup did not run, or failed.`,
        next: ['make one now', 'crontab -l', 'read the log that its line writes'],
      };
      return { outcome: 'failed', summary: what, problem, evidence };
    }
    return { outcome: 'passed', summary, evidence };
  },
};

/** Every backup of a directory, the newest first, each judged. */
export async function judged(
  context: TaskContext,
  given: { container: string; directory: string; prefix: string },
): Promise<JudgedBackup[]> {
  const directory = resolve(context.cwd, given.directory);
  const all: JudgedBackup[] = [];
  for (const backup of await listBackups(directory, given.prefix)) {
    if (context.signal.aborted) break;
    all.push(await judge(context, given.container, directory, backup));
  }
  return all;
}
