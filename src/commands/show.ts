import { foldAll, type RunState, type StepState } from '../engine/state.ts';
import { readJournal } from '../journal/recover.ts';
import type { Locale } from '../locale/index.ts';
import { PRINTED_MESSAGES } from '../locale/printed/index.ts';
import { REPORT_MESSAGES } from '../locale/report/index.ts';
import { EXIT, Problem } from '../problem.ts';
import { storeSecret } from '../store/setting.ts';
import { howItStands, listRuns, type RunListing } from './runs.ts';
import { journalAnywhere, knownRun } from './team-runs.ts';

type Env = Readonly<Record<string, string | undefined>>;

/** One run as it stands, as `tejun show --json` prints it: a stable interface (docs/interfaces.md). */
export interface ShownRun extends RunListing {
  /** Of another host's run: a copy, as the store has it now. */
  journal: string;
  steps: readonly ShownStep[];
  checklist: RunState['checklist'];
  notes: RunState['notes'];
  /** Names only. */
  secrets: readonly string[];
}

interface ShownStep extends Pick<StepState, 'id' | 'status' | 'attempts' | 'edited' | 'ms' | 'summary'> {
  title: string;
  stage: string;
  /** Whether the run walks it; others run only when somebody chooses them. */
  onPath: boolean;
}

/**
 * A run as its journal tells it, now, on this host or in the team's store: the newest of this host when `run` is left out.
 *
 * @throws Problem run-not-found, run-unreadable (EXIT.torn), store-away (EXIT.store)
 */
export async function showRun(env: Env, run: string | undefined): Promise<ShownRun> {
  const listing = run === undefined ? listRuns(env)[0] : await knownRun(env, run);
  if (!listing) throw notFound(env, run);
  const journal = await journalAnywhere(env, listing.run);
  const state = stateOf(journal);
  const begin = state?.begin;
  if (!state || !begin) throw unreadable(listing.run, journal);
  const steps = begin.plan.map(({ id, title, stage }): ShownStep => {
    const { status, attempts, edited, ms, summary } = state.steps[id] ?? { status: 'waiting', attempts: 0 };
    return {
      ...{ id, title, stage, onPath: begin.path.includes(id), status, attempts },
      ...(edited === undefined ? {} : { edited }),
      ...(ms === undefined ? {} : { ms }),
      ...(summary === undefined ? {} : { summary }),
    };
  });
  const { checklist, notes } = state;
  return { ...listing, journal, steps, checklist, notes, secrets: Object.keys(state.secrets) };
}

function stateOf(journal: string): RunState | undefined {
  try {
    return foldAll(readJournal(journal));
  } catch (error) {
    if (error instanceof Problem) return undefined;
    throw error;
  }
}

const SIGNS: Readonly<Record<StepState['status'], string>> = {
  waiting: '·',
  running: '▸',
  passed: '✔',
  failed: '✖',
  skipped: '↷',
  refused: '⊘',
  unknown: '?',
};

/** A run as text: what it is, each step of its path, the checklist, the notes. Pure. */
export function formatRun(run: ShownRun, locale: Locale): string {
  const said = PRINTED_MESSAGES[locale].show;
  const { status: standing, items } = REPORT_MESSAGES[locale];
  const { title, environment, operator, host, heardAt, startedAt, steps, checklist, notes } = run;
  const walked = steps.filter(({ onPath, status }) => onPath || status !== 'waiting');
  const lines = [
    `${title} · ${environment} · ${run.run}`,
    `${howItStands(run, locale)} · ${said.since(operator, host, startedAt)}`,
    ...(heardAt === undefined ? [] : [said.heard(heardAt)]),
    '',
    ...walked.flatMap(({ title, status, attempts, edited, ms, summary }) => {
      const took = ms === undefined ? '' : ` (${(ms / 1000).toFixed(1)} s)`;
      const again = attempts > 1 ? `, ${said.attempt(attempts)}` : '';
      const changed = edited === undefined ? [] : [`  ${said.edited}`, ...indented(edited)];
      return [
        `${SIGNS[status]} ${title}: ${standing[status]}${again}${summary ? `, ${summary}` : ''}${took}`,
        ...changed,
      ];
    }),
    ...(checklist.length === 0 ? [] : ['', ...checklist.map(({ text, state }) => `[${items[state]}] ${text}`)]),
    ...(notes.length === 0 ? [] : ['', ...notes.map(({ at, by, text }) => `${at} ${by}: ${text}`)]),
    '',
    run.journal,
  ];
  return `${lines.join('\n')}\n`;
}

function indented(text: string): string[] {
  return text
    .trimEnd()
    .split('\n')
    .map((row) => `  │ ${row}`);
}

function notFound(env: Env, run: string | undefined): Problem {
  if (run === undefined) {
    return new Problem({ code: 'run-not-found', what: 'There are no runs on this host.', next: ['tejun starts one'] });
  }
  return new Problem({
    code: 'run-not-found',
    what: `There is no run ${run} on this host${storeSecret(env) ? ', nor in the team’s store' : ''}.`,
    next: ['tejun runs lists them'],
  });
}

function unreadable(run: string, journal: string): Problem {
  const what = `The journal of ${run} cannot be read.`;
  const next = [`tejun verify ${journal} says where it is damaged`];
  return new Problem({ code: 'run-unreadable', what, next }, EXIT.torn);
}
