/**
 * What a platform of the rehearsal (compose, Render, Neon, GitHub, …) gives to the process that acts all of them out. Each
 * lives in its own folder and is named in platforms.ts; the real PostgreSQL, Redis and the record of effects are shared.
 */
import type { Readable } from 'node:stream';
import type { Json } from '../journal/records.ts';
import type { Database } from './database.ts';
import type { Effects } from './effects.ts';
import type { Order } from './order.ts';
import type { Redis } from './redis.ts';

/** What a platform stands on. */
export interface Ground {
  order: Order;
  /** The rehearsal's directory; a platform keeps its files in a folder of its own name. */
  world: string;
  /** The steps' working directory: the operator's project. */
  project: string;
  database: Database;
  redis: Redis;
  effects: Effects;
  /** Notes a process that was started, so that it is stopped even when this one is killed. */
  record(pid: number, what: string): void;
  /** Aborted when the rehearsal ends. */
  leaving: AbortSignal;
}

/** A call of one of a platform's programs (`docker compose ps …`) by a step. */
export interface ProgramCall {
  program: string;
  args: readonly string[];
  cwd: string;
  /** The caller's environment, without PATH. */
  env: Readonly<Record<string, string>>;
  stdin: Readable;
  /** Aborted when the caller is gone. */
  signal: AbortSignal;
  out(text: string | Uint8Array): void;
  err(text: string | Uint8Array): void;
}

/** A platform that was started. */
export interface StandIn {
  /** Its programs by name, put first on the steps' PATH. Each gives the exit code. */
  programs?: Readonly<Record<string, (call: ProgramCall) => Promise<number>>>;
  /** Loopback origins by public host, e.g. `api.render.com`: values that are URLs of these hosts are pointed here. */
  origins?: Readonly<Record<string, string>>;
  /** Added to the steps' environment, e.g. an API's address and a token. */
  env?: Readonly<Record<string, string>>;
  /** The rehearsal's own values of secrets, by name. */
  secrets?: Readonly<Record<string, string>>;
  /** For the journal's `platform.ready`; no secrets. */
  details?: Readonly<Record<string, string>>;
  /** Told when the apps and their data are there, as the operator finds them. */
  populated?(): Promise<void>;
  /** Answers a test's question about what was really done; see `askPlatform` in control.ts. */
  ask?(question: string, given: Json): Json;
  stop(): Promise<void>;
}

/** A platform as platforms.ts names it. */
export interface StandInKind {
  name: string;
  /** Whether the steps of a runbook need it: by their tasks (`compose/…`) or the programs that their scripts call. */
  needed(uses: readonly string[], bodies: readonly string[]): boolean;
  start(ground: Ground): Promise<StandIn>;
}
