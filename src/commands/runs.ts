import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { readHolder } from '../engine/lock.ts';
import { foldAll, type RunState } from '../engine/state.ts';
import { isAlive } from '../is-alive.ts';
import { receiptOf } from '../journal/receipt.ts';
import { readJournal } from '../journal/recover.ts';
import { visible } from '../journal/visible.ts';
import type { Locale } from '../locale/index.ts';
import { PRINTED_MESSAGES } from '../locale/printed/index.ts';
import { REPORT_MESSAGES } from '../locale/report/index.ts';
import { runDirectory, runLock, runsDirectory, socketPath } from '../state-directory.ts';

type Env = Readonly<Record<string, string | undefined>>;

/** A run as `tejun runs --json` prints it: a stable interface (docs/interfaces.md). */
export interface RunListing {
  run: string;
  /** File of its journal; absent when only the team's store has it. */
  journal?: string;
  title: string;
  runbook: string;
  environment: string;
  rehearsal: boolean;
  flow: string;
  operator: string;
  startedAt: string;
  /**
   * `live`: an engine is there to attach to; `stopped`: unfinished, without an engine; `elsewhere`: unfinished, on another host,
   * of which the team's store knows no more than when it heard of it last.
   */
  state: 'sealed' | 'live' | 'stopped' | 'elsewhere' | 'unreadable';
  outcome?: string;
  /** Of another host, from the team's store: its name, and when its last records came. */
  host?: string;
  heardAt?: string;
  /** Title of the step that runs, or of the first that is not settled. */
  at?: string;
}

/** A run on this host. */
export type LocalRun = RunListing & { journal: string };

/** A run on this host as its journal tells it; without a state when the journal cannot be read. */
export interface PastRun {
  run: string;
  journal: string;
  state: RunState | undefined;
}

/** The runs on this host, newest first, each read whole. */
export function readRuns(env: Env): PastRun[] {
  return runNames(env).flatMap((run) => {
    const journal = join(runDirectory(env, run), 'journal.jsonl');
    // An engine that found a problem before it began leaves a directory without a journal: not a run.
    return hasBegun(journal) ? [{ run, journal, state: stateOf(journal) }] : [];
  });
}

/** The runs on this host, newest first. A journal that cannot be read is listed as such, never left out. */
export function listRuns(env: Env): LocalRun[] {
  return readRuns(env).map((past) => listing(env, past));
}

/** The journal that a person means: the file itself, or the one of a run on this host by its id. */
export function journalOf(env: Env, fileOrRun: string): string {
  const journal = join(runDirectory(env, fileOrRun), 'journal.jsonl');
  return !existsSync(fileOrRun) && /^[\w-]+$/.test(fileOrRun) && existsSync(journal) ? journal : fileOrRun;
}

/**
 * The run before `run` on this host, and the head of its journal: with both in the next `begin`, a run that was taken away
 * shows. Undefined when there is none that can be read.
 */
export function previousRun(env: Env, run: string): { run: string; head: string } | undefined {
  const earlier = runNames(env).filter((name) => name < run);
  for (const name of earlier) {
    try {
      const receipt = receiptOf(readJournal(join(runDirectory(env, name), 'journal.jsonl')));
      if (receipt) return { run: receipt.run, head: receipt.head };
    } catch {
      // A directory without a readable journal is no link of the chain.
    }
  }
  return undefined;
}

/** Ids of the runs on this host, newest first. */
function runNames(env: Env): string[] {
  const directory = runsDirectory(env);
  return existsSync(directory) ? readdirSync(directory).sort().reverse() : [];
}

function listing(env: Env, { run, journal, state }: PastRun): LocalRun {
  const begin = state?.begin;
  if (!state || !begin) {
    const unknown = {
      title: '',
      runbook: '',
      environment: '',
      rehearsal: false,
      flow: '',
      operator: '',
      startedAt: '',
    };
    return { run, journal, ...unknown, state: 'unreadable' };
  }
  const at = titleOfCurrent(state);
  return {
    run,
    journal,
    title: begin.runbook.title,
    runbook: begin.runbook.path,
    environment: begin.environment,
    rehearsal: begin.rehearsal,
    flow: begin.flow,
    operator: begin.operator.name,
    startedAt: begin.at,
    state: state.seal ? 'sealed' : hasEngine(env, run) ? 'live' : 'stopped',
    ...(state.seal ? { outcome: state.seal.outcome } : {}),
    ...(at ? { at } : {}),
  };
}

/** Whether the engine that took the run's lock last is still there, and listens. */
function hasEngine(env: Env, run: string): boolean {
  const pid = readHolder(runLock(env, run))?.pid;
  return pid !== undefined && isAlive(pid) && existsSync(socketPath(env, run));
}

/** Title of the step at which a run on this host stands; undefined when its journal does not say. */
export function stepOf(env: Env, run: string): string | undefined {
  const state = stateOf(join(runDirectory(env, run), 'journal.jsonl'));
  return state && titleOfCurrent(state);
}

/** An engine that was killed before its first record was on disk leaves an empty file: there was no run. */
function hasBegun(journal: string): boolean {
  return (statSync(journal, { throwIfNoEntry: false })?.size ?? 0) > 0;
}

function stateOf(journal: string): RunState | undefined {
  try {
    return foldAll(readJournal(journal));
  } catch {
    return undefined;
  }
}

function titleOfCurrent(state: RunState): string | undefined {
  const id =
    state.running[0] ??
    state.begin?.path.find((id) => !['passed', 'skipped'].includes(state.steps[id]?.status ?? 'waiting'));
  return state.begin?.plan.find((line) => line.id === id)?.title;
}

/** The listing as text, one run a line, for a terminal. Pure. */
export function formatRuns(runs: readonly RunListing[], locale: Locale): string {
  const said = PRINTED_MESSAGES[locale].runs;
  if (runs.length === 0) return said.none;
  return runs
    .map((listed) => {
      const { run, title, environment, operator, at, outcome, journal, host = '', heardAt = '' } = listed;
      const stands = howItStands(listed, locale);
      const now = outcome === undefined && at ? `${stands} · ${at}` : stands;
      const where = journal ?? said.heard(operator, host, heardAt);
      return [`${run}  ${environment}  ${title}`, now, where].map((line) => visible(line)).join('\n  ');
    })
    .join('\n');
}

/** How a run ended, or that it goes on or stands, in a word. */
export function howItStands({ outcome, state }: Pick<RunListing, 'outcome' | 'state'>, locale: Locale): string {
  if (outcome === undefined) return PRINTED_MESSAGES[locale].runs.states[state];
  // The journal of a newer version may know another one.
  return (REPORT_MESSAGES[locale].outcome as Readonly<Record<string, string>>)[outcome] ?? outcome;
}
