import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import type { Near } from '../../tasks/postgres/connect.ts';
import { directHost, parseDsn } from '../../tasks/postgres/dsn.ts';
import { serverError } from '../../tasks/postgres/failure.ts';
import type { Entry, Holder, LockScope } from '../journal/records.ts';
import { EXIT, Problem } from '../problem.ts';
import type { Secret } from '../secrets/secret.ts';
import { describeHolder } from './holder.ts';
import { LockSession, type Occupant } from './lock-session.ts';

/** What the lock tells the engine of, as it happens. */
export interface LockNews {
  /** For the journal. */
  record(entry: Extract<Entry, { type: `lock.${string}` }>): void;
  /** For whoever watches, when nobody had asked. */
  tell(problem: Problem): void;
  /** As `tell`, of what stops nothing. */
  warn(problem: Problem): void;
}

/** The lock of a run as its engine uses it. */
export interface RunLock {
  /** Gives it the database whose URL this secret is; absent when it knows its database already. */
  use?(secret: Secret): Promise<void>;
  /** Makes sure that it is held, before anything is changed; throws a Problem when it is not, and nothing may be. */
  hold(step?: string): Promise<void>;
  takeOver(typed: string): Promise<void>;
  release(): Promise<void>;
}

export interface SharedLockParts {
  /** Whose database it is in. */
  scope: Exclude<LockScope, 'host'>;
  /** File of the runbook; only its base name counts. */
  runbook: string;
  environment: string;
  holder: Omit<Holder, 'since'>;
  /** Id of the run whose place this one takes, as the operator typed it when this one was started. */
  takeOver?: string | undefined;
  near: Pick<Near, 'exec'>;
  news: LockNews;
}

/**
 * The key of the advisory lock of a runbook and an environment. It is made of the runbook's base name: the path differs from
 * host to host, and a title is edited without a thought of locks. Two runbooks of one name share the lock of a
 * database, which errs on the safe side. Pure.
 */
export function lockKey(runbook: string, environment: string): bigint {
  return createHash('sha256')
    .update(`tejun\0${basename(runbook)}\0${environment}`)
    .digest()
    .readBigInt64BE(0);
}

/**
 * One operator at a time per runbook and environment, whichever host they sit at: a PostgreSQL advisory lock, held by a
 * session of its own with the environment's database, or the team's store. It is free when that session ends, however the engine did.
 */
export class SharedLock implements RunLock {
  readonly #parts: SharedLockParts;
  readonly #key: bigint;
  readonly #released = new AbortController();
  #secret: Secret | undefined;
  #session: LockSession | undefined;
  #step: string | undefined;
  /** Since when it is held; undefined before it was, which tells a first try from one after a lost connection. */
  #since: string | undefined;
  #lost: Problem | undefined;
  /** One thing at a time: a try that is under way is not crossed by the next. */
  #turn: Promise<unknown> = Promise.resolve();

  constructor(parts: SharedLockParts) {
    this.#parts = parts;
    this.#key = lockKey(parts.runbook, parts.environment);
  }

  /**
   * Takes the lock in the database of this URL.
   *
   * @throws Problem `postgres-url` and `lock-pooler` for a URL that cannot carry it, `postgres-refused` for one that the server
   *   does not take; otherwise as `hold`, which can be tried again
   */
  async use(secret: Secret): Promise<void> {
    const { host } = parseDsn(secret);
    const direct = directHost(host);
    if (direct !== undefined) throw pooler(secret.name, host, direct, this.#parts.scope);
    this.#secret = secret;
    try {
      await this.hold();
    } catch (error) {
      if (error instanceof Problem && error.code === 'postgres-refused') this.#secret = undefined;
      throw error;
    }
  }

  /**
   * Makes sure that the lock is held now: before every effect. Does nothing before a database was given.
   *
   * @param step title of the step that is about to run, for whoever asks
   * @throws Problem `lock-held`, `lock-lost`, `lock-unreachable` (all EXIT.refused), `postgres-refused`
   */
  hold(step?: string): Promise<void> {
    return this.#inTurn(async () => {
      this.#step = step ?? this.#step;
      if (this.#lost) throw this.#lost;
      if (this.#session && (await this.#isHeld(this.#session))) return;
      await this.#acquire();
    });
  }

  /**
   * Takes the lock from the run whose id was typed: its session is ended, and its engine starts nothing more.
   *
   * @throws Problem `lock-not-typed` when the id is not that of the holder; otherwise as `hold`
   */
  takeOver(typed: string): Promise<void> {
    return this.#inTurn(async () => {
      if (this.#lost) throw this.#lost;
      if (!this.#session) await this.#acquire(typed);
    });
  }

  /** Lets go of the lock, and takes it no more. */
  release(): Promise<void> {
    this.#released.abort();
    return this.#inTurn(async () => {
      const session = this.#session;
      this.#session = undefined;
      await session?.end();
    });
  }

  get #holder(): Holder {
    const { holder } = this.#parts;
    const since = this.#since ?? new Date().toISOString();
    return { ...holder, since, ...(this.#step === undefined ? {} : { step: this.#step }) };
  }

  async #isHeld(session: LockSession): Promise<boolean> {
    const held = await session.show(this.#holder).catch(() => false);
    if (!held) await this.#drop(session);
    return held;
  }

  async #acquire(typed = this.#parts.takeOver): Promise<void> {
    if (!this.#secret || this.#released.signal.aborted) return;
    const near = { ...this.#parts.near, signal: this.#released.signal };
    const { scope } = this.#parts;
    const session = await LockSession.open(near, this.#secret, this.#key).catch((error: unknown) => {
      throw unreachable(error, scope);
    });
    try {
      if (await session.take(this.#holder)) return await this.#won(session);
      const occupant = await session.occupant();
      const { holder } = occupant ?? {};
      // A session of this very run is what its earlier engine left: the kernel's lock of the run says that it is gone.
      const own = holder?.run === this.#parts.holder.run;
      if (typed !== undefined && !own && holder?.run !== typed) throw notTyped(occupant);
      const mayTake = typed !== undefined || own;
      if (occupant && holder && mayTake && (await session.seize(occupant, this.#holder))) {
        return await this.#won(session, own ? undefined : holder);
      }
      throw this.#refused(mayTake ? await session.occupant() : occupant);
    } catch (error) {
      await session.end();
      throw error instanceof Problem ? error : unreachable(error, scope);
    }
  }

  async #won(session: LockSession, from?: Holder): Promise<void> {
    const before = this.#since;
    this.#since = new Date().toISOString();
    if (!(await session.show(this.#holder))) {
      this.#since = before;
      throw forgetful(this.#parts.scope);
    }
    this.#session = session;
    const by = this.#parts.holder.operator;
    if (from) this.#parts.news.record({ type: 'lock.taken', scope: this.#parts.scope, from, by });
    else
      this.#parts.news.record({
        type: 'lock.held',
        scope: this.#parts.scope,
        ...(before === undefined ? {} : { again: true }),
        by,
      });
    void session.ended.then(() => this.#inTurn(() => this.#ended(session)));
  }

  /** The connection ended by itself: looks at once whether another has the lock now. */
  async #ended(session: LockSession): Promise<void> {
    if (this.#session !== session) return;
    await this.#drop(session);
    try {
      await this.#acquire();
      if (this.#session) this.#parts.news.tell(heldAgain());
    } catch (error) {
      this.#parts.news.tell(error as Problem);
    }
  }

  async #drop(session: LockSession): Promise<void> {
    this.#session = undefined;
    const by = this.#parts.holder.operator;
    this.#parts.news.record({ type: 'lock.away', scope: this.#parts.scope, by });
    await session.end();
  }

  /** The lock is another's. Who had it before has lost it for good; who had not may wait for it, or take it over. */
  #refused(occupant: Occupant | undefined): Problem {
    const { runbook, environment, scope } = this.#parts;
    if (this.#since === undefined) return held(`${basename(runbook)} in ${environment}`, scope, occupant);
    const to = occupant?.holder;
    const by = to?.operator ?? this.#parts.holder.operator;
    this.#parts.news.record({ type: 'lock.lost', scope: this.#parts.scope, ...(to ? { to } : {}), by });
    this.#lost = lost(occupant);
    return this.#lost;
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const mine = this.#turn.then(work);
    this.#turn = mine.catch(() => {});
    return mine;
  }
}

type LockPlace = SharedLockParts['scope'];

const PLACES: Readonly<Record<LockPlace, string>> = {
  database: 'the environment’s database',
  store: 'the team’s store',
};

/** How the URL of a direct host is given instead. */
const ENTER_DIRECT: Readonly<Record<LockPlace, string>> = {
  database: 'name a secret with the direct host in the runbook (lock:)',
  store: 'give TEJUN_STORE the direct host',
};

function held(what: string, scope: LockPlace, occupant: Occupant | undefined): Problem {
  const holder = occupant?.holder;
  return new Problem(
    {
      code: 'lock-held',
      what: `${what} is in use by ${whoIs(occupant)}.`,
      means: `Nothing was started: two at once would undo each other’s work. The lock is in ${PLACES[scope]}.`,
      next: [
        ...(holder
          ? [`watch that run, on ${holder.host}: tejun watch ${holder.run}`, `take it over: type its id, ${holder.run}`]
          : ['ask whoever uses that role']),
        'wait until it is sealed or suspended, then try again',
      ],
    },
    EXIT.refused,
  );
}

function lost(occupant: Occupant | undefined): Problem {
  return new Problem(
    {
      code: 'lock-lost',
      what: `The lock of this run was taken over by ${whoIs(occupant)}.`,
      means: 'A step that runs may end; this run starts no other.',
      next: ['speak with them', 'seal this run, or leave it: when it is resumed it asks for its lock again'],
    },
    EXIT.refused,
  );
}

function heldAgain(): Problem {
  return new Problem(
    {
      code: 'lock-again',
      what: 'The connection that holds the lock of this run broke off. The lock is held again.',
      means: 'For a moment nobody held it: another run could have changed something meanwhile.',
      next: ['look at the target before you go on'],
    },
    EXIT.refused,
  );
}

function unreachable(error: unknown, scope: LockPlace): Problem {
  // The server's own refusal tells that the URL is wrong; anything else may pass.
  if (error instanceof Problem && error.code === 'postgres-refused') return error;
  const server = serverError(error);
  const why = error instanceof Problem ? error.what : server ? `${server.message}.` : 'The connection broke off.';
  return new Problem(
    {
      code: 'lock-unreachable',
      what: `The lock of this run cannot be taken in ${PLACES[scope]}. ${why}`,
      means: 'Nobody took it over. No step that changes anything is started without it.',
      next: ['run the step again: the lock is tried first', 'do the step by hand, and say so (h)'],
    },
    EXIT.refused,
    { cause: error },
  );
}

function notTyped(occupant: Occupant | undefined): Problem {
  const run = occupant?.holder?.run;
  return new Problem(
    {
      code: 'lock-not-typed',
      what: `The lock is in use by ${whoIs(occupant)}; that run’s id was not typed.`,
      means: 'Nothing was taken over.',
      next: run === undefined ? ['ask whoever uses that role'] : [`type exactly: ${run}`],
    },
    EXIT.refused,
  );
}

function pooler(secret: string, host: string, direct: string, scope: LockPlace): Problem {
  return new Problem(
    {
      code: 'lock-pooler',
      what: `${secret} names a pooler, ${host}, which cannot carry this environment’s lock.`,
      means: 'A pooler lends its sessions from one statement to the next; a lock belongs to a session.',
      next: [`enter it with the direct host: ${direct}`, ENTER_DIRECT[scope]],
    },
    EXIT.refused,
  );
}

/** A pooler that does not look like one: the next statement came to another session. */
function forgetful(scope: LockPlace): Problem {
  return new Problem(
    {
      code: 'lock-pooler',
      what: `The lock was forgotten at once by ${PLACES[scope]}: there is a pooler before it.`,
      means: 'A pooler lends its sessions from one statement to the next; a lock belongs to a session.',
      next: [ENTER_DIRECT[scope]],
    },
    EXIT.refused,
  );
}

function whoIs(occupant: Occupant | undefined): string {
  if (!occupant) return 'another engine';
  const { holder, role, address, began } = occupant;
  return holder ? describeHolder(holder) : `a session of the role ${role} from ${address}, since ${began}`;
}
