/** A rehearsal's directory in the temporary directory, and what is left of those whose platform has died. */
import { lstatSync, mkdirSync, mkdtempSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { EXIT, Problem } from '../problem.ts';
import { identify, isRunning, type ProcessIdentity } from './process-identity.ts';

const PREFIX = 'tejun-rehearsal-';
const PROCESSES = 'processes.json';
/** A directory without a record is somebody's who is just making it; after this it is nobody's. */
const CREATION_MS = 60_000;
const QUIT_MS = 2000;

/** Makes the directory. PostgreSQL's user must be able to pass through it when tejun runs as root. */
export function createWorld(): string {
  try {
    const world = mkdtempSync(join(tmpdir(), PREFIX));
    if (process.getuid?.() === 0) mkdirSync(join(world, 'pg'), { mode: 0o700 });
    for (const name of ['bin', 'project', 'images', 'redis', 'home']) mkdirSync(join(world, name), { mode: 0o700 });
    return world;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new Problem(
      {
        code: code === 'ENOSPC' ? 'rehearsal-no-space' : 'rehearsal-no-directory',
        what: `The rehearsal’s directory cannot be made in ${tmpdir()}: ${(error as Error).message}`,
        means: 'Nothing was started.',
        next: ['set TMPDIR to a directory that you may write to, with about 60 MB of room'],
      },
      EXIT.rehearsal,
      { cause: error },
    );
  }
}

/** Writes down the processes of a world, so that they can be stopped after their platform has died. */
export function writeProcesses(world: string, processes: readonly ProcessIdentity[]): void {
  const file = join(world, PROCESSES);
  writeFileSync(`${file}.new`, `${JSON.stringify(processes)}\n`, { mode: 0o600 });
  renameSync(`${file}.new`, file);
}

/** Identifies the platform's own process, for the first entry of the record. */
export function platformProcess(pid: number): ProcessIdentity {
  return identify(pid, 'platform') ?? { pid, started: '', what: 'platform' };
}

/** Stops and removes the worlds of this user whose platform is dead. Gives how many there were. */
export async function sweepWorlds(): Promise<number> {
  // A temporary directory that cannot be read is said by whoever makes the next world there.
  const entries = await readdir(tmpdir()).catch(() => []);
  const names = entries.filter((name) => name.startsWith(PREFIX));
  const swept = await Promise.all(names.map((name) => sweep(join(tmpdir(), name))));
  return swept.filter(Boolean).length;
}

async function sweep(world: string): Promise<boolean> {
  const entry = lstatSync(world, { throwIfNoEntry: false });
  if (!entry?.isDirectory() || entry.uid !== process.getuid?.()) return false;
  const processes = readProcesses(world);
  if (!processes && Date.now() - entry.mtimeMs < CREATION_MS) return false;
  const platform = processes?.find((one) => one.what === 'platform');
  if (platform && isRunning(platform)) return false;
  await endWorld(world);
  return true;
}

/** Stops the recorded processes of a world, but for the caller's own, and removes its directory. */
export async function endWorld(world: string, own?: number): Promise<void> {
  const running = (readProcesses(world) ?? []).filter((identity) => identity.pid !== own && isRunning(identity));
  // QUIT lets PostgreSQL end its own children and give back its shared memory.
  for (const { pid, what } of running) signal(pid, what === 'postgres' ? 'SIGQUIT' : 'SIGKILL');
  const until = Date.now() + QUIT_MS;
  while (running.some(isRunning) && Date.now() < until) await sleep(20);
  for (const identity of running.filter(isRunning)) signal(identity.pid, 'SIGKILL');
  await rm(world, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 });
}

function readProcesses(world: string): readonly ProcessIdentity[] | undefined {
  try {
    return JSON.parse(readFileSync(join(world, PROCESSES), 'utf8')) as ProcessIdentity[];
  } catch {
    return undefined;
  }
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // It ended in between.
  }
}
