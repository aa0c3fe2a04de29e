import type { Plan } from '../src/engine/plan.ts';
import { EMPTY_RUN, fold, type RunState } from '../src/engine/state.ts';
import type { JournalRecord, Json } from '../src/journal/records.ts';
import type { EngineMessage } from '../src/link/messages.ts';
import type { ProblemDetail } from '../src/problem.ts';
import type { Choice } from '../tasks/task.ts';

/** Lines of a step's output that are kept for the screen; all of them are in its output file. */
export const TAIL_LINES = 500;

/** A run as these screens have heard of it: its journal folded, and what passes by and is not in the journal. */
export interface Session {
  run: string;
  plan: Plan;
  directory: string;
  /** What is shown comes from the team's store, at most so late. */
  behindMs: number | undefined;
  state: RunState;
  /** The records themselves, for the timeline. */
  records: readonly JournalRecord[];
  caughtUp: boolean;
  /** Output of steps since these screens are attached, by step; the newest last. */
  tails: Readonly<Record<string, readonly string[]>>;
  progress: Readonly<Record<string, Json>>;
  /** Answers to `choose`, by step; `none` when the step offers no choice. */
  choices: Readonly<Record<string, Choice | 'none'>>;
  refused: ProblemDetail | undefined;
  /** The journal is short of room, or cannot be written: what was not saved stands in it. */
  trouble: { problem: ProblemDetail; unsaved: readonly string[] } | undefined;
  /** The engine has left, with this exit code. */
  exit: number | undefined;
  /** The line to paste into a ticket. */
  receipt: string | undefined;
  /** The link ended without a farewell. */
  lost: boolean;
}

/** The session after one message. Pure. Messages before `hello` are nothing (the engine sends it first). */
export function receive(session: Session | undefined, message: EngineMessage): Session | undefined {
  if (message.kind === 'hello') {
    const { run, plan, directory, behindMs } = message;
    return {
      run,
      plan,
      directory,
      behindMs,
      state: EMPTY_RUN,
      records: [],
      caughtUp: false,
      tails: {},
      progress: {},
      choices: {},
      refused: undefined,
      trouble: undefined,
      exit: undefined,
      receipt: undefined,
      lost: false,
    };
  }
  if (!session) return undefined;
  switch (message.kind) {
    case 'record': {
      const { record } = message;
      const state = fold(session.state, record);
      const heard = { ...session, state, records: [...session.records, record], refused: undefined };
      // A new attempt starts with an empty tail, so that no line of the last one is taken for news.
      if (record.type !== 'step.intent') return heard;
      return { ...heard, tails: { ...session.tails, [record.step]: [] } };
    }
    case 'caught-up':
      return { ...session, caughtUp: true };
    case 'line': {
      const tail = [...(session.tails[message.step] ?? []), message.text].slice(-TAIL_LINES);
      return { ...session, tails: { ...session.tails, [message.step]: tail } };
    }
    case 'progress':
      return { ...session, progress: { ...session.progress, [message.step]: message.data } };
    case 'choice':
      return { ...session, choices: { ...session.choices, [message.step]: message.choice ?? 'none' } };
    case 'refused':
      return { ...session, refused: message.problem };
    case 'warning':
      return session;
    case 'trouble':
      return { ...session, trouble: { problem: message.problem, unsaved: message.unsaved } };
    case 'bye':
      return { ...session, exit: message.exit, receipt: message.receipt };
  }
}
