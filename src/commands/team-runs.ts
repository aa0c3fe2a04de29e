import { createWriteStream, mkdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { Problem } from '../problem.ts';
import { stateDirectory } from '../state-directory.ts';
import { storeSecret } from '../store/setting.ts';
import type { StoredRun } from '../store/team-store.ts';
import { journalOf, listRuns, type RunListing } from './runs.ts';
import { withStore } from './team-store.ts';

type Env = Readonly<Record<string, string | undefined>>;

/** More runs of other hosts than a person reads. */
const NEWEST = 10_000;

/** The runs that are known here, and why there are no more when the team's store could not be asked. */
export interface KnownRuns {
  runs: RunListing[];
  away?: Problem;
}

/** The runs on this host and, where there is a store, those of the whole team; newest first. This host's files are believed first. */
export async function knownRuns(env: Env): Promise<KnownRuns> {
  const here = listRuns(env);
  if (!storeSecret(env)) return { runs: here };
  try {
    const stored = await withStore(env, (store) => store.runs(NEWEST));
    const known = new Set(here.map(({ run }) => run));
    const others = stored.filter(({ run }) => !known.has(run)).map(elsewhere);
    return { runs: [...here, ...others].sort(newestFirst) };
  } catch (error) {
    return { runs: here, away: error as Problem };
  }
}

/**
 * The run that a person means by its id, whichever host it was walked on.
 *
 * @throws Problem as `withStore`, when it is not on this host and the store cannot be asked
 */
export async function knownRun(env: Env, run: string): Promise<RunListing | undefined> {
  const here = listRuns(env).find((each) => each.run === run);
  if (here || !storeSecret(env)) return here;
  const stored = await withStore(env, (store) => store.run(run));
  return stored && elsewhere(stored);
}

/**
 * The journal that a person means: a file, a run on this host, or a run of the team's store. The last is written beside
 * the state, byte for byte as its host sent it, so that whatever reads a journal reads it too.
 *
 * @throws Problem as `withStore`, when it is not on this host and the store cannot be asked
 */
export async function journalAnywhere(env: Env, fileOrRun: string): Promise<string> {
  const here = journalOf(env, fileOrRun);
  if (here !== fileOrRun || !/^[\w-]+$/.test(fileOrRun) || !storeSecret(env)) return here;
  return withStore(env, async (store) => {
    if ((await store.stored(fileOrRun)) === 0) return fileOrRun;
    const directory = join(stateDirectory(env), 'from-store');
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    const file = join(directory, `${fileOrRun}.jsonl`);
    const coming = `${file}.${process.pid}`;
    await pipeline(store.journal(fileOrRun), createWriteStream(coming, { mode: 0o600 }));
    renameSync(coming, file);
    return file;
  });
}

function elsewhere({ records: _, outcome, ...run }: StoredRun): RunListing {
  const end = outcome === undefined ? { state: 'elsewhere' as const } : { state: 'sealed' as const, outcome };
  return { ...run, ...end, rehearsal: false };
}

function newestFirst({ startedAt: one }: RunListing, { startedAt: other }: RunListing): number {
  return one < other ? 1 : one > other ? -1 : 0;
}
