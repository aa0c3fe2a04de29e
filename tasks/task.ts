import type { z } from 'zod';
import type { Exec } from '../src/exec/command.ts';
import type { Json } from '../src/journal/records.ts';
import type { ProblemDetail } from '../src/problem.ts';
import type { Effect, StepLanguage } from '../src/runbook/types.ts';
import type { Secret } from '../src/secrets/secret.ts';

/** What a task is given. A task never draws and never appends to the journal: it reports through this. */
export interface TaskContext {
  /** Runs a command where the step says (`on=`), in the step's environment; its lines go to the live tail by themselves. */
  exec: Exec;
  /** The step's environment variables (allow-listed host ones, and the run's values), without secrets. */
  env: Readonly<Record<string, string>>;
  /** Working directory: the operator's, or the rehearsal's copy of the project. */
  cwd: string;
  /** Every value and every capture so far. */
  values: Readonly<Record<string, string>>;
  /** Names of the secrets that this step may use: `secrets=` in order, then what its input names. */
  secretNames: readonly string[];
  /** A secret that the step names in `secrets=` or in its input; throws a `Problem` for any other. */
  secret(name: string): Secret;
  /** Hands a secret that this step brought forth to the vault and the redactor; for those declared with `from:`. */
  provide(secret: Secret): void;
  /** A line for the live tail and the step's output file (redacted on the way). */
  say(line: string): void;
  /** Live state for the screen while the step runs (e.g. machines and their release); not journaled. */
  progress(data: Json): void;
  /** Aborted when the operator stops the step or its timeout passes. */
  signal: AbortSignal;
  timeoutMs: number;
}

/** What a task found or did. It returns failures; it throws only for what stopped it from looking (a `Problem`). */
export interface TaskResult {
  outcome: 'passed' | 'failed';
  /** One line for the table, e.g. `v0.4.87 · ops@example.com`. */
  summary: string;
  /** For the journal, the checklist and the report; small (under 64 KiB). `capture=name=/pointer` reads it. */
  evidence?: Json;
  /** Exit code of the command, where the task is one command. */
  exit?: number;
  signal?: string;
  /** Output that `capture=name` and `expect=` read; the child's stdout where there is one. */
  text?: string;
  /** Required when failed: what it means and the remedy. */
  problem?: ProblemDetail;
}

/** A choice that an operator makes before a step runs, e.g. which release to go back to. */
export interface Choice {
  /** Name of the input field that the choice fills in. */
  field: string;
  options: readonly ChoiceOption[];
  /** Index of the one that is chosen when the operator just presses Enter. */
  suggested: number;
  /** What the step will not undo, or another warning to show beside the list. */
  warning?: ChoiceWarning;
}

export interface ChoiceOption {
  value: string;
  label: string;
  /** When it came about, ISO 8601: stands behind the label, in the runbook's time zone. */
  at?: string;
  /** Stands behind both. */
  more?: string;
  detail?: string;
}

/** Which of the warnings that every language has (locale), and what it names: what serves now, say. */
export interface ChoiceWarning {
  kind: 'fly-rollback' | 'render-rollback' | 'compose-rollback' | 'compose-prune' | 'backup-restore';
  now?: string;
}

/** A typed step's implementation (`yaml uses=fly/deploy`), or a language's (`bash`, `http`, `sql`, …). */
export interface Task<Input> {
  name: string;
  /** What the input must be; an unknown key is an error. */
  input: z.ZodType<Input>;
  /** The effect it has when the step does not say; a step cannot declare less than this. */
  effect: Effect;
  /** Where the effect depends on the input (an http step that POSTs writes): at least this, instead of `effect`. Pure. */
  effectOf?(input: Input): Effect;
  /** The exact commands or requests, as an operator would type them, with `$NAME` for secrets. Pure. */
  describe(input: Input): readonly string[];
  /** Names of secrets that the input asks for, beyond those in `secrets=`. Pure. */
  secrets?(input: Input): readonly string[];
  /** Its outcome says only that it could be read, as of a log: a person judges what it shows. */
  tells?: true;
  /** Options to offer before it runs; reads only. */
  choose?(input: Input, context: TaskContext): Promise<Choice>;
  run(input: Input, context: TaskContext): Promise<TaskResult>;
}

/** The input of a language's own task: the fence's body with the values put in (http, sql: see each). */
export interface ScriptInput {
  language: StepLanguage;
  body: string;
}

/** Erases the input's type, so that tasks of all kinds can stand in one table. */
// biome-ignore lint/suspicious/noExplicitAny: the registry's one heterogeneous table; each task parses its own input
export type AnyTask = Task<any>;
