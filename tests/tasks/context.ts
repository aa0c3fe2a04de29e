import type { Command, Exec } from '../../src/exec/command.ts';
import { createExec } from '../../src/exec/run.ts';
import type { Json } from '../../src/journal/records.ts';
import { Problem } from '../../src/problem.ts';
import { createRedactor } from '../../src/secrets/redactor.ts';
import { Secret } from '../../src/secrets/secret.ts';
import type { TaskContext } from '../../tasks/task.ts';

/** A task's context over real processes, and what the task did with it. */
export interface TestContext extends TaskContext {
  said: string[];
  reported: Json[];
  provided: Secret[];
  ran: Command[];
}

export interface Given {
  env?: Readonly<Record<string, string>>;
  cwd?: string;
  values?: Readonly<Record<string, string>>;
  secrets?: Readonly<Record<string, string>>;
  signal?: AbortSignal;
  timeoutMs?: number;
  exec?: Exec;
}

export function contextFor(given: Given = {}): TestContext {
  const redactor = createRedactor();
  const secrets = new Map(
    Object.entries(given.secrets ?? {}).map(([name, value]) => [name, new Secret(name, Buffer.from(value))]),
  );
  for (const secret of secrets.values()) redactor.register(secret);
  const values = given.values ?? {};
  const env = { ...values, PATH: process.env['PATH'] ?? '', ...given.env };
  const cwd = given.cwd ?? process.cwd();
  const exec = given.exec ?? createExec({ redactor, env, cwd, graceMs: 2000 });
  const signal = given.signal ?? new AbortController().signal;
  const context: TestContext = {
    said: [],
    reported: [],
    provided: [],
    ran: [],
    env,
    cwd,
    values,
    signal,
    timeoutMs: given.timeoutMs ?? 20_000,
    secretNames: [...secrets.keys()],
    secret(name) {
      const secret = secrets.get(name);
      if (!secret) throw new Problem({ code: 'secret-unavailable', what: `${name} is not there` });
      return secret;
    },
    exec(command, options = {}) {
      context.ran.push(command);
      return exec(command, {
        ...options,
        signal: options.signal ?? signal,
        onLine: (line, stream) => {
          if (!options.quiet) context.said.push(line);
          options.onLine?.(line, stream);
        },
      });
    },
    provide: (secret) => context.provided.push(secret),
    say: (line) => context.said.push(redactor.text(line)),
    progress: (data) => context.reported.push(data),
  };
  return context;
}

/** What a child that ended by itself leaves. */
export const ENDED = {
  code: 0,
  signal: null,
  stdout: '',
  stderr: '',
  timedOut: false,
  stopped: false,
  ms: 1,
  survivors: [],
} as const;
