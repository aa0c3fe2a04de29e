import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { Engine } from './engine.ts';

const run = promisify(execFile);
const POLL_MS = 50;

/** What an operator can find broken: the drills, and what a test breaks. */
export type Damage =
  | 'release-unhealthy'
  | 'migration-fails'
  | 'database-down'
  | 'wrong-database-password'
  | 'worker-stuck'
  | 'api-crash';

export interface Place {
  project: string;
  branch: string;
  file: string;
  run(...args: string[]): Promise<{ code: number; text: string }>;
}

/** Gives a function that breaks something in a running project; a name that it does not know breaks nothing. */
export function breaker(engine: Engine, place: Place): (damage: string) => Promise<void> {
  const up = (): Promise<unknown> =>
    place.run('compose', '-f', place.file, '--env-file', '.env', 'up', '-d', '--build');
  const ways: Readonly<Record<Damage, () => Promise<unknown>>> = {
    // Somebody deployed the third revision, and left.
    'release-unhealthy': async () => {
      await pull(place);
      await up();
    },
    'migration-fails': async () => {
      await pull(place);
      await up();
      await place.run(
        'compose',
        '-f',
        place.file,
        '--env-file',
        '.env',
        'exec',
        '-T',
        'api',
        'alembic',
        'upgrade',
        'head',
      );
    },
    'database-down': () => engine.database.stop(),
    // Somebody turned the password in one of the two places where it stands.
    'wrong-database-password': async () => {
      const path = join(place.project, '.env');
      const text = await readFile(path, 'utf8');
      await writeFile(path, text.replace(/^(DATABASE_URL=.*:)[^:@]+(@db)/m, '$1not-the-password$2'));
      await up();
    },
    'worker-stuck': async () => {
      const worker = engine.containers.find(({ role }) => role === 'worker');
      // Compose does not wait for it, as it has no health check; a signal before its first word would end it.
      const ready = (): boolean => worker?.logs.some(({ text }) => text.includes('ready.')) ?? true;
      while (!ready() && !engine.leaving.aborted) await sleep(POLL_MS);
      worker?.process?.kill('SIGUSR2');
    },
    'api-crash': async () => engine.containers.find(({ role }) => role === 'api')?.process?.kill('SIGKILL'),
  };
  return async (damage) => {
    if (Object.hasOwn(ways, damage)) await ways[damage as Damage]();
  };
}

async function pull({ project, branch }: Place): Promise<void> {
  const env = {
    PATH: process.env['PATH'],
    HOME: project,
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_CONFIG_SYSTEM: '/dev/null',
  };
  await run('git', ['pull', '-q', '--ff-only', 'origin', branch], { cwd: project, env });
}
