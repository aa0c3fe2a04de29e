import type { Readable } from 'node:stream';

/** One call of flyctl, as its stand-in hands it to the platform: the words are already checked against the table. */
export interface Call {
  /** Canonical path, e.g. `secrets set`. */
  command: string;
  /** `fly` or `flyctl`, as it was started. */
  program: string;
  flags: Readonly<Record<string, readonly string[]>>;
  args: readonly string[];
  cwd: string;
  /** From `-a`, `FLY_APP` or the configuration, in that order. */
  app?: string;
  config?: { path: string; text: string };
  token?: string;
  /** Standard input of a command that reads all of it. */
  input?: Buffer;
  /** Standard input of `ssh console`, as it comes. */
  stdin: Readable;
  /** Aborted when flyctl is gone. */
  signal: AbortSignal;
  out(text: string): void;
  err(text: string): void;
}

/** The part of a call that work needs which may also be done without one. */
export type Voice = Pick<Call, 'out' | 'err' | 'signal'>;

/** An error as flyctl reports it: `Error: message` on standard error, then the suggestion. */
export class FlyError extends Error {
  readonly suggestion: string | undefined;
  readonly exit: number;
  constructor(message: string, detail: { suggestion?: string; exit?: number } = {}) {
    super(message);
    this.suggestion = detail.suggestion;
    this.exit = detail.exit ?? 1;
  }
}

/** The last value of a flag. */
export function flag(call: Call, name: string): string | undefined {
  return call.flags[name]?.at(-1);
}

/** Whether a switch is on. */
export function isSet(call: Call, name: string, fallback = false): boolean {
  const value = flag(call, name);
  return value === undefined ? fallback : /^(1|t|true)$/i.test(value);
}

/** The app that the call is about; the table says which commands cannot do without one. */
export function appName(call: Call): string {
  if (call.app) return call.app;
  throw new FlyError(
    'the config for your app is missing an app name, add an app field to the fly.toml file or specify with the -a flag',
  );
}
