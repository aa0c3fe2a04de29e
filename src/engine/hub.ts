import type { JournalRecord } from '../journal/records.ts';
import type { EngineEnd, EngineMessage, Intent } from '../link/messages.ts';

/** The screens that are attached to an engine: each gets every record so far, then what follows. */
export class Hub {
  #ends = new Set<EngineEnd>();
  #records: JournalRecord[] = [];
  readonly #hello: () => Extract<EngineMessage, { kind: 'hello' }>;
  readonly #onIntent: (intent: Intent, from: EngineEnd) => void;
  readonly #onCount: (attached: number) => void;

  /**
   * @param onCount is called with the number of attached screens whenever it changes
   */
  constructor(
    hello: () => Extract<EngineMessage, { kind: 'hello' }>,
    onIntent: (intent: Intent, from: EngineEnd) => void,
    onCount: (attached: number) => void,
  ) {
    this.#hello = hello;
    this.#onIntent = onIntent;
    this.#onCount = onCount;
  }

  attach(end: EngineEnd): void {
    this.#ends.add(end);
    end.onClose(() => {
      if (this.#ends.delete(end)) this.#onCount(this.#ends.size);
    });
    end.onIntent((intent) => this.#onIntent(intent, end));
    end.send(this.#hello());
    for (const record of this.#records) end.send({ kind: 'record', record });
    end.send({ kind: 'caught-up' });
    this.#onCount(this.#ends.size);
  }

  /** Keeps the record for screens that attach later, and sends it to those that are here. */
  record(record: JournalRecord): void {
    this.#records.push(record);
    this.send({ kind: 'record', record });
  }

  /** Sends what only those who watch now need: lines, progress, the farewell. */
  send(message: EngineMessage): void {
    for (const end of this.#ends) end.send(message);
  }

  /** Every record of the run, in order. */
  get records(): readonly JournalRecord[] {
    return this.#records;
  }
}
