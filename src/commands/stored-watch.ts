import { setTimeout as sleep } from 'node:timers/promises';
import { recordedPlan } from '../engine/recorded-plan.ts';
import { EMPTY_RUN, fold, type RunState } from '../engine/state.ts';
import type { JournalRecord } from '../journal/records.ts';
import { memoryLink } from '../link/memory.ts';
import type { EngineEnd, ScreenEnd } from '../link/messages.ts';
import { EXIT, Problem, type ProblemDetail } from '../problem.ts';
import { EVERY_MS } from '../store/courier.ts';
import { storeProblem } from '../store/store-problem.ts';
import type { TeamStore } from '../store/team-store.ts';
import { beginOf } from './resume.ts';
import { visitorOf } from './visitor.ts';

/** How often the store is asked for what is new. */
const POLL_MS = 1_000;
/** Longest wait for the next try while the store is away. */
const AWAY_MS = 15_000;
/** A courier looks at its file as often, a watcher at the store; what both take to ask and answer is the rest. */
const BEHIND_MS = EVERY_MS + POLL_MS + 1_000;

/**
 * Watches a run of another host through the team's store. What passes by and is not in the journal (lines of output, progress) is
 * not to be seen from here, and every record comes some seconds after it was written; the screens say how many.
 *
 * @param connect is called again after a connection broke off: the screens are told once, and what was missed follows
 * @throws Problem run-not-found, run-over (it is sealed, or was left), as `storeProblem` when the store is away at first
 */
export async function watchStored(
  env: Readonly<Record<string, string | undefined>>,
  run: string,
  connect: () => Promise<TeamStore>,
): Promise<ScreenEnd> {
  const store = await connect();
  const records = await recordsFrom(store, run, 0).catch(async (error: unknown) => {
    await store.end();
    throw storeProblem(error);
  });
  const state = records.reduce(fold, EMPTY_RUN);
  const refusal = records.length === 0 ? notFound(run) : isOver(state) ? over(run, state) : undefined;
  if (refusal) {
    await store.end();
    throw refusal;
  }
  const { engine, screen } = memoryLink(visitorOf(env, 'watcher'));
  const { plan, pid } = { plan: recordedPlan(beginOf(records, run)), pid: state.begin?.pid ?? 0 };
  engine.send({ kind: 'hello', run, plan, directory: '', pid, behindMs: BEHIND_MS });
  for (const record of records) engine.send({ kind: 'record', record });
  engine.send({ kind: 'caught-up' });
  void follow(engine, { run, state, seq: records.length, store, connect });
  return screen;
}

interface Following {
  run: string;
  state: RunState;
  /** Of the next record. */
  seq: number;
  store: TeamStore | undefined;
  connect(): Promise<TeamStore>;
}

/** Sends what comes until the run is over or nobody watches any more. */
async function follow(engine: EngineEnd, { run, state, seq, store, connect }: Following): Promise<void> {
  const gone = new AbortController();
  engine.onClose(() => gone.abort());
  for (let wait = POLL_MS; ; ) {
    await sleep(wait, undefined, { signal: gone.signal }).catch(() => {});
    if (gone.signal.aborted) break;
    try {
      store ??= await connect();
      for (const record of await recordsFrom(store, run, seq)) {
        engine.send({ kind: 'record', record });
        state = fold(state, record);
        seq += 1;
      }
      wait = POLL_MS;
    } catch (error) {
      // Said once; while it lasts nothing moves, and what was missed comes afterwards.
      if (wait === POLL_MS) engine.send({ kind: 'warning', problem: standsStill(storeProblem(error)) });
      wait = Math.min(wait * 2, AWAY_MS);
      await store?.end().catch(() => {});
      store = undefined;
    }
    if (isOver(state)) {
      engine.send({ kind: 'bye', exit: EXIT.done });
      break;
    }
  }
  engine.close();
  await store?.end().catch(() => {});
}

async function recordsFrom(store: TeamStore, run: string, seq: number): Promise<JournalRecord[]> {
  const records: JournalRecord[] = [];
  for await (const line of store.journal(run, seq)) records.push(JSON.parse(line) as JournalRecord);
  return records;
}

function standsStill({ what }: Problem): ProblemDetail {
  const means = 'What is shown stands still meanwhile. It goes on by itself when the store answers again.';
  return { code: 'watch-away', what, means, next: ['ask whoever walks the run'] };
}

function isOver({ seal, suspended }: RunState): boolean {
  return seal !== undefined || suspended;
}

function notFound(run: string): Problem {
  const what = `There is no run ${run} on this host, nor in the team’s store.`;
  return new Problem({ code: 'run-not-found', what, next: ['tejun runs lists them'] });
}

function over(run: string, { seal }: RunState): Problem {
  const what = seal ? `${run} is sealed: it is over.` : `Nothing goes on in ${run}: it was left on its host.`;
  return new Problem({ code: 'not-live', what, next: [`tejun show ${run}`, `tejun report ${run}`] });
}
