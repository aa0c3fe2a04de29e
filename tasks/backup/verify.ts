import { join } from 'node:path';
import type { ProblemDetail } from '../../src/problem.ts';
import type { TaskContext } from '../task.ts';
import { contents, readWhole, typed } from './commands.ts';
import { type BackupFile, digestOf } from './file.ts';
import { refusal } from './refusal.ts';

/** A backup, and whether it can be restored from. */
export interface JudgedBackup extends BackupFile {
  verified: boolean;
  /** How that is known, or why it is not. */
  why: string;
}

/** Reads a dump from its first byte to its last with pg_restore. @returns what is wrong with it; undefined when nothing is */
export async function readThrough(
  context: TaskContext,
  container: string,
  path: string,
): Promise<ProblemDetail | undefined> {
  const exit = await context.exec(readWhole(container, path), { quiet: true });
  if (exit.code === 0 && !exit.stopped && !exit.timedOut) return undefined;
  const attempted = {
    doing: `the reading of ${path}`,
    typed: typed.readWhole(container, path),
    means: 'What cannot be read in full cannot be restored in full. Nothing was changed.',
  };
  const problem = refusal(attempted, exit, context.signal);
  return problem.code === 'backup-failed' ? { ...problem, code: 'backup-unreadable' } : problem;
}

/** Names of the tables whose rows a dump holds, with their schemas. */
export async function tablesIn(context: TaskContext, container: string, path: string): Promise<string[]> {
  const exit = await context.exec(contents(container, path), { quiet: true });
  return tableNames(exit.stdout);
}

/** The lines `NUMBER; OID OID TABLE DATA SCHEMA NAME OWNER` of `pg_restore -l`. Pure. */
export function tableNames(listing: string): string[] {
  return Array.from(listing.matchAll(/^\d+; \d+ \d+ TABLE DATA (\S+) (.+) \S+$/gm), ([, schema, name]) =>
    schema === 'public' ? `${name}` : `${schema}.${name}`,
  );
}

/**
 * Whether a backup can be restored from. One whose digest was noted when it was read in full needs only its bytes compared;
 * any other is read in full now.
 */
export async function judge(
  context: TaskContext,
  container: string,
  directory: string,
  backup: BackupFile,
): Promise<JudgedBackup> {
  const path = join(directory, backup.file);
  const no = (why: string): JudgedBackup => ({ ...backup, verified: false, why });
  if (backup.kind === 'part') return no('never finished');
  if (backup.kind === 'plain') return no('plain SQL out of a pipe: nothing shows that it is whole');
  if (backup.vouched !== undefined) {
    const same = (await digestOf(path)) === backup.vouched;
    return same
      ? { ...backup, verified: true, why: 'the bytes that were read in full' }
      : no('not the bytes of its .sha256');
  }
  const problem = await readThrough(context, container, path);
  return problem ? no(problem.what) : { ...backup, verified: true, why: 'read in full now' };
}
