import type { Secret } from '../secrets/secret.ts';

/** A command as plain data. `args` are strings: a `Secret` cannot become an argv element by type (design §6). */
export interface Command {
  file: string;
  args: readonly string[];
  /** Added to the step's environment; a secret reaches this one child only. */
  env?: Readonly<Record<string, string | Secret>>;
  /** Written to standard input, which is then closed; no input at all when absent. */
  stdin?: string | Secret;
  cwd?: string;
  /** Ends the whole process tree when it passes: TERM, then KILL after `GRACE_MS`. */
  timeoutMs?: number;
  /**
   * The program prints a secret of this name (`fly postgres attach` prints a URL with its password). Standard output is then
   * neither streamed nor stored; standard error is held until the program has ended, what `find` finds in either was
   * registered with the redactor, and nothing of it can be shown any more.
   */
  prints?: { secret: string; find: FindSecret };
}

/** Finds a secret in raw output and gives it as one of its own, under `name`; undefined when there is none. */
export type FindSecret = (output: Secret, name: string, stream: 'stdout' | 'stderr') => Secret | undefined;

/** What a child did. `stdout` and `stderr` are redacted, free of control sequences, and bounded to their last part. */
export interface Exit {
  code: number | null;
  signal: string | null;
  stdout: string;
  stderr: string;
  /** What `Command.prints` found, on standard output before standard error; the caller wipes it. */
  secret?: Secret;
  timedOut: boolean;
  /** Cut short because the operator stopped the step. */
  stopped: boolean;
  ms: number;
  /** Processes of the tree that outlived the KILL, by id. */
  survivors: readonly number[];
}

export interface ExecOptions {
  signal?: AbortSignal;
  /** Keeps its lines off the live tail and out of the step's output file: for polls whose JSON nobody reads. */
  quiet?: boolean;
  /** Called for each complete line of either stream, redacted and free of control sequences, in order. */
  onLine?: (line: string, stream: 'stdout' | 'stderr') => void;
}

/** Runs commands; the one door to child processes. Rejects with a `Problem` when the program cannot be started. */
export type Exec = (command: Command, options?: ExecOptions) => Promise<Exit>;

/** Time between TERM and KILL. */
export const GRACE_MS = 10_000;
