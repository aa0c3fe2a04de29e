import type { StartNews } from '../src/engine/start-news.ts';
import type { EngineMessage, ScreenEnd } from '../src/link/messages.ts';
import { type Locale, localeOf, MESSAGES } from '../src/locale/index.ts';
import { EXIT, Problem, type ProblemDetail, type WrittenProblem } from '../src/problem.ts';
import { type Flow, REHEARSAL } from '../src/runbook/types.ts';
import type { Desk, RunbookCard, StartChoice } from './desk.ts';
import type { Place } from './key-table.ts';
import type { KeyPress } from './keyboard/keys.ts';
import { drawingArea } from './layout/frame.ts';
import { beginSetup, chosenRunbook, environmentsOf } from './moves/home.ts';
import { emptied } from './moves/secrets.ts';
import { drillsOf } from './moves/setup.ts';
import { followUp, hear, lose } from './news.ts';
import { Pace } from './pace.ts';
import { press } from './press.ts';
import { placeOf, questionOf } from './route.ts';
import { SecretDraft } from './secret-draft.ts';
import type { Effect, Model } from './ui-state.ts';

/** Where the screens begin, when the command line says so. */
export type Initial =
  | { runbook?: string; environment?: string; flow?: Flow; drill?: string }
  | { attach: string; watch?: boolean };

export interface LoopParts {
  desk: Desk;
  /** Draws a model; answers with `Loop.drawn` once it is on the terminal. */
  draw(model: Model): void;
  first: Model;
  /** The operator's own language; without one the runbook's is spoken. */
  locale?: Locale | undefined;
  now(): number;
  /** How long a question is on the terminal before a key may answer it; 0 where a question waits for its own answer. */
  seenAfterMs?: number;
  /** Called once, with the exit code and the last model. */
  end(exit: number, last: Model): void;
}

/** Places where half of an answer would be left, of which the beginning was thrown away. */
const TYPED_INTO: ReadonlySet<Place> = new Set(['values', 'write', 'edit', 'destroy', 'takeOver', 'guard']);

/**
 * The one place where the model changes. Keys, the engine's messages and the desk's answers come in one after another;
 * what they ask of the world is done here, and the new model is drawn.
 */
export class Loop {
  readonly #parts: LoopParts;
  #model: Model;
  #end: ScreenEnd | undefined;
  #drawn: { question: string; at: number } | undefined;
  #over = false;
  #lazy: NodeJS.Timeout | undefined;
  readonly #pace = new Pace();
  #clock: NodeJS.Timeout | undefined;
  readonly #draft = new SecretDraft();

  constructor(parts: LoopParts) {
    this.#parts = parts;
    this.#model = parts.first;
  }

  get model(): Model {
    return this.#model;
  }

  /** Asks the desk what there is, and goes where the command line said. */
  start(initial: Initial | undefined): void {
    if (initial && 'attach' in initial) {
      const { attach: run, watch = false } = initial;
      this.#change({ ...this.#model, ui: { ...this.#model.ui, starting: { news: [] }, watching: watch } });
      this.#perform({ kind: 'attach', run, watch });
      return;
    }
    this.#show();
    void this.#load(initial);
  }

  /** What was asked is on the terminal now: keys may answer it. */
  drawn(question: string): void {
    if (this.#drawn?.question !== question) this.#drawn = { question, at: performance.now() };
  }

  /** So many bytes of a drawing went to the terminal. */
  sent(bytes: number): void {
    this.#pace.sent(bytes, performance.now());
  }

  /**
   * Whether the question that stands can have been seen. That it was drawn is not enough: a second Enter in the same chunk as the
   * first would answer what that one brought up, where the drawing in between was fast, or the host slow.
   */
  #seen(): boolean {
    const { seenAfterMs = 0 } = this.#parts;
    const { question, at } = this.#drawn ?? {};
    return question === questionOf(this.#model) && performance.now() - (at ?? 0) >= seenAfterMs;
  }

  press(key: KeyPress): void {
    if (this.#over) return;
    this.#model = { ...this.#model, now: this.#parts.now() };
    // Ctrl-C is a way out of any question, drawn or not.
    const free = key.kind === 'key' && key.name === 'ctrl+c';
    if (!free && !this.#seen()) {
      this.#tooEarly(key);
      return;
    }
    const { ui, effects } = press(this.#model, key);
    this.#change({ ...this.#model, ui: { ...ui, tooEarly: false } }, effects);
  }

  resize(columns: number, rows: number): void {
    if (!this.#over) this.#change({ ...this.#model, ...drawingArea(columns, rows) });
  }

  /** Ends from outside: a signal, or a terminal that went away. */
  leave(exit: number): void {
    if (this.#over) return;
    this.#over = true;
    clearTimeout(this.#lazy);
    clearInterval(this.#clock);
    this.#draft.clear();
    this.#end?.close();
    this.#parts.end(exit, this.#model);
  }

  /** Keys that came before their question throw a half-typed answer away too, and say so where one is typed. */
  #tooEarly(key: KeyPress): void {
    const place = placeOf(this.#model);
    const { ui } = this.#model;
    if (key.kind === 'key' && key.text === undefined) return;
    const model = this.#model;
    if (place === 'secrets') {
      // What was sent is on its way; it is not asked for again because of what came behind it.
      if (!ui.secret.sent) this.#draft.clear();
      const early = ui.secret.sent
        ? { ...ui, secret: { ...ui.secret, notice: 'too-early' as const } }
        : emptied(ui, 'too-early');
      this.#refuse({ ...model, ui: early });
    } else if (TYPED_INTO.has(place)) this.#refuse({ ...model, ui: { ...ui, tooEarly: true } });
  }

  /** Shows that keys were thrown away. What follows in the same breath is too, whatever question stands now: it is drawn anew first. */
  #refuse(model: Model): void {
    this.#drawn = undefined;
    this.#change(model);
  }

  #change(model: Model, effects: readonly Effect[] = [], lazy = false): void {
    const asked = followUp(this.#speaking(model));
    this.#model = asked.model;
    if (lazy) this.#showSoon();
    else this.#show();
    for (const effect of [...effects, ...asked.effects]) this.#perform(effect);
  }

  /** Draws when it is time; the clock and the output of a step share one drawing. */
  #showSoon(): void {
    const wait = () => this.#pace.wait(performance.now());
    this.#lazy ??= setTimeout(() => {
      this.#lazy = undefined;
      // A drawing is sent a little after it was asked for: what it cost is known only now.
      if (wait() > 0) this.#showSoon();
      else this.#show();
    }, wait());
  }

  #show(): void {
    if (this.#over) return;
    clearTimeout(this.#lazy);
    this.#lazy = undefined;
    this.#pace.shown(performance.now());
    this.#model = { ...this.#model, now: this.#parts.now() };
    this.#parts.draw(this.#model);
    this.#tick();
  }

  /** A clock runs on the screen only while a step runs; a screen that waits sends nothing. */
  #tick(): void {
    const running = (this.#model.session?.state.running.length ?? 0) > 0;
    if (running && !this.#clock) this.#clock = setInterval(() => this.#showSoon(), 1000);
    if (!running && this.#clock) {
      clearInterval(this.#clock);
      this.#clock = undefined;
    }
  }

  #speaking(model: Model): Model {
    const own = model.session?.plan.runbook.language ?? chosenRunbook(model)?.language;
    const locale = this.#parts.locale ?? localeOf(own) ?? 'en';
    return locale === model.locale ? model : { ...model, locale, messages: MESSAGES[locale] };
  }

  #perform(effect: Effect): void {
    if (this.#over) return;
    switch (effect.kind) {
      case 'intent':
        this.#end?.send(effect.intent);
        return;
      case 'start':
        void this.#attach(() => this.#parts.desk.start(effect.choice, (news) => this.#said(news)), effect.choice);
        return;
      case 'attach':
        void this.#attach(() => this.#parts.desk[effect.watch ? 'watch' : 'attach'](effect.run));
        return;
      case 'exit':
        this.leave(effect.exit);
        return;
      case 'secret':
        this.#type(effect);
    }
  }

  #type(effect: Extract<Effect, { kind: 'secret' }>): void {
    switch (effect.do) {
      case 'append':
        this.#draft.append(effect.text);
        return;
      case 'clear':
        this.#draft.clear();
        return;
      case 'hold':
        this.#draft.hold();
        return;
      case 'send':
        if (!this.#draft.agrees) {
          this.#draft.clear();
          this.#change({ ...this.#model, ui: emptied(this.#model.ui, 'differs') });
          return;
        }
        this.#end?.send({ kind: 'secret', name: effect.name, source: 'typed', bytes: this.#draft.take() });
        return;
      case 'backspace': {
        this.#draft.backspace();
        const { ui } = this.#model;
        if (this.#draft.empty && ui.secret.entered) {
          const { byHand: _, ...secret } = ui.secret;
          this.#change({ ...this.#model, ui: { ...ui, secret: { ...secret, entered: false, notice: 'cleared' } } });
        }
      }
    }
  }

  #said(news: StartNews): void {
    const { ui } = this.#model;
    if (ui.starting) {
      this.#change({ ...this.#model, ui: { ...ui, starting: { news: [...ui.starting.news, news] } } });
    }
  }

  async #attach(open: () => Promise<ScreenEnd>, start?: StartChoice): Promise<void> {
    try {
      const end = await open();
      if (this.#over) return end.close();
      this.#end = end;
      end.onClose(() => this.#lost());
      end.onMessage((message) => this.#hear(message));
    } catch (error) {
      const { starting: _, ...ui } = this.#model.ui;
      this.#change({ ...this.#model, ui });
      this.#fail(error, start);
    }
  }

  #hear(message: EngineMessage): void {
    if (this.#over) return;
    const { model, effects } = hear(this.#model, message);
    // What a step prints passes by, and so does its record while others run; what they end with, and what is refused, is shown at once.
    const running = (model.session?.state.running.length ?? 0) > 0;
    const passing = message.kind === 'line' || message.kind === 'progress' || (message.kind === 'record' && running);
    this.#change(model, effects, passing || model.session?.caughtUp === false);
  }

  #lost(): void {
    if (this.#over) return;
    const { messages, session } = this.#model;
    const { lost, lostMeans, resume } = messages.problem;
    const problem: WrittenProblem = {
      what: lost,
      means: lostMeans,
      next: session ? [resume(session.run)] : [],
    };
    this.#change(lose(this.#model, problem));
  }

  async #load(initial: Exclude<Initial, { attach: string }> | undefined): Promise<void> {
    try {
      const [runbooks, runs] = await Promise.all([this.#parts.desk.runbooks(), this.#parts.desk.runs()]);
      if (this.#over) return;
      const model = { ...this.#model, front: { ...this.#model.front, runbooks, runs } };
      const card = runbooks.find(({ file }) => file === initial?.runbook);
      this.#change(card ? goTo(model, card, initial) : model);
    } catch (error) {
      this.#change({ ...this.#model, front: { ...this.#model.front, runbooks: [], runs: [] } });
      this.#fail(error);
    }
  }

  /** Shows an expected failure; anything else is a fault of tejun and ends the screens. A start whose place is held may take it. */
  #fail(error: unknown, start?: StartChoice): void {
    if (this.#over) return;
    if (start && error instanceof Problem && error.holder) {
      const overlay = { kind: 'takeOver', problem: error.detail, field: { text: '' }, start } as const;
      this.#change({ ...this.#model, ui: { ...this.#model.ui, overlay } });
      return;
    }
    const problem: ProblemDetail =
      error instanceof Problem
        ? error.detail
        : { code: 'fault', what: error instanceof Error ? error.message : String(error) };
    const exit = error instanceof Problem ? undefined : EXIT.bug;
    const overlay = {
      kind: 'problem',
      problems: [problem],
      scroll: 0,
      ...(exit === undefined ? {} : { exit }),
    } as const;
    this.#change({ ...this.#model, ui: { ...this.#model.ui, overlay } });
  }
}

/** Opens the screen that asks the first thing that the command line left open. */
function goTo(
  model: Model,
  card: RunbookCard,
  { flow, environment, drill }: Exclude<Initial, { attach: string }> = {},
): Model {
  const { ui } = model;
  if (card.problems.length > 0) {
    return { ...model, ui: { ...ui, overlay: { kind: 'problem', problems: card.problems, scroll: 0 } } };
  }
  const chosen = { ...ui, home: { ...ui.home, runbook: card.file } };
  if (flow === undefined || !card.flows.includes(flow)) return { ...model, ui: chosen };
  const setup = beginSetup(chosen, card, flow);
  const cursor = environmentsOf(card).findIndex(({ name }) => name === environment);
  if (cursor < 0 || !setup.setup || setup.setup.part === 'section') return { ...model, ui: setup };
  const at = drillsOf(model, setup.setup).findIndex(({ name }) => name === drill);
  // A drill that was named is offered with the cursor on it: one Enter takes it, and Esc still goes back.
  const place = at < 0 ? { cursor } : { environment: REHEARSAL, part: 'drill' as const, cursor: at + 1 };
  return { ...model, ui: { ...setup, setup: { ...setup.setup, ...place } } };
}
