import type { RoutineRun } from '../src/engine/routine.ts';
import type { Section } from '../src/engine/section.ts';
import type { StartNews } from '../src/engine/start-news.ts';
import type { ScreenEnd } from '../src/link/messages.ts';
import type { ProblemDetail } from '../src/problem.ts';
import type { Flow, Guard, ValueSpec } from '../src/runbook/types.ts';

/** A runbook as the home screen offers it. One that does not parse is shown with its problems and cannot be chosen. */
export interface RunbookCard {
  file: string;
  title: string;
  language: string;
  environments: readonly { name: string; guard: Guard; reason?: string; values: Readonly<Record<string, string>> }[];
  /** Values that are asked for. */
  asks: readonly ValueSpec[];
  flows: readonly Flow[];
  /** IANA name of the zone that its times are told in. */
  timezone: string;
  /** Routines, symptoms and ways back, each by its heading; a flow that has none here is walked as a whole. */
  sections: readonly SectionCard[];
  /** Names of the drills that it can practise; every one when absent. */
  drills?: readonly string[];
  /** The newest run of it on this host that was no rehearsal. */
  lastRun?: { environment: string; values: Readonly<Record<string, string>> };
  /** How many steps and checklist items it has, for the card. */
  steps: number;
  checklist: number;
  problems: readonly ProblemDetail[];
}

/** A part of a flow; of a routine also how often it comes back, and when it was done. */
export interface SectionCard extends Section {
  /** Its walks on this host, the newest first; rehearsals are none. */
  log: readonly RoutineRun[];
  due: boolean;
}

/** A run on this host that is not finished. */
export interface RunCard {
  run: string;
  title: string;
  environment: string;
  operator: string;
  startedAt: string;
  /** The runbook's, as an IANA name; UTC where it cannot be read any more. */
  timezone: string;
  /** `live`: its engine waits to be attached; `stopped`: its engine is gone and `tejun resume` goes on with it. */
  state: 'live' | 'stopped';
  /** Title of the step that runs or comes next. */
  at: string;
}

/** A drill of the rehearsal: what it breaks, in words. */
export interface DrillCard {
  name: string;
  flows: readonly Flow[];
}

export interface StartChoice {
  runbook: string;
  environment: string;
  flow: Flow;
  /** Heading of one of the card's sections. */
  section?: string;
  values: Readonly<Record<string, string>>;
  drill?: string;
  /** Id of the run whose place this one takes, typed by the operator; only where that run holds the lock. */
  takeOver?: string;
}

/** What the screens ask of the program around them before there is a run: the front desk. */
export interface Desk {
  runbooks(): Promise<readonly RunbookCard[]>;
  runs(): Promise<readonly RunCard[]>;
  drills: readonly DrillCard[];
  /** Starts an engine and attaches to it; rejects with a `Problem`. `said` is called with what is being waited for. */
  start(choice: StartChoice, said: (news: StartNews) => void): Promise<ScreenEnd>;
  attach(run: string): Promise<ScreenEnd>;
  /** Attaches for watching only. */
  watch(run: string): Promise<ScreenEnd>;
}
