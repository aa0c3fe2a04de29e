import { join } from 'node:path';
import type { StartNews } from '../engine/start-news.ts';
import type { JournalRecord, RecordOf } from '../journal/records.ts';
import { readJournal } from '../journal/recover.ts';
import type { ScreenEnd } from '../link/messages.ts';
import { attachScreen } from '../link/socket.ts';
import { EXIT, Problem } from '../problem.ts';
import { loadRunbook } from '../runbook/load.ts';
import { FLOWS, type Flow } from '../runbook/types.ts';
import { runDirectory, socketPath } from '../state-directory.ts';
import { storeSecret } from '../store/setting.ts';
import { type EngineSpec, startEngine } from './launch.ts';
import { listRuns, type RunListing } from './runs.ts';
import { knownRuns } from './team-runs.ts';
import { openStore } from './team-store.ts';
import { visitorOf } from './visitor.ts';

type Env = Readonly<Record<string, string | undefined>>;

/**
 * Goes back to a run: attaches to its engine where there is one, else starts an engine that goes on with its journal.
 *
 * @returns the screens' end, and whether the engine was started for it
 * @throws Problem run-not-found, run-over (it is sealed, or was a rehearsal), and whatever keeps an engine from starting
 */
export async function resumeRun(
  env: Env,
  run: string,
  said: (news: StartNews) => void,
): Promise<{ screen: ScreenEnd; started: boolean }> {
  const listing = listingOf(env, run);
  const attached = listing.state === 'live' ? await attachedTo(env, run) : undefined;
  if (attached) return { screen: attached, started: false };
  if (listing.state === 'sealed' || listing.rehearsal) throw over(run, listing.state === 'sealed');
  const { spec, cwd } = await specOf(beginOf(readJournal(join(runDirectory(env, run), 'journal.jsonl')), run));
  return { screen: await startEngine(spec, cwd, said), started: true };
}

/** The file of the runbook that a run of this host walks. Throws run-not-found, not-a-journal. */
export function runbookOfRun(env: Env, run: string): string {
  listingOf(env, run);
  return beginOf(readJournal(join(runDirectory(env, run), 'journal.jsonl')), run).runbook.path;
}

function listingOf(env: Env, run: string): RunListing {
  const listing = listRuns(env).find((item) => item.run === run);
  if (listing) return listing;
  throw new Problem({
    code: 'run-not-found',
    what: `There is no run ${run} on this host.`,
    next: ['tejun runs lists them'],
  });
}

/** The engine's end of a run that is live; undefined when the engine went away just now. */
async function attachedTo(env: Env, run: string): Promise<ScreenEnd | undefined> {
  try {
    return await attachScreen(socketPath(env, run), visitorOf(env, 'operator'));
  } catch (error) {
    if (error instanceof Problem && error.code === 'engine-gone') return undefined;
    throw error;
  }
}

/**
 * Attaches to a run for watching only: to its engine on this host, or through the team's store when it is on another.
 *
 * @throws Problem run-not-found, or not-live when nothing goes on there; store-away (EXIT.store)
 */
export async function watchRun(env: Env, run: string): Promise<ScreenEnd> {
  const store = storeSecret(env);
  if (store && !listRuns(env).some((item) => item.run === run)) {
    const { watchStored } = await import('./stored-watch.ts');
    return watchStored(env, run, () => openStore(store));
  }
  if (listingOf(env, run).state === 'live') return attachScreen(socketPath(env, run), visitorOf(env, 'watcher'));
  throw new Problem({
    code: 'not-live',
    what: `Nothing goes on in ${run}: it has no engine now.`,
    next: [`tejun resume ${run} goes on with it`, 'tejun runs lists the runs'],
  });
}

/** The id of the run that a person means by `tejun resume` alone: the newest that can be gone on with. */
export function latestUnfinished(env: Env): string {
  const listing = listRuns(env).find(({ state, rehearsal }) => state === 'live' || (state === 'stopped' && !rehearsal));
  if (listing) return listing.run;
  throw new Problem({
    code: 'nothing-to-resume',
    what: 'No run on this host waits to be resumed.',
    next: ['tejun runs lists them all', 'tejun starts a new one'],
  });
}

/**
 * The id of the run that a person means by `tejun watch` alone: the newest that goes on here, else the one of another host that
 * the team's store heard of last.
 */
export async function latestLive(env: Env): Promise<string> {
  const here = listRuns(env).find(({ state }) => state === 'live');
  if (here) return here.run;
  const { runs, away } = await knownRuns(env);
  const [heard] = runs
    .filter(({ state }) => state === 'elsewhere')
    .sort((one, other) => ((one.heardAt ?? '') < (other.heardAt ?? '') ? 1 : -1));
  if (heard) return heard.run;
  if (away) throw away;
  throw new Problem({
    code: 'nothing-to-watch',
    what: `No run goes on ${storeSecret(env) ? 'in this team' : 'on this host'} now.`,
    next: ['tejun runs lists them all'],
  });
}

/** What the engine of a resumed run is told: what its first record says, with the values that a person gave. */
async function specOf(begin: RecordOf<'begin'>): Promise<{ spec: EngineSpec; cwd: string }> {
  const runbook = await loadRunbook(begin.runbook.path);
  const asked = Object.keys(begin.values).filter((name) => runbook.values[name]?.ask !== undefined);
  const values = Object.fromEntries(asked.map((name) => [name, begin.values[name] ?? '']));
  const { run, environment, section } = begin;
  const flow: Flow = FLOWS.find((name) => name === begin.flow) ?? 'setup';
  const spec = { run, resume: true, runbook: runbook.file, environment, flow, values };
  return { spec: { ...spec, ...(section === undefined ? {} : { section }) }, cwd: begin.cwd ?? process.cwd() };
}

export function beginOf(records: readonly JournalRecord[], run: string): RecordOf<'begin'> {
  const [begin] = records;
  if (begin?.type === 'begin') return begin;
  throw new Problem({ code: 'not-a-journal', what: `The journal of ${run} has no beginning.` }, EXIT.torn);
}

function over(run: string, sealed: boolean): Problem {
  return new Problem(
    {
      code: 'run-over',
      what: sealed
        ? `${run} is sealed; nothing can be added to it.`
        : `${run} was a rehearsal, and its platform is gone.`,
      next: [`tejun verify ${run}`, 'tejun starts a new one'],
    },
    EXIT.refused,
  );
}
