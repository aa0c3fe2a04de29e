import { type Clock, SYSTEM_CLOCK } from '../journal/writer.ts';

/** Less than this is a clock that is being slewed (NTP), or a late timer; not a jump. */
const SMALLEST_JUMP_MS = 2_000;

/**
 * Watches the wall clock against the monotonic one. Nothing in a run is ordered or expires by the wall clock; but its readings
 * are labels in the journal, and a reader must know where they jump: somebody set the clock, or the host slept.
 */
export class ClockWatch {
  readonly #clock: Clock;
  #offset: number;

  constructor(clock: Clock = SYSTEM_CLOCK) {
    this.#clock = clock;
    this.#offset = this.#read();
  }

  /** By how many milliseconds the wall clock has jumped since the last call, forward or back; undefined when it has not. */
  jump(): number | undefined {
    const offset = this.#read();
    const by = Math.round(offset - this.#offset);
    this.#offset = offset;
    return Math.abs(by) < SMALLEST_JUMP_MS ? undefined : by;
  }

  #read(): number {
    return this.#clock.now().getTime() - this.#clock.mono();
  }
}
