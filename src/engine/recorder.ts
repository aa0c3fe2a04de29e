import type { Entry, JournalRecord } from '../journal/records.ts';
import type { EngineMessage } from '../link/messages.ts';
import { EXIT, Problem } from '../problem.ts';
import { ClockWatch } from './clock-watch.ts';
import { EMPTY_RUN, fold, type RunState } from './state.ts';

/** The journal as the engine uses it: the only writer of a run. */
export interface EngineJournal {
  /** Chained and on disk when it returns; throws a `Problem` when it could not be written. */
  append(entry: Entry): JournalRecord;
  /** Signs everything so far, and gives the records that it wrote for it; none when nobody can sign. */
  sign(final: boolean): Promise<readonly JournalRecord[]>;
  /** The disk is full and the reserve is in use: the running step may end, no other starts. */
  readonly low: boolean;
  /** Lays the reserve anew when there is room again, and says whether there is. */
  refill(): boolean;
  /** Lines that could not be written: shown to the operator, because nobody else has them. */
  readonly unsaved: readonly string[];
  close(): void;
}

/**
 * The engine's hand on the journal: what is appended is on disk, folded into the state, and told to the screens, in this
 * order. When it cannot be written the screens are shown what was not saved; from then on nothing can be recorded, so
 * nothing may be started.
 */
export class Recorder {
  readonly #journal: EngineJournal;
  readonly #told: (record: JournalRecord) => void;
  readonly #send: (message: EngineMessage) => void;
  readonly #clock: ClockWatch;
  #state: RunState = EMPTY_RUN;
  #failure: Problem | undefined;
  #saidLow = false;

  /**
   * @param told is given each record once it is on disk
   * @param send takes news of trouble for the screens
   */
  constructor(
    journal: EngineJournal,
    told: (record: JournalRecord) => void,
    send: (message: EngineMessage) => void,
    clock: ClockWatch = new ClockWatch(),
  ) {
    this.#journal = journal;
    this.#told = told;
    this.#send = send;
    this.#clock = clock;
  }

  get state(): RunState {
    return this.#state;
  }

  /** Nothing can be recorded any more. */
  get dead(): boolean {
    return this.#failure !== undefined;
  }

  /** What a screen must be shown of the journal's trouble; nothing when there is none. */
  get trouble(): Extract<EngineMessage, { kind: 'trouble' }> | undefined {
    if (this.#failure) return { kind: 'trouble', problem: this.#failure.detail, unsaved: this.#journal.unsaved };
    return this.#journal.low ? { kind: 'trouble', problem: full().detail, unsaved: [] } : undefined;
  }

  /** Takes up a record that is in the journal already, of a run that is resumed. */
  keep(record: JournalRecord): void {
    this.#state = fold(this.#state, record);
    this.#told(record);
  }

  /** Appends; throws a `Problem` (EXIT.journal) when it could not be saved, after it was shown. */
  append(entry: Entry): JournalRecord {
    const jumpMs = this.#clock.jump();
    if (jumpMs !== undefined) this.#put({ type: 'clock', jumpMs });
    return this.#put(entry);
  }

  async sign(final: boolean): Promise<void> {
    if (this.dead) return;
    try {
      for (const record of await this.#journal.sign(final)) this.keep(record);
    } catch (error) {
      throw this.#fail(error);
    }
  }

  /** Throws a `Problem` when a step may not start: its result could not be recorded. */
  requireRoom(): void {
    if (this.#failure) throw this.#failure;
    if (!this.#journal.low) return;
    if (!this.#journal.refill()) throw full();
    this.#saidLow = false;
  }

  #put(entry: Entry): JournalRecord {
    let record: JournalRecord;
    try {
      record = this.#journal.append(entry);
    } catch (error) {
      throw this.#fail(error);
    }
    this.keep(record);
    if (this.#journal.low && !this.#saidLow && this.trouble) {
      this.#saidLow = true;
      this.#send(this.trouble);
    }
    return record;
  }

  #fail(error: unknown): unknown {
    if (!(error instanceof Problem) || error.exit !== EXIT.journal) return error;
    this.#failure ??= error;
    if (this.trouble) this.#send(this.trouble);
    return error;
  }
}

function full(): Problem {
  return new Problem(
    {
      code: 'journal-low',
      what: 'The disk is full; the journal lives on its reserve.',
      means: 'What has happened so far is saved. No further step is started: it could not be recorded.',
      next: ['make room, then run the step again', 'or leave tejun, and resume the run later'],
    },
    EXIT.journal,
  );
}
