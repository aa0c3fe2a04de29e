import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newRunId } from '../../src/engine/run-id.ts';
import { markedProcesses } from '../../src/exec/marks.ts';
import { readJournal } from '../../src/journal/recover.ts';
import { verifyJournal } from '../../src/journal/verify.ts';
import { runDirectory } from '../../src/state-directory.ts';
import { endProcessesOf, processesOf } from '../e2e/processes.ts';
import { attachTo, startEngineProcess } from './engine-process.ts';
import { publish } from './figures.ts';
import { Operator } from './operator.ts';
import { seeded, times } from './scale.ts';
import { openStandingPlatform, type StandingPlatform } from './standing-platform.ts';

const KILLS = times(1000, 12);
/** Longest wait between an engine's start and its death: it covers the start itself, and every step. */
const LONGEST_MS = 1_500;
/** An operator whose step was cut off so often lets the next attempt end. */
const PATIENCE = 4;

let platform: StandingPlatform;
beforeAll(async () => {
  platform = await openStandingPlatform();
});
afterAll(async () => {
  endProcessesOf(platform.home.env['TEJUN_HOME'] ?? '');
  await platform.close();
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
}

/** Walks the runbook to its seal, killing the engine on the way; counts what must not be. */
async function walk(number: number, random: () => number, killsLeft: number): Promise<Walk> {
  let run = newRunId();
  const { env, cwd, runbook } = platform;
  const [checkIn, checkOut] = [night(number), night(number, 2)];
  const values = { check_in: checkIn, check_out: checkOut };
  const before = await platform.releases();
  const operator = new Operator(async (step) =>
    step === 'carrera' ? (await platform.bookings(checkIn)) > 0 : (await platform.releases()) > before,
  );
  let journal = '';
  const counted = { kills: 0, lost: 0, twice: 0, stuck: 0 };
  let cutOff = 0;
  for (let resume = false; ; ) {
    // An engine that was killed before its first record has no run to go on with: another one begins.
    if (!resume) run = newRunId();
    journal = join(runDirectory(env, run), 'journal.jsonl');
    const engine = startEngineProcess(
      { run, runbook, environment: 'staging', flow: 'redeploy', values, resume },
      { cwd, env },
    );
    const doomed = counted.kills < killsLeft && cutOff < PATIENCE;
    const timer = doomed ? setTimeout(() => engine.child.kill('SIGKILL'), random() * LONGEST_MS) : undefined;
    const greeting = await engine.greeted;
    if (greeting?.kind === 'problem') {
      counted.stuck += 1;
      throw new Error(JSON.stringify(greeting));
    }
    operator.arrive();
    if (greeting) {
      const screen = await attachTo(env, run, (message, send) => void operator.hear(message, send)).catch(
        () => undefined,
      );
      await engine.gone;
      screen?.close();
    } else await engine.gone;
    clearTimeout(timer);
    // The warden ends what the steps had running, at once.
    while (markedProcesses([`TEJUN_RUN=${run}`]).length > 0) await sleep(20);
    resume = began(journal);
    if (operator.state.seal) break;
    counted.kills += 1;
    cutOff = operator.state.running.length > 0 ? cutOff + 1 : 0;
    if (resume) counted.lost += lostRecords(journal, operator);
  }
  counted.lost += lostRecords(journal, operator);
  const intents = readJournal(journal).flatMap((record) => (record.type === 'step.intent' ? [record.step] : []));
  for (const step of ['despliegue', 'carrera']) {
    const ran = intents.filter((id) => id === step).length;
    if (ran > 1 + (operator.again.get(step) ?? 0)) counted.twice += 1;
  }
  // Told again only where the platform had nothing: so there is one of each.
  if ((await platform.releases()) !== before + 1) counted.twice += 1;
  if ((await platform.bookings(checkIn)) !== 1) counted.twice += 1;
  expect(verifyJournal(readFileSync(journal)).verdict).toBe('sealed');
  return counted;
}

function began(journal: string): boolean {
  try {
    return readJournal(journal).length > 0;
  } catch {
    return false;
  }
}

/** Records that the operator was shown and that are not in the journal as they were. */
function lostRecords(journal: string, { seen }: Operator): number {
  const kept = readJournal(journal);
  return seen.filter((record, seq) => JSON.stringify(kept[seq]) !== JSON.stringify(record)).length;
}

describe('an engine that is killed at a random moment', () => {
  test('has lost nothing, run nothing twice, and left nothing behind', { timeout: 1_500_000 }, async () => {
    const random = seeded(20_261_125);
    const total = { kills: 0, lost: 0, twice: 0, stuck: 0 };
    let walks = 0;
    for (; total.kills < KILLS; walks += 1) {
      const counted = await walk(walks, random, KILLS - total.kills);
      for (const what of ['kills', 'lost', 'twice', 'stuck'] as const) total[what] += counted[what];
    }
    await sleep(300);
    const left = processesOf(platform.home.env['TEJUN_HOME'] ?? '').length;
    publish('kill', { walks, ...total, left });
    expect(total).toEqual({ kills: KILLS, lost: 0, twice: 0, stuck: 0 });
    expect(left).toBe(0);
  });
});
