import { statSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { foldAll, type RunState } from '../../src/engine/state.ts';
import type { JournalRecord, RecordOf } from '../../src/journal/records.ts';
import { readJournal } from '../../src/journal/recover.ts';
import { PROGRAM_ROOT } from '../../src/program.ts';
import { type OperatorHome, operatorHome } from '../e2e/home.ts';
import { endProcessesOf } from '../e2e/processes.ts';
import { openTerminal, type TestTerminal } from '../e2e/terminal.ts';
import { publish } from './figures.ts';
import { answerTo } from './keys.ts';
import { suiteOr, times } from './scale.ts';
import { hasSshd, openSshd, type Sshd } from './sshd.ts';

const RUNBOOKS = [
  'cabanas-staging',
  'osakamenesu-staging',
  'salon-gbp-vps',
  'horologen-render',
  'fly-neon-production',
].slice(0, times(5, 1));
/** The whole suite cuts the link at every step; the sample at the first few. */
const MOST_CUTS = suiteOr(Number.POSITIVE_INFINITY, 2);
const PATIENCE_MS = 60_000;

let sshd: Sshd;
let home: OperatorHome;
let terminal: TestTerminal | undefined;
beforeAll(async () => {
  sshd = await openSshd();
});
afterAll(() => sshd.close());
beforeEach(() => {
  home = operatorHome();
});
afterEach(() => {
  terminal?.kill();
  endProcessesOf(home.env['TEJUN_HOME'] ?? '');
  home.remove();
});

/** Logs in over a real sshd and starts tejun there, in the terminal of the login. */
function login(...args: string[]): TestTerminal {
  const variables = { ...home.env, PATH: process.env['PATH'], LANG: 'en_US.UTF-8', TERM: 'xterm-256color' };
  const env = Object.entries(variables).map(([name, value]) => `${name}=${value}`);
  const command = ['env', ...env, `${PROGRAM_ROOT}/bin/tejun`, ...args, '--lang', 'en'];
  terminal = openTerminal({ program: '/usr/bin/ssh', args: [...sshd.login, ...command], env: home.env, rows: 30 });
  return terminal;
}

interface Read {
  records: readonly JournalRecord[];
  state: RunState;
}

/** What was last read, and of how long a journal: it only grows, and is asked for thirty times a second. */
let last: { journal: string; size: number; read?: Read } = { journal: '', size: 0 };

/** The journal of the run and what it says, or nothing while there is none. */
function readRun(): Partial<Read> {
  try {
    const [journal = ''] = home.journals();
    const { size } = statSync(journal);
    if (journal !== last.journal || size !== last.size) {
      const records = readJournal(journal);
      last = { journal, size, read: { records, state: foldAll(records) } };
    }
    return last.read ?? {};
  } catch {
    return {};
  }
}

interface Cuts {
  tried: number;
  whileRunning: number;
}

/** Walks with keys to the seal; `cutting` kills the ssh client once at every step, and comes back with `tejun resume`. */
async function walk(runbook: string, cutting: boolean): Promise<{ end: RunState; cuts: Cuts }> {
  const cuts: Cuts = { tried: 0, whileRunning: 0 };
  const cutAt = new Set<string>();
  let at = login('rehearse', runbook);
  let answered = '';
  let since = performance.now();
  for (;;) {
    const { state } = readRun();
    if (state?.seal) {
      // Everything is closed after the seal: a walk that follows does not meet this one.
      await at.waitFor('Enter leaves');
      await at.press('\r');
      await at.ended();
      return { end: state, cuts };
    }
    const begun = state && Object.values(state.steps).find(({ id, attempts }) => attempts > 0 && !cutAt.has(id));
    if (cutting && begun && cuts.tried < MOST_CUTS) {
      cutAt.add(begun.id);
      cuts.tried += 1;
      if (state.running.length > 0) cuts.whileRunning += 1;
      at.kill();
      await untilLost();
      at = login('resume');
      answered = '';
      since = performance.now();
      continue;
    }
    const screen = at.screen();
    const keys = screen === answered ? [] : answerTo(screen);
    if (keys.length > 0) {
      await at.press(...keys);
      answered = screen;
      since = performance.now();
    } else if (performance.now() - since > PATIENCE_MS)
      throw new Error(`nothing goes on; the screen shows:\n${screen}`);
    if (state?.running.length) since = performance.now();
    await sleep(30);
  }
}

/** The engine has noticed: the running step has ended, and no other begun. */
async function untilLost(): Promise<void> {
  for (const end = performance.now() + PATIENCE_MS; performance.now() < end; await sleep(30)) {
    const { records, state } = readRun();
    const screens = records?.findLast(({ type }) => type === 'screens') as RecordOf<'screens'> | undefined;
    if (screens?.state === 'lost' && state?.running.length === 0) return;
  }
  throw new Error('the engine never noticed that its screens were gone');
}

/** What must not depend on the link: how each step ended, how often it ran, and the seal. */
function outcome({ steps, seal }: RunState) {
  return {
    seal: seal?.outcome,
    open: seal?.open,
    steps: Object.fromEntries(
      Object.values(steps).map(({ id, status, attempts }) => [id, `${status} after ${attempts}`]),
    ),
  };
}

describe.skipIf(!hasSshd)('a link that is cut at every step, through a real sshd', () => {
  test.each(RUNBOOKS)('%s reaches the same end', { timeout: 900_000 }, async (runbook) => {
    const { end: reference } = await walk(runbook, false);
    home.remove();
    home = operatorHome();
    const { end, cuts } = await walk(runbook, true);
    publish(`link-${runbook}`, { 'links cut': cuts.tried, 'while a step ran': cuts.whileRunning });
    expect(outcome(end)).toEqual(outcome(reference));
    expect(cuts.tried).toBeGreaterThan(0);
  });
});
