/**
 * What it takes from the shell's prompt to the first effect, for each runbook that comes with tejun: keys and seconds through the
 * screens, walked by the real program in a pseudo-terminal; beside the commands that somebody types who follows the document by
 * hand to the same point. Prints the table of docs/usability.md. Run: npm run build && node bench/usability.ts [runbook…]
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { buildPlan } from '../src/engine/plan.ts';
import { pathSteps } from '../src/engine/walk.ts';
import type { JournalRecord } from '../src/journal/records.ts';
import { loadRunbook } from '../src/runbook/load.ts';
import { TASK_NAMES, taskFor } from '../tasks/registry.ts';
import { operatorHome } from '../tests/e2e/home.ts';
import { endProcessesOf } from '../tests/e2e/processes.ts';
import { openTerminal } from '../tests/e2e/terminal.ts';
import { answerTo } from '../tests/faults/keys.ts';

const RUNBOOKS = ['osakamenesu-staging', 'salon-gbp-vps', 'horologen-render', 'fly-neon-production', 'cabanas-staging'];

/** The slowest start, and the longest wait for a step. */
const PATIENCE_MS = 120_000;

interface Walked {
  /** Pressed on the screens, after the command line. */
  keys: number;
  seconds: number;
  /** Of these, until the program asked its first question. */
  toTheFirstQuestion: number;
  step: string;
}

/** Walks a first set-up in a rehearsal, always going on, until something is about to be changed. */
async function walkThrough(runbook: string): Promise<Walked> {
  const home = operatorHome();
  const began = performance.now();
  const seconds = () => (performance.now() - began) / 1000;
  const at = openTerminal({ args: [runbook, '--lang', 'en'], env: home.env, rows: 30 });
  try {
    let keys = 0;
    let toTheFirstQuestion = 0;
    let answered = '';
    let since = performance.now();
    while (performance.now() - since < PATIENCE_MS) {
      const intent = firstEffect(home.env['TEJUN_HOME'] ?? '');
      if (intent) return { keys, seconds: seconds(), toTheFirstQuestion, step: intent };
      const screen = at.screen();
      const answer = screen === answered ? [] : answerTo(screen);
      if (answer.length > 0) {
        if (keys === 0) toTheFirstQuestion = seconds();
        await at.press(...answer);
        keys += answer.length;
        answered = screen;
        since = performance.now();
      }
      await sleep(20);
    }
    throw new Error(`nothing goes on; the screen shows:\n${at.screen()}`);
  } finally {
    at.kill();
    endProcessesOf(home.env['TEJUN_HOME'] ?? '');
    home.remove();
  }
}

/** The step whose intent is the first that changes something, or that a person has attested. */
function firstEffect(state: string): string | undefined {
  const runs = join(state, 'runs');
  const [run] = existsSync(runs) ? readdirSync(runs) : [];
  const journal = join(runs, run ?? '', 'journal.jsonl');
  if (run === undefined || !existsSync(journal)) return undefined;
  const lines = readFileSync(journal, 'utf8').split('\n').slice(0, -1);
  const records = lines.map((line) => JSON.parse(line) as JournalRecord);
  const found = records.find((record) => record.type === 'step.intent' && record.effect !== 'read');
  return found?.type === 'step.intent' ? found.step : undefined;
}

/** What is typed by hand to the same point: the commands that the plan prints, each ended with Enter; what persons do is not counted. */
async function byHand(runbook: string, step: string): Promise<{ commands: number; characters: number }> {
  const document = await loadRunbook(runbook);
  const plan = buildPlan(document, {
    ...{ environment: 'rehearsal', flow: 'setup', values: { run: 'by-hand' } },
    ...{ tasks: taskFor, taskNames: TASK_NAMES },
  });
  const path = pathSteps(plan);
  const steps = path
    .slice(0, path.findIndex(({ id }) => id === step) + 1)
    .filter(({ language }) => language !== 'manual');
  const commands = steps.flatMap(({ command }) => command);
  return { commands: commands.length, characters: commands.reduce((sum, command) => sum + command.length + 1, 0) };
}

const asked = process.argv.slice(2);
const rows: string[] = [];
for (const runbook of asked.length > 0 ? asked : RUNBOOKS) {
  const { keys, seconds, toTheFirstQuestion, step } = await walkThrough(runbook);
  const hand = await byHand(runbook, step);
  const line = `tejun ${runbook}`.length + 1;
  const waited = `${seconds.toFixed(0)} s (${toTheFirstQuestion.toFixed(1)} s)`;
  rows.push(`| ${runbook} | \`${step}\` | ${line} + ${keys} | ${waited} | ${hand.commands} | ${hand.characters} |`);
}
process.stdout.write(
  [
    '| runbook | first effect | keys: command line + screens | seconds (to the first question) | commands by hand | characters by hand |',
    '|---|---|---|---|---|---|',
    ...rows,
    '',
  ].join('\n'),
);
