import { EMPTY_RUN, fold, type RunState } from '../engine/state.ts';
import type { JournalRecord } from '../journal/records.ts';

/** Something that an operator who looks elsewhere wants to hear of. All of it is from the journal, so it is redacted. */
export interface Notice {
  event: 'step-ended' | 'step-failed' | 'run-waits' | 'run-sealed' | 'run-suspended';
  run: string;
  runbook: string;
  environment: string;
  rehearsal: boolean;
  /** ISO 8601, UTC. */
  at: string;
  /** One line for a person. */
  title: string;
  step?: string;
  outcome?: string;
  summary?: string;
  ms?: number;
}

/** The notice that a record is worth, after `state` has taken it in; undefined for most records. Pure. */
export function noticeOf(record: JournalRecord, state: RunState, longMs: number): Notice | undefined {
  const about = aboutRun(state, record.at);
  if (!about) return undefined;
  switch (record.type) {
    case 'step.result': {
      const { step, outcome, summary, ms, againInMs } = record;
      const failed = outcome !== 'passed';
      if (againInMs !== undefined || (!failed && ms < longMs)) return undefined;
      const event = failed ? 'step-failed' : 'step-ended';
      const title = `${titleOf(state, step)}: ${outcome}`;
      return { event, ...about, title, step, outcome, summary, ms };
    }
    case 'seal':
      return { event: 'run-sealed', ...about, title: `${about.runbook}: ${record.outcome}`, outcome: record.outcome };
    case 'suspended':
      return { event: 'run-suspended', ...about, title: `${about.runbook}: suspended`, summary: record.reason };
    default:
      return undefined;
  }
}

/** The notice that a run waits for its operator, when it does: something has run, and nothing runs now. Pure. */
export function waitingNotice(state: RunState, at: string): Notice | undefined {
  const about = aboutRun(state, at);
  const begun = Object.values(state.steps).some(({ attempts }) => attempts > 0);
  if (!about || !begun || state.running.length > 0 || state.seal || state.suspended) return undefined;
  return { event: 'run-waits', ...about, title: `${about.runbook}: waits for you` };
}

function aboutRun({ begin }: RunState, at: string) {
  if (!begin) return undefined;
  const { run, runbook, environment, rehearsal } = begin;
  return { run, runbook: runbook.title, environment, rehearsal, at };
}

function titleOf({ begin }: RunState, step: string): string {
  return begin?.plan.find(({ id }) => id === step)?.title ?? step;
}

export interface NoticesOptions {
  longMs: number;
  tell(notice: Notice): void;
  /** Records of a run that is resumed: they are no news. */
  past?: readonly JournalRecord[];
}

/** Hears the records of one run as they are written, and tells what they are worth. */
export class Notices {
  readonly #options: NoticesOptions;
  #state: RunState;
  #waiting: NodeJS.Timeout | undefined;

  constructor(options: NoticesOptions) {
    this.#options = options;
    this.#state = (options.past ?? []).reduce(fold, EMPTY_RUN);
  }

  hear(record: JournalRecord): void {
    this.#state = fold(this.#state, record);
    const notice = noticeOf(record, this.#state, this.#options.longMs);
    if (notice) this.#options.tell(notice);
    clearTimeout(this.#waiting);
    this.#waiting = setTimeout(() => {
      const waits = waitingNotice(this.#state, new Date().toISOString());
      if (waits) this.#options.tell(waits);
    }, this.#options.longMs);
    // A notice never keeps an engine alive.
    this.#waiting.unref();
  }
}
