/**
 * What travels between engine and screens: journal records and passing progress one way, intents the other, as JSON
 * lines over a Unix socket of mode 0600 (design §2). A screen that attaches late first gets every record so far.
 */

import type { Choice } from '../../tasks/task.ts';
import type { Plan } from '../engine/plan.ts';
import type { Approval } from '../journal/approval.ts';
import type { JournalRecord, Json, Person, SecretSource } from '../journal/records.ts';
import type { ProblemDetail } from '../problem.ts';

/** Who is at the screens' end of a link; said once, before anything else. */
export interface Visitor {
  /** A watcher is told everything and may ask for nothing, but give an approval, or ask that the run be given up to him (`yield`). */
  role: 'operator' | 'watcher';
  person: Person;
  /** Socket of the SSH agent where the screens run: sshd gives each login another one, and the last one's is gone. */
  agentSocket?: string;
}

export type EngineMessage =
  /**
   * `directory` is the run's: journal.jsonl and output/; empty when it is on another host. `behindMs`: what follows comes from
   * the team's store, and as late as that.
   */
  | { kind: 'hello'; run: string; plan: Plan; directory: string; pid: number; behindMs?: number }
  | { kind: 'record'; record: JournalRecord }
  /** All records so far were sent; what follows is live. */
  | { kind: 'caught-up' }
  /** A redacted line of a running step. */
  | { kind: 'line'; step: string; text: string }
  /** Live state of a running step; replaces the previous one. */
  | { kind: 'progress'; step: string; data: Json }
  /** The answer to `choose`; without a choice the step offers none. */
  | { kind: 'choice'; step: string; choice?: Choice }
  /** The engine did not do what was asked. */
  | { kind: 'refused'; problem: ProblemDetail }
  /** Nothing was asked, and nothing stops for it; whoever is there should know. */
  | { kind: 'warning'; problem: ProblemDetail }
  /**
   * The journal is short of room, or cannot be written at all. Nobody else has the lines of `unsaved` (redacted records): they
   * are shown, to be copied.
   */
  | { kind: 'trouble'; problem: ProblemDetail; unsaved: readonly string[] }
  /**
   * The journal is sealed and closed, or the run suspended; the engine is about to leave. The receipt is one line to paste
   * into a ticket: it tells an older copy of the journal (docs/journal.md).
   */
  | { kind: 'bye'; exit: number; receipt?: string };

export type Intent =
  /** Runs these steps in this order; pre-flight reads in parallel. Stops at the first failure. */
  | {
      kind: 'run';
      steps: readonly string[];
      inputs?: Readonly<Record<string, Readonly<Record<string, string>>>>;
      /** Texts that run in the place of the runbook's own, by step. */
      edited?: Readonly<Record<string, string>>;
      typed?: string;
      /** `typed` was given as a flag on a command line, not typed when it was asked for. */
      by?: 'flag';
    }
  /** Asks for the options of a step that offers a choice. */
  | { kind: 'choose'; step: string }
  | { kind: 'settle'; step: string; how: 'skipped' | 'by-hand'; reason: string }
  /** `by: 'flag'`: given on a command line, not when it was asked for. */
  /** A second person's approval of the plan, for an environment whose guard asks for one. */
  | { kind: 'approve'; approval: Approval }
  | { kind: 'guard'; text: string; by?: 'flag' }
  /**
   * `bytes` is base64; the message is never logged. Absent: take the rehearsal's own value. With `environment` it is the
   * value of another environment, kept only to be compared with.
   */
  | { kind: 'secret'; name: string; source: SecretSource; bytes?: string; environment?: string }
  | { kind: 'check'; item: string; state: 'done' | 'not-applicable' | 'not-done'; note?: string }
  | { kind: 'note'; text: string }
  /** Opens an incident in this run, or looks at another symptom of the open one; without a symptom at all of them. */
  | { kind: 'incident'; symptom?: string }
  | { kind: 'incident-over'; finding: string }
  /** Takes the environment's lock over from the run whose id the operator typed. */
  | { kind: 'take-over'; typed: string }
  | { kind: 'stop'; how: 'after-step' | 'now' }
  /** Another operator takes this run's place: it ends after the running step. `typed` must be its id; `to` is his run's. */
  | { kind: 'yield'; typed: string; to: string }
  | { kind: 'seal' }
  /** Leave the run unfinished: it can be resumed. */
  | { kind: 'suspend' };

/** The engine's end of the link; one for every attached screen. */
export interface EngineEnd {
  readonly visitor: Visitor;
  send(message: EngineMessage): void;
  onIntent(listener: (intent: Intent) => void): void;
  onClose(listener: () => void): void;
  close(): void;
}

/** The screens' end. `onMessage` may be called once; messages that came earlier are kept for it. */
export interface ScreenEnd {
  send(intent: Intent): void;
  onMessage(listener: (message: EngineMessage) => void): void;
  onClose(listener: () => void): void;
  close(): void;
}
