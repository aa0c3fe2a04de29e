import type { Plan } from '../../src/engine/plan.ts';
import { EMPTY_RUN, fold, type RunState } from '../../src/engine/state.ts';
import { guardIsOpen, nextStep, restOfStage } from '../../src/engine/walk.ts';
import type { JournalRecord } from '../../src/journal/records.ts';
import type { EngineMessage, Intent } from '../../src/link/messages.ts';

/** What an operator looks up where a step has its effect, when nobody knows how it ended: whether it took effect. */
export type LookUp = (step: string) => Promise<boolean>;

/**
 * An operator who walks the path to its seal: runs what is due, and decides about a step with an unknown outcome by what the
 * platform says, never by what tejun says.
 */
export class Operator {
  /** How often each step was told to run again after an unknown outcome or a failure. */
  readonly again = new Map<string, number>();
  /** Every record that this operator was shown: what the engine has acknowledged. */
  readonly seen: JournalRecord[] = [];
  /** What the journal could not take, when it could not be written. */
  trouble: Extract<EngineMessage, { kind: 'trouble' }> | undefined;
  /** The engine did not do what was asked. */
  refused = false;
  readonly #lookUp: LookUp;
  #plan: Plan | undefined;
  #state: RunState = EMPTY_RUN;
  #live = false;
  #answered = '';
  #onNextResult: (() => void) | undefined;

  constructor(lookUp: LookUp) {
    this.#lookUp = lookUp;
  }

  get state(): RunState {
    return this.#state;
  }

  /** Attaches anew: the engine tells everything again. */
  arrive(): void {
    this.#state = EMPTY_RUN;
    this.#live = false;
    this.#answered = '';
    this.#onNextResult = undefined;
    this.trouble = undefined;
    this.refused = false;
  }

  /** Calls once, when the next result of a step is shown that was not there on arrival. */
  onNextResult(call: () => void): void {
    this.#onNextResult = call;
  }

  async hear(message: EngineMessage, send: (intent: Intent) => void): Promise<void> {
    if (message.kind === 'hello') this.#plan = message.plan;
    if (message.kind === 'caught-up') this.#live = true;
    if (message.kind === 'refused') {
      // Left for later, as one does whose disk is full.
      this.refused = true;
      return send({ kind: 'suspend' });
    }
    if (message.kind === 'trouble' && message.unsaved.length > 0) {
      // The lines are copied; there is nothing more to do with this engine.
      this.trouble = message;
      return send({ kind: 'suspend' });
    }
    if (message.kind === 'record') {
      this.#state = fold(this.#state, message.record);
      this.seen[message.record.seq] = message.record;
      if (this.#live && message.record.type === 'step.result') {
        this.#onNextResult?.();
        this.#onNextResult = undefined;
      }
    }
    if (!this.#plan || !this.#live || this.#state.seal || this.#state.running.length > 0) return;
    const stand = Object.values(this.#state.steps).map(({ status, attempts }) => `${status}${attempts}`);
    const key = `${stand.join()}|${this.#state.guard ? 1 : 0}`;
    if (key === this.#answered) return;
    this.#answered = key;
    send(await this.#decide(this.#plan, this.#state));
  }

  async #decide(plan: Plan, state: RunState): Promise<Intent> {
    const step = nextStep(plan, state);
    if (!step) return { kind: 'seal' };
    if (step.effect !== 'read' && !guardIsOpen(plan, state)) return { kind: 'guard', text: 'yes' };
    const status = state.steps[step.id]?.status ?? 'waiting';
    if (status === 'waiting') {
      const steps = step.stage === 'preflight' ? restOfStage(plan, state) : [step];
      return { kind: 'run', steps: steps.map(({ id }) => id) };
    }
    if (status === 'unknown' && step.effect !== 'read' && (await this.#lookUp(step.id))) {
      return { kind: 'settle', step: step.id, how: 'by-hand', reason: 'the platform has it' };
    }
    this.again.set(step.id, (this.again.get(step.id) ?? 0) + 1);
    return { kind: 'run', steps: [step.id] };
  }
}
