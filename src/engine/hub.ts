import type { JournalRecord } from '../journal/records.ts';
import type { EngineEnd, EngineMessage, Intent } from '../link/messages.ts';

/** What a hub asks of its engine. */
export interface HubParts {
  /** The first message to each screen. */
  hello(): EngineMessage;
  /** What a screen that attaches is told after the records, before it has caught up. */
  news(): readonly EngineMessage[];
  onIntent(intent: Intent, from: EngineEnd): void;
  /** An operator's screen came (`end`) or went; `operators` are there now. Watchers are not counted. */
  onOperators(operators: number, end?: EngineEnd): void;
}

/** The screens that are attached to an engine: each gets every record so far, then what follows. */
export class Hub {
  readonly #parts: HubParts;
  #ends = new Set<EngineEnd>();
  #records: JournalRecord[] = [];

  constructor(parts: HubParts) {
    this.#parts = parts;
  }

  attach(end: EngineEnd): void {
    const operates = end.visitor.role === 'operator';
    this.#ends.add(end);
    end.onClose(() => {
      if (this.#ends.delete(end) && operates) this.#parts.onOperators(this.#operators());
    });
    end.onIntent((intent) => this.#parts.onIntent(intent, end));
    end.send(this.#parts.hello());
    for (const record of this.#records) end.send({ kind: 'record', record });
    for (const message of this.#parts.news()) end.send(message);
    end.send({ kind: 'caught-up' });
    if (operates) this.#parts.onOperators(this.#operators(), end);
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

  #operators(): number {
    return [...this.#ends].filter(({ visitor }) => visitor.role === 'operator').length;
  }
}
