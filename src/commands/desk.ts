import { resolve } from 'node:path';
import type { Desk, DrillCard, RunbookCard, SectionCard } from '../../screens/desk.ts';
import { isDue, routineRun } from '../engine/routine.ts';
import { FLOW_STAGES, type Section, sectionsOf } from '../engine/section.ts';
import { Problem, type ProblemDetail } from '../problem.ts';
import { drillsFor } from '../rehearsal/drills.ts';
import { findRunbooks, loadRunbook } from '../runbook/load.ts';
import { FLOWS, REHEARSAL, type Runbook, type Stage } from '../runbook/types.ts';
import type { GivenSecrets } from './given-secrets.ts';
import { handOver } from './hand-over.ts';
import { launchEngine } from './launch.ts';
import { resumeRun, watchRun } from './resume.ts';
import { listRuns, type PastRun, readRuns } from './runs.ts';

/** What the command line said about the runs that are started. */
export interface DeskOptions {
  /** Port of the rehearsal's loopback URL. */
  port?: number | undefined;
  /** A runbook's file that is offered wherever it lies. */
  runbook?: string | undefined;
  /** Secrets that were read already; the run of the runbook that they are for gets them. */
  given?: GivenSecrets | undefined;
  /** Id of the run whose place the one that is started takes. */
  takeOver?: string | undefined;
}

/** The program around the screens: which runbooks and runs there are, and how a run is started. */
export function frontDesk(
  drills: readonly DrillCard[],
  { port, runbook: named, given, takeOver: typed }: DeskOptions = {},
): Desk {
  return {
    drills,
    runbooks: async () => {
      const found = await findRunbooks();
      const files = named === undefined || found.includes(named) ? found : [named, ...found];
      const past = readRuns(process.env);
      return Promise.all(files.map((file) => card(file, past)));
    },
    runs: async () => {
      const open = listRuns(process.env).flatMap(({ state, ...run }) =>
        state === 'live' || (state === 'stopped' && run.environment !== REHEARSAL) ? [{ ...run, state }] : [],
      );
      return Promise.all(
        open.map(async ({ run, title, environment, operator, startedAt, state, at = '', runbook }) => {
          const timezone = await zoneOf(runbook);
          return { run, title, environment, operator, startedAt, timezone, state, at };
        }),
      );
    },
    start: async (choice, said) => {
      const { runbook, environment, flow, section, values, drill, takeOver = typed } = choice;
      const open = flow === 'incident' ? openRun(runbook, environment) : undefined;
      if (open !== undefined) return handOver((await resumeRun(process.env, open, said)).screen, given);
      const spec = {
        ...{ runbook, environment, flow, values },
        ...(section === undefined ? {} : { section }),
        ...(drill ? { drill } : {}),
        ...(takeOver ? { takeOver } : {}),
        ...(port ? { port } : {}),
      };
      return handOver((await launchEngine(spec, said)).screen, given);
    },
    attach: async (run) => handOver((await resumeRun(process.env, run, () => {})).screen, given),
    watch: (run) => watchRun(process.env, run),
  };
}

/** The run that holds a runbook's environment on this host: an incident there is a part of it. */
function openRun(runbook: string, environment: string): string | undefined {
  const live = listRuns(process.env).find(
    (run) =>
      run.state === 'live' && !run.rehearsal && run.environment === environment && run.runbook === resolve(runbook),
  );
  return live?.run;
}

/** The time zone of the runbook of a run, which may have been moved or broken since. */
async function zoneOf(runbook: string): Promise<string> {
  return loadRunbook(runbook).then(
    ({ timezone }) => timezone,
    () => 'UTC',
  );
}

async function card(file: string, past: readonly PastRun[]): Promise<RunbookCard> {
  try {
    return cardOf(file, await loadRunbook(file), past);
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    return { ...EMPTY_CARD, file, title: file, problems: problemsOf(error) };
  }
}

function cardOf(file: string, runbook: Runbook, past: readonly PastRun[]): RunbookCard {
  const path = resolve(file);
  const last = past.find(({ state }) => state?.begin?.runbook.path === path && !state.begin.rehearsal)?.state?.begin;
  const has = (stage: Stage) => runbook.steps.some((step) => step.stage === stage);
  return {
    file,
    title: runbook.title,
    language: runbook.language,
    environments: Object.values(runbook.environments).map(({ name, guard, reason, values }) => ({
      name,
      guard,
      ...(reason === undefined ? {} : { reason }),
      values,
    })),
    asks: Object.values(runbook.values).filter((value) => value.ask !== undefined),
    flows: FLOWS.filter((flow) => FLOW_STAGES[flow].some(has)),
    timezone: runbook.timezone,
    sections: sectionsOf(runbook.steps).map((section) => sectionCard(section, path, runbook.timezone, past)),
    drills: drillsFor(runbook.steps.map(({ uses }) => uses)),
    ...(last ? { lastRun: { environment: last.environment, values: last.values } } : {}),
    steps: runbook.steps.length,
    checklist: runbook.checklist.length,
    problems: [],
  };
}

function sectionCard(section: Section, path: string, timezone: string, past: readonly PastRun[]): SectionCard {
  if (section.flow !== 'routine') return { ...section, log: [], due: false };
  const log = past.flatMap(({ state }) => {
    const walk = state && routineRun(state);
    return walk?.runbook === path && walk.section === section.heading ? [walk] : [];
  });
  const last = log.find(({ completed }) => completed)?.at;
  return { ...section, log, due: section.every !== undefined && isDue(section.every, last, new Date(), timezone) };
}

const EMPTY_CARD = {
  timezone: 'UTC',
  language: 'en',
  environments: [],
  asks: [],
  flows: [],
  sections: [],
  steps: 0,
  checklist: 0,
} as const;

/** A runbook with several errors carries them all. */
function problemsOf(problem: Problem): readonly ProblemDetail[] {
  const several = (problem as { problems?: readonly ProblemDetail[] }).problems;
  return several && several.length > 0 ? several : [problem.detail];
}
