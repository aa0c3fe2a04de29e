import { setTimeout as sleep } from 'node:timers/promises';
import { EXIT, Problem } from '../problem.ts';
import type { Secret } from '../secrets/secret.ts';
import { type RunLock, SharedLock, type SharedLockParts } from './shared-lock.ts';

export interface StoreLockParts extends Omit<SharedLockParts, 'scope'> {
  /** URL of the team's store. */
  secret: Secret;
}

/** How long a step waits for a store that does not answer. */
const PATIENCE_MS = 3_000;

/** What another run stands behind; everything else is the store's own trouble. */
const OTHERS: ReadonlySet<string> = new Set(['lock-held', 'lock-lost', 'lock-not-typed']);

/**
 * The lock of a runbook and an environment that names no database: in the team's store, from the moment an operator is there. It
 * keeps others out as `SharedLock` does, but for one thing: a store that is away is no reason not to repair production. Then the run
 * goes on without the lock, says so once, records it, and tries again before each step that changes something.
 */
export class StoreLock implements RunLock {
  readonly #lock: SharedLock;
  readonly #parts: StoreLockParts;
  #taken = false;
  #away = false;

  constructor(parts: StoreLockParts) {
    this.#parts = parts;
    const { news } = parts;
    this.#lock = new SharedLock({
      ...parts,
      scope: 'store',
      news: {
        ...news,
        record: (entry) => {
          this.#away = entry.type === 'lock.away';
          news.record(entry);
        },
        tell: (problem) => {
          if (problem.code === 'lock-unreachable') news.warn(withoutLock(problem));
          else if (OTHERS.has(problem.code)) news.tell(problem);
          else news.warn(problem);
        },
      },
    });
  }

  /** @throws Problem `lock-held`, `lock-lost`, `lock-not-typed` (all EXIT.refused): another run has the lock */
  async hold(step?: string): Promise<void> {
    try {
      await within(PATIENCE_MS, this.#hold(step));
    } catch (error) {
      if (error instanceof Problem && OTHERS.has(error.code)) throw error;
      if (this.#away) return;
      this.#away = true;
      this.#parts.news.record({ type: 'lock.away', scope: 'store', by: this.#parts.holder.operator });
      this.#parts.news.warn(withoutLock(error));
    }
  }

  takeOver(typed: string): Promise<void> {
    return this.#lock.takeOver(typed);
  }

  release(): Promise<void> {
    return this.#lock.release();
  }

  async #hold(step: string | undefined): Promise<void> {
    if (!this.#taken) await this.#lock.use(this.#parts.secret);
    this.#taken = true;
    await this.#lock.hold(step);
  }
}

/** @throws what `work` throws, or that it took too long; it goes on all the same */
async function within(ms: number, work: Promise<void>): Promise<void> {
  const late = new AbortController();
  const timer = sleep(ms, undefined, { signal: late.signal, ref: false }).then(() => {
    throw new Problem({ code: 'store-slow', what: `The store did not answer within ${ms / 1000} seconds.` });
  });
  timer.catch(() => {});
  work.catch(() => {});
  try {
    await Promise.race([work, timer]);
  } finally {
    late.abort();
  }
}

function withoutLock(error: unknown): Problem {
  const why = error instanceof Problem ? ` ${error.what}` : '';
  return new Problem(
    {
      code: 'lock-away',
      what: `The run goes on without its lock in the team’s store.${why}`,
      means:
        'On this host nobody else can start it; from another host somebody could. The lock is tried again before each change.',
      next: ['tell your colleagues what you are about to change'],
    },
    EXIT.refused,
  );
}
