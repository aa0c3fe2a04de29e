import { mkdir, rm, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import * as z from 'zod';
import type { ProblemDetail } from '../../src/problem.ts';
import { readFree } from '../host/df.ts';
import { argument } from '../input.ts';
import type { Task, TaskContext } from '../task.ts';
import { dump, freeSpace, identifier, server, typed } from './commands.ts';
import { backupName, digestOf, listBackups, publish } from './file.ts';
import { refusal } from './refusal.ts';
import { sizeText } from './table.ts';
import { readThrough, tablesIn } from './verify.ts';

/** What a backup's name begins with; without a separator, so that it stays inside its directory. */
export const prefix = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_.-]*$/, 'letters, digits, dots, dashes and underscores');

const input = z.strictObject({
  ...server,
  database: identifier,
  directory: argument,
  prefix: prefix.default('backup_'),
});

type Input = z.infer<typeof input>;

const NOTHING = 'No backup was made; the ones before are as they were.';

/** Dumps a database to a file, which gets its name only after it was read from its first byte to its last. */
export const backupCreate: Task<Input> = {
  name: 'backup/create',
  input,
  effect: 'write',
  describe: (given) => {
    const file = join(given.directory, `${given.prefix}YYYYMMDD_HHMMSS.dump`);
    return [
      typed.dump(given, given.database, file),
      typed.readWhole(given.container, `${file}.part`),
      `mv ${file}.part ${file}`,
    ];
  },
  async run(given, context) {
    const { container, database } = given;
    const directory = resolve(context.cwd, given.directory);
    await mkdir(directory, { recursive: true, mode: 0o700 });
    const file = join(directory, backupName(given.prefix, new Date()));
    const part = `${file}.part`;
    const failed = async (problem: ProblemDetail) => {
      await rm(part, { force: true });
      return { outcome: 'failed' as const, summary: problem.what, problem };
    };

    const noRoom = await roomFor(context, given, directory);
    if (noRoom) return { outcome: 'failed', summary: noRoom.what, problem: noRoom };
    const exit = await context.exec(dump(given, database, part));
    if (exit.code !== 0 || exit.stopped || exit.timedOut) {
      const attempted = { doing: `the dump of ${database}`, typed: typed.dump(given, database, file), means: NOTHING };
      return failed(refusal(attempted, exit, context.signal));
    }
    context.say('read it in full …');
    const broken = await readThrough(context, container, part);
    if (broken) return failed({ ...broken, means: `What pg_dump wrote cannot be read back. ${NOTHING}` });
    const tables = await tablesIn(context, container, part);
    const sha256 = await digestOf(part);
    const { size } = await stat(part);
    await publish(part, file, sha256);
    const evidence = { file: join(given.directory, file.slice(directory.length + 1)), bytes: size, sha256, tables };
    return {
      outcome: 'passed',
      summary: `${evidence.file} · ${sizeText(size)} · ${tables.length} tables · read in full`,
      evidence,
      text: evidence.file,
    };
  },
};

/** A backup as large as the newest must fit: better to know it before half of it is written. */
async function roomFor(context: TaskContext, given: Input, directory: string): Promise<ProblemDetail | undefined> {
  const [newest] = (await listBackups(directory, given.prefix)).filter(({ kind }) => kind !== 'part');
  const exit = await context.exec(freeSpace(directory), { quiet: true });
  const free = readFree(exit.stdout);
  if (exit.code !== 0 || free === undefined || free > (newest?.bytes ?? 0)) return undefined;
  return {
    code: 'backup-no-space',
    what: `The newest backup has ${sizeText(newest?.bytes ?? 0)}, and there are ${sizeText(free)} left in ${given.directory}.`,
    means: NOTHING,
    next: ['df -h', 'remove old backups, but only while newer ones are verified', 'docker system df'],
  };
}
