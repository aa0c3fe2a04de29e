import { rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import * as z from 'zod';
import { argument, count } from '../input.ts';
import type { Task } from '../task.ts';
import { containerName } from './commands.ts';
import { prefix } from './create.ts';
import { judged } from './list.ts';
import { mayGo } from './retention.ts';
import { backupLines, sizeText } from './table.ts';

const input = z.strictObject({
  container: containerName,
  directory: argument,
  prefix: prefix.default('backup_'),
  keep: count.default(7),
  older_than_days: count.default(30),
});

/** Removes old backups, each only while enough verified ones are newer than it. */
export const backupPrune: Task<z.infer<typeof input>> = {
  name: 'backup/prune',
  input,
  effect: 'destroy',
  describe: ({ directory, prefix, keep, older_than_days }) => [
    `rm ${directory}/${prefix}…   # older than ${older_than_days} days, while ${keep} verified ones are newer`,
  ],
  async run(given, context) {
    const { keep, older_than_days: days } = given;
    const directory = resolve(context.cwd, given.directory);
    const backups = await judged(context, given);
    const going = mayGo(backups, { keep, days, now: new Date() });
    for (const line of await backupLines(backups, new Set(going.map(({ file }) => file)))) context.say(line);
    const removed: { file: string; bytes: number }[] = [];
    for (const { file, bytes } of going) {
      if (context.signal.aborted) break;
      await rm(join(directory, file));
      await rm(join(directory, `${file}.sha256`), { force: true });
      context.say(`removed ${file}`);
      removed.push({ file, bytes });
    }
    const verified = backups.filter((each) => each.verified).length - going.filter((each) => each.verified).length;
    const freed = removed.reduce((sum, { bytes }) => sum + bytes, 0);
    return {
      outcome: 'passed',
      summary:
        removed.length === 0
          ? `nothing may go: ${keep} verified backups must be newer than what does`
          : `${removed.length} removed (${sizeText(freed)}), ${verified} verified ones kept`,
      evidence: { removed: removed.slice(0, 100), count: removed.length, freed, verified },
    };
  },
};
