import type { PlannedStep } from '../src/engine/plan.ts';
import type { StartNews } from '../src/engine/start-news.ts';
import type { Intent } from '../src/link/messages.ts';
import type { Locale, Messages } from '../src/locale/types.ts';
import type { ProblemDetail, WrittenProblem } from '../src/problem.ts';
import type { Flow } from '../src/runbook/types.ts';
import type { Colors } from './colors.ts';
import type { DrillCard, RunbookCard, RunCard, StartChoice } from './desk.ts';
import type { Glyphs } from './glyphs.ts';
import type { Draft } from './moves/editor.ts';
import type { Session } from './session.ts';

/** Something to type into: its text and, where it was refused, why. */
export interface Field {
  text: string;
  wrong?: string;
}

/** What lies over a screen and takes the keys. */
export type Overlay =
  | { kind: 'help'; scroll: number }
  | { kind: 'quit'; cursor: number }
  | {
      kind: 'problem';
      problems: readonly WrittenProblem[];
      scroll: number;
      /** Nothing has failed: something should be known. */
      warning?: true;
      /** Leave with this exit code when closed. */
      exit?: number;
    }
  | { kind: 'output'; step: string /** Lines up from the newest. */; scroll: number }
  | { kind: 'details'; step: string; scroll: number }
  /** `scroll` counts lines up from the newest; `since` is the `seq` of the record from which on it is told. */
  | { kind: 'timeline'; scroll: number; since?: number }
  | { kind: 'write'; about: Writing; field: Field }
  /** The command of a step, being changed before it runs. */
  | { kind: 'edit'; step: string; draft: Draft; wrong?: 'empty' }
  | { kind: 'sure'; about: Sure; yes: boolean }
  | {
      kind: 'destroy';
      step: string;
      /** What has to be typed. */
      name: string;
      field: Field;
      /** Chosen before, for the run that follows. */
      inputs?: Readonly<Record<string, Readonly<Record<string, string>>>>;
    }
  /** Another run holds the lock: it can be left to it, or taken over by its id. `start` is the start that met the lock. */
  | { kind: 'takeOver'; problem: ProblemDetail; field: Field; start?: StartChoice };

/** What a line of text is written for. */
export type Writing =
  | { kind: 'skip' | 'by-hand' | 'attest'; step: string }
  | { kind: 'note' }
  | { kind: 'incident-over' }
  | { kind: 'done' | 'not-applicable' | 'not-done'; item: string };

/** What a `y` and then Enter confirms. */
export type Sure =
  | { kind: 'rollback'; step: string; value?: { field: string; value: string; label: string } }
  | { kind: 'seal'; open: number };

/** The questions of the environment screen, in order. */
export type SetupPart = 'section' | 'environment' | 'drill' | 'values';

/** The way back; one remedy; or the secrets that the checks of an incident lack. */
export type Detour = { to: 'rollback' } | { to: 'remedy'; step: string } | { to: 'secrets' };

export interface UiState {
  /** Before there is a run. */
  home: { cursor: number; runbook?: string; flow: number };
  setup?: {
    runbook: string;
    flow: Flow;
    part: SetupPart;
    /** The heading that is walked, of a flow of which one part is walked at a time. */
    section?: string;
    cursor: number;
    environment?: string;
    drill?: string;
    field: number;
    fields: Readonly<Record<string, Field>>;
  };
  starting?: { news: readonly StartNews[] };
  /** Looks on: the run is shown as it goes, and nothing can be asked of it. */
  watching?: boolean;
  /** In a run: the leg that is shown; undefined until the operator moves, then where the run stands. */
  leg?: number;
  /** A way beside the path that was opened with one key; Esc comes back from it. */
  detour?: Detour;
  /** What is wrong is asked: an incident is about to be opened, or another symptom to be looked at. */
  asksSymptom: boolean;
  /** A symptom was chosen: its checks begin when the journal has it, and nothing else runs. */
  look?: { symptom?: string };
  cursor: number;
  /** Commands that the operator changed, by step: what runs in the place of the runbook's own. */
  edits?: Readonly<Record<string, string>>;
  /** Which option of a choice; undefined until the cursor is moved from the suggested one. */
  option?: number;
  secret: {
    /** Whether something was entered; never what, nor how much. */
    entered: boolean;
    notice?: SecretNotice;
    /** Some of it was typed by hand: a slip of a finger is possible. */
    byHand?: boolean;
    /** It was entered once, and has to be entered again to be sure of it. */
    again?: boolean;
    /** Handed to the engine, which has not answered yet: nothing that is typed now belongs anywhere. */
    sent?: boolean;
    leftOut: readonly string[];
  };
  guard: { yes: boolean; field: Field };
  /** The rollback step whose options were asked for. */
  choosing?: string;
  /** What was asked of the engine and has not begun yet, so that a second Enter does not ask again. */
  asked?: { at: number; seq: number; steps: Readonly<Record<string, number>> };
  /** Keys came before the question was drawn and were thrown away. */
  tooEarly: boolean;
  overlay?: Overlay;
}

export type SecretNotice =
  | 'newline-dropped'
  | 'lines-refused'
  | 'control-refused'
  | 'paste-cut'
  | 'differs'
  | 'too-early'
  | 'cleared';

export const FIRST_UI: UiState = {
  home: { cursor: 0, flow: 0 },
  asksSymptom: false,
  cursor: 0,
  secret: { entered: false, leftOut: [] },
  guard: { yes: false, field: { text: '' } },
  tooEarly: false,
};

/** Everything that a screen is drawn from. */
export interface Model {
  ui: UiState;
  /** What the desk said; undefined until it answered. */
  front: { runbooks?: readonly RunbookCard[]; runs?: readonly RunCard[]; drills: readonly DrillCard[] };
  session: Session | undefined;
  messages: Messages;
  locale: Locale;
  glyphs: Glyphs;
  colors: Colors;
  /** Columns and rows that may be drawn on. */
  width: number;
  rows: number;
  /** Milliseconds since 1970, for elapsed times. */
  now: number;
}

/** What a key asks of the world outside the screens. */
export type Effect =
  | { kind: 'intent'; intent: Intent }
  | { kind: 'start'; choice: StartChoice }
  | { kind: 'attach'; run: string; watch?: boolean }
  | { kind: 'secret'; do: 'append'; text: string }
  /** `hold`: what was entered is kept, to be compared with what is entered next. */
  | { kind: 'secret'; do: 'backspace' | 'clear' | 'hold' }
  | { kind: 'secret'; do: 'send'; name: string }
  | { kind: 'exit'; exit: number };

/** What a key does: the state after it, and what it asks for. */
export interface Turn {
  ui: UiState;
  effects: readonly Effect[];
}

export function turn(ui: UiState, ...effects: readonly Effect[]): Turn {
  return { ui, effects };
}

export function leaveDetour({ detour: _, ...ui }: UiState): UiState {
  return { ...ui, cursor: 0 };
}

export function closeOverlay({ overlay: _, ...ui }: UiState): UiState {
  return ui;
}

/** The text that a step runs when it is asked to: as it was changed here or when it last ran, else the runbook's own. */
export function textOf({ ui, session }: Pick<Model, 'ui' | 'session'>, { id, body }: PlannedStep): string {
  return ui.edits?.[id] ?? session?.state.steps[id]?.edited ?? body;
}

/** The texts that are not the runbook's own, by step; undefined when all are. */
function editsOf({ ui, session }: Model, ids: readonly string[]): Readonly<Record<string, string>> | undefined {
  const steps = session?.plan.steps.filter(({ id }) => ids.includes(id)) ?? [];
  const changed = steps.map((step) => [step, textOf({ ui, session }, step)] as const);
  const edited = changed.filter(([{ body }, text]) => text !== body).map(([{ id }, text]) => [id, text] as const);
  return edited.length === 0 ? undefined : Object.fromEntries(edited);
}

/** Asks the engine to run steps, and remembers it until they have begun. */
export function askToRun(
  model: Model,
  steps: readonly string[],
  extra: Pick<Extract<Intent, { kind: 'run' }>, 'inputs' | 'typed'> = {},
): Turn {
  const { ui, session, now } = model;
  const edited = editsOf(model, steps);
  const attempts = steps.map((id) => [id, session?.state.steps[id]?.attempts ?? 0] as const);
  return turn(
    { ...closeOverlay(ui), asked: { at: now, seq: session?.state.seq ?? -1, steps: Object.fromEntries(attempts) } },
    { kind: 'intent', intent: { kind: 'run', steps, ...(edited ? { edited } : {}), ...extra } },
  );
}

/** How long an unanswered request keeps the next one back. */
const PATIENCE_MS = 3000;

/**
 * Whether the engine is at work for us: a step runs, or steps that were asked for have not begun. A key that would run
 * something is not taken meanwhile.
 */
export function isBusy({ ui, session, now }: Pick<Model, 'ui' | 'session' | 'now'>): boolean {
  if (!session) return false;
  if (session.state.running.length > 0) return true;
  const { asked } = ui;
  if (!asked) return false;
  const quiet = session.state.seq === asked.seq && now - asked.at > PATIENCE_MS;
  return !quiet && Object.keys(asked.steps).length > 0;
}

/** What is still awaited of a request, after news from the engine. Pure. */
export function stillAsked(asked: UiState['asked'], session: Session): UiState['asked'] {
  if (!asked || session.refused) return undefined;
  const ended = Object.entries(asked.steps).map(([id, before]) => {
    const step = session.state.steps[id];
    if (!step || step.attempts <= before || step.status === 'running') return 'no';
    return step.status === 'passed' ? 'passed' : 'failed';
  });
  const over = ended.every((end) => end !== 'no') || (ended.includes('failed') && session.state.running.length === 0);
  return over ? undefined : asked;
}
