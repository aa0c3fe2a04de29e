/** What a runbook document says, once parsed: plain data, no behaviour. The format is docs/runbook-format.md. */

export const STAGES = ['preflight', 'seed', 'deploy', 'verify', 'rollback', 'triage', 'remedy', 'routine'] as const;
export type Stage = (typeof STAGES)[number];

/** The guided path; the other stages are entered from the menu or with one key. */
export const GUIDED_STAGES = ['preflight', 'seed', 'deploy', 'verify'] as const satisfies readonly Stage[];

export const LANGUAGES = ['bash', 'sh', 'sql', 'http', 'python', 'yaml', 'manual'] as const;
export type StepLanguage = (typeof LANGUAGES)[number];

export const EFFECTS = ['read', 'write', 'destroy'] as const;
export type Effect = (typeof EFFECTS)[number];

export const GUARDS = ['open', 'confirm', 'typed', 'approve', 'sealed'] as const;
export type Guard = (typeof GUARDS)[number];

export const FLOWS = ['setup', 'redeploy', 'rollback', 'incident', 'routine'] as const;
export type Flow = (typeof FLOWS)[number];

/** How often a routine comes back. */
export const EVERY = ['day', 'week', 'month'] as const;
export type Every = (typeof EVERY)[number];

/** The environment that every runbook has without asking: this machine (design §8). */
export const REHEARSAL = 'rehearsal';

/** 1-based line and column in the runbook's file. */
export interface Position {
  line: number;
  column: number;
}

export interface Environment {
  name: string;
  guard: Guard;
  /** Why it is guarded so; required when sealed. */
  reason?: string;
  values: Readonly<Record<string, string>>;
  /** Name of the secret whose database carries the shared lock. */
  lock?: string;
  /** The platform's resources that steps may name here; any when absent. */
  resources?: readonly string[];
  position: Position;
}

/** An input of the runbook: asked for, or a constant when `ask` is absent. */
export interface ValueSpec {
  name: string;
  ask?: string;
  default?: string;
  /** A JavaScript regular expression that a value must match as a whole. */
  pattern?: string;
  choices?: readonly string[];
  position: Position;
}

/** How a secret can be checked without showing it. */
export interface SecretFormat {
  /** Allowed URL schemes, without `:`. */
  url?: readonly string[];
  forbidQuery?: readonly string[];
  requireQuery?: Readonly<Record<string, string>>;
  /** Base64 of exactly so many bytes. */
  base64?: number;
  /** Hexadecimal digits, at least so many bytes. */
  hex?: number;
  /** At least so many characters. */
  minLength?: number;
  /** At least so many bits of chance, estimated from above (`mostEntropyBits`). */
  minEntropy?: number;
  /** It may have several lines, as a PEM key has. */
  multiline?: boolean;
  pattern?: string;
}

export interface SecretSpec {
  name: string;
  ask: string;
  format?: SecretFormat;
  /** Only these environments need it; all when absent. */
  environments?: readonly string[];
  optional: boolean;
  /** Ids of the steps that yield it (e.g. a database attach); asked for only where the flow walks none of them. */
  from?: readonly string[];
  /** Name of another environment whose value must differ. */
  differsFrom?: string;
  position: Position;
}

/** Where a step's commands run. */
export type Place =
  | { kind: 'local' }
  | { kind: 'ssh'; host: string }
  | { kind: 'fly'; app: string }
  | { kind: 'compose'; service: string };

/** `capture=name` takes the step's whole output, trimmed; `name=/json/pointer` a part of its JSON evidence or output. */
export interface Capture {
  name: string;
  pointer?: string;
}

export interface Retry {
  times: number;
  delayMs: number;
}

export interface Step {
  id: string;
  /** The attribute `title`, else the nearest heading. */
  title: string;
  stage: Stage;
  language: StepLanguage;
  /** The task that runs it: `fly/deploy` for typed steps, else the language's own task (`bash`, `http`, `sql`, …). */
  uses: string;
  effect: Effect;
  /** Set when the document says the effect; else it is the stage's, and a typed step takes its task's. */
  effectSaid?: boolean;
  on: Place;
  timeoutMs: number;
  retry?: Retry;
  budget?: number;
  /** Text that the output must contain. */
  expect?: string;
  /** Exit codes that count as success; `[0]` when absent in the document. */
  exit: readonly number[];
  capture: readonly Capture[];
  needs: readonly string[];
  undo?: string;
  probe?: string;
  /** `name` (value not empty), `name=value`, or `env=NAME`. */
  when?: string;
  /** How often its routine, all steps under its nearest heading, comes back. */
  every?: Every;
  secrets: readonly string[];
  /** `suppress` keeps the output off the screen and out of the journal. */
  output: 'keep' | 'suppress';
  /** The fence's text as written. */
  body: string;
  /** Of plain Markdown: what stands in the body for a value, by its text; the plan puts the value in its place. */
  placeholders?: Readonly<Record<string, string>>;
  /** For `yaml uses=…`: the parsed input, before values are put in. */
  input?: unknown;
  /** Headings above the fence, outermost first. */
  headings: readonly string[];
  /** The Markdown prose between the previous fence or heading and this fence. */
  prose: string;
  position: Position;
}

export interface ChecklistItem {
  /** Stable within the document: `item-1`, `item-2`, … in order. */
  id: string;
  /** Without the `{…}` binding. */
  text: string;
  /** The steps that prove it; empty when a person attests it. */
  steps: readonly string[];
  position: Position;
}

export interface Runbook {
  /** Path as given, for messages. */
  file: string;
  /** SHA-256 of the file's bytes, lower-case hex. */
  digest: string;
  title: string;
  language: string;
  /** IANA name; times are shown, and "today" is decided, in it. */
  timezone: string;
  environments: Readonly<Record<string, Environment>>;
  values: Readonly<Record<string, ValueSpec>>;
  secrets: Readonly<Record<string, SecretSpec>>;
  steps: readonly Step[];
  checklist: readonly ChecklistItem[];
}
