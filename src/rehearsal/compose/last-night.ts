import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import type { ProgramCall } from '../stand-in.ts';
import { FIRST_REVISION } from './project.ts';

/** The hour at which the server's cron makes its backups. */
const HOUR = 3;

/**
 * The backup that cron made last night, in the directory of the backups: a dump that was read in full, with its digest.
 *
 * @param docker carries out a call of docker in the server's directory
 */
export async function leaveLastNightsBackup(
  project: string,
  backups: string,
  docker: (call: Pick<ProgramCall, 'args' | 'stdin' | 'out' | 'err'>) => Promise<number>,
): Promise<void> {
  const chunks: Buffer[] = [];
  const said: string[] = [];
  const code = await docker({
    args: ['exec', 'salon_gbp_db', 'pg_dump', '-Fc', '-U', 'salon_gbp', '-d', 'salon_gbp'],
    stdin: new PassThrough().end(),
    out: (chunk) => chunks.push(Buffer.from(chunk)),
    err: (text) => said.push(String(text)),
  });
  if (code !== 0) throw new Error(`the rehearsal's nightly backup failed: ${said.join('')}`);
  const bytes = Buffer.concat(chunks);
  const name = `backup_${stamp(lastNight(new Date()))}.dump`;
  const directory = join(project, backups);
  await mkdir(directory, { recursive: true, mode: 0o700 });
  await writeFile(join(directory, name), bytes, { mode: 0o600 });
  const digest = createHash('sha256').update(bytes).digest('hex');
  await writeFile(join(directory, `${name}.sha256`), `${digest}  ${name}\n`, { mode: 0o600 });
}

/** What the update before left: where the server was before it, to go back to. @param commit of the first of the releases */
export async function leaveLastUpdate(project: string, backups: string, commit: string): Promise<void> {
  const directory = join(project, backups);
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const record = { commit, revision: FIRST_REVISION, at: lastNight(new Date()).toISOString() };
  await writeFile(join(directory, 'before-update.json'), `${JSON.stringify(record)}\n`);
}

function lastNight(now: Date): Date {
  const night = new Date(now.getFullYear(), now.getMonth(), now.getDate(), HOUR);
  return night < now ? night : new Date(now.getFullYear(), now.getMonth(), now.getDate() - 1, HOUR);
}

/** As `date +%Y%m%d_%H%M%S` has it, in the host's time. */
function stamp(at: Date): string {
  const two = (number: number): string => String(number).padStart(2, '0');
  const day = `${at.getFullYear()}${two(at.getMonth() + 1)}${two(at.getDate())}`;
  return `${day}_${two(at.getHours())}${two(at.getMinutes())}${two(at.getSeconds())}`;
}
