/** Bytes a second that what passes by may take. 2 KiB are promised; a drawing that cannot wait comes on top. */
const RATE = 1536;
/** It is drawn at most so often: fast enough to follow. */
const LEAST_MS = 250;

/**
 * How soon what passes by may be drawn again: when the drawings so far are paid for. A line of output that moves all others up
 * costs up to 2 KB, a clock that goes on a tenth of that; a slow link carries both. Times are milliseconds of the monotonic clock.
 */
export class Pace {
  #paid = 0;
  #shown = -LEAST_MS;

  /** Something was drawn. */
  shown(now: number): void {
    this.#shown = now;
  }

  /** So many bytes of a drawing went to the terminal. */
  sent(bytes: number, now: number): void {
    this.#paid = Math.max(this.#paid, now) + (bytes / RATE) * 1000;
  }

  /** Milliseconds until the next drawing. */
  wait(now: number): number {
    return Math.max(0, this.#paid - now, this.#shown + LEAST_MS - now);
  }
}
