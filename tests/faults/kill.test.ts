import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sealLate } from '../../src/commands/seal.ts';
import { newRunId } from '../../src/engine/run-id.ts';
import { foldAll, type RunState } from '../../src/engine/state.ts';
import { isSettled } from '../../src/engine/walk.ts';
import { markedProcesses } from '../../src/exec/marks.ts';
import type { JournalRecord } from '../../src/journal/records.ts';
import { readJournal } from '../../src/journal/recover.ts';
import { verifyJournal } from '../../src/journal/verify.ts';
import { Problem } from '../../src/problem.ts';
import { runDirectory } from '../../src/state-directory.ts';
import { endProcessesOf, processesOf } from '../e2e/processes.ts';
import { startEngineProcess, walkWith } from './engine-process.ts';
import { publish } from './figures.ts';
import { Operator } from './operator.ts';
import { seeded, suiteOr, times } from './scale.ts';
import { openStandingPlatform, type StandingPlatform } from './standing-platform.ts';

const KILLS = times(1000, 4);
/** So many kills come while the engine starts, which is half of its time here; the others while it serves. */
const EARLY = 0.5;
/** Longest wait before a kill: it covers a start, and every step of the walk. */
const LONGEST_MS = { start: 600, serving: 800 };

/** A step that was begun so often is let end before the next kill: one less than the race's budget. */
const PATIENCE = 2;

/** An engine that is left so often one after the other does not go on. */
const MOST_LEFT = 3;

/** Walks that go on at the same time, each on a platform of its own. */
const LANES = suiteOr(3, 1);

let platforms: StandingPlatform[];
beforeAll(async () => {
  platforms = await Promise.all(Array.from({ length: LANES }, openStandingPlatform));
});
afterAll(async () => {
  for (const platform of platforms) {
    endProcessesOf(platform.home.env['TEJUN_HOME'] ?? '');
    await platform.close();
  }
});

/** Nights that nobody has booked yet, one walk after the other. */
function night(walk: number, after = 0): string {
  return new Date(Date.UTC(2027, 0, 1 + 3 * walk + after)).toISOString().slice(0, 10);
}

interface Walk {
  kills: number;
  lost: number;
  twice: number;
  stuck: number;
  /** Kills that hit an engine in the middle of a step. */
  'cut in a step': number;
}

/** Walks the runbook to its seal, killing the engine on the way; counts what must not be. */
async function walk(
  platform: StandingPlatform,
  number: number,
  random: () => number,
  killsLeft: number,
): Promise<Walk> {
  let run = newRunId();
  const { env, cwd, runbook } = platform;
  const [checkIn, checkOut] = [night(number), night(number, 2)];
  const values = { check_in: checkIn, check_out: checkOut };
  const before = await platform.releases();
  const operator = new Operator(async (step) =>
    step === 'carrera'
      ? (await platform.bookings(checkIn)) > 0
      : (await platform.releases()).complete > before.complete,
  );
  let journal = '';
  let kept: readonly JournalRecord[] = [];
  const counted = { kills: 0, lost: 0, twice: 0, stuck: 0, 'cut in a step': 0 };
  let attempts = 0;
  let left = 0;
  let killed = false;
  for (let resume = false; ; ) {
    // An engine that was killed before its first record has no run to go on with: another one begins.
    if (!resume) run = newRunId();
    journal = join(runDirectory(env, run), 'journal.jsonl');
    const engine = startEngineProcess(
      { run, runbook, environment: 'staging', flow: 'redeploy', values, resume },
      { cwd, env },
    );
    const kill = () => engine.child.kill('SIGKILL');
    const doomed = counted.kills < killsLeft;
    const patient = attempts >= PATIENCE;
    const early = doomed && !patient && random() < EARLY;
    const timers = early ? [setTimeout(kill, random() * LONGEST_MS.start)] : [];
    const greeting = await engine.greeted;
    if (greeting?.kind === 'problem') {
      counted.stuck += 1;
      throw new Error(JSON.stringify(greeting));
    }
    operator.arrive();
    const killSoon = () => timers.push(setTimeout(kill, random() * LONGEST_MS.serving));
    if (doomed && patient) operator.onNextResult(killSoon);
    else if (doomed && !early) killSoon();
    await (greeting ? walkWith(operator, engine, env, run) : engine.gone);
    for (const timer of timers) clearTimeout(timer);
    // The warden ends what the steps had running, at once.
    while (markedProcesses([`TEJUN_RUN=${run}`]).length > 0) await sleep(50);
    kept = recordsOf(journal);
    const state = foldAll(kept);
    resume = kept.length > 0;
    killed = engine.child.signalCode === 'SIGKILL';
    if (killed) counted.kills += 1;
    // Sealed, whether or not the operator was still told.
    if (state.seal) break;
    if (!killed) {
      // It was left, because it refused something; that is no kill, and must not be so for ever.
      left += 1;
      if (left > MOST_LEFT) throw new Error(`${run} does not go on: ${lastRefusal(kept)}`);
      continue;
    }
    left = 0;
    if (operator.state.running.length > 0) counted['cut in a step'] += 1;
    counted.lost += lostRecords(kept, operator);
    attempts = attemptsAt(state);
  }
  counted.lost += lostRecords(kept, operator);
  const intents = kept.flatMap((record) => (record.type === 'step.intent' ? [record.step] : []));
  for (const step of ['despliegue', 'carrera']) {
    const ran = intents.filter((id) => id === step).length;
    if (ran > 1 + (operator.again.get(step) ?? 0)) counted.twice += 1;
  }
  // Told again only where the platform had not done it: so it is done once, and begun no more often than it was told.
  const after = await platform.releases();
  const told = 1 + (operator.again.get('despliegue') ?? 0);
  if (after.complete !== before.complete + 1 || after.begun > before.begun + told) counted.twice += 1;
  if ((await platform.bookings(checkIn)) !== 1) counted.twice += 1;
  const verdict = () => verifyJournal(readFileSync(journal)).verdict;
  // Killed between the seal and its signature: the journal says so, and the run is signed afterwards.
  if (killed && verdict() === 'unsigned-tail') await sealLate(env, run);
  expect(verdict()).toBe('sealed');
  return counted;
}

/** Nothing where the engine was killed before its first record; throws when the chain is broken. */
function recordsOf(journal: string): JournalRecord[] {
  try {
    return readJournal(journal);
  } catch (error) {
    if (error instanceof Problem && error.code !== 'chain-broken') return [];
    throw error;
  }
}

/** How often the step was begun at which a run stands. Nobody needs to have seen it: the budget counts every attempt. */
function attemptsAt(state: RunState): number {
  const open = Object.values(state.steps).filter(({ id }) => !isSettled(state, id));
  return Math.max(0, ...open.map(({ attempts }) => attempts));
}

function lastRefusal(kept: readonly JournalRecord[]): string {
  return JSON.stringify(kept.findLast(({ type }) => type === 'refused'));
}

/** Records that the operator was shown and that are not in the journal as they were. */
function lostRecords(kept: readonly JournalRecord[], { seen }: Operator): number {
  return seen.filter((record, seq) => JSON.stringify(kept[seq]) !== JSON.stringify(record)).length;
}

describe('an engine that is killed at a random moment', () => {
  test('has lost nothing, run nothing twice, and left nothing behind', { timeout: 2_400_000 }, async () => {
    const share = Math.ceil(KILLS / LANES);
    const total = { kills: 0, lost: 0, twice: 0, stuck: 0, 'cut in a step': 0 };
    let walks = 0;
    const lane = async (platform: StandingPlatform, index: number) => {
      const random = seeded(20_261_125 + index);
      for (let number = 0, kills = 0; kills < share; number += 1, walks += 1) {
        const counted = await walk(platform, number, random, share - kills);
        kills += counted.kills;
        for (const what of Object.keys(total) as (keyof Walk)[]) total[what] += counted[what];
      }
    };
    await Promise.all(platforms.map(lane));
    await sleep(300);
    const left = platforms.flatMap(({ home }) => processesOf(home.env['TEJUN_HOME'] ?? '')).length;
    publish('kill', { walks, ...total, left });
    expect(total).toMatchObject({ kills: share * LANES, lost: 0, twice: 0, stuck: 0 });
    expect(left).toBe(0);
  });
});
