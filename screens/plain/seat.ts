import { escapeTimeout, type KeyPress, openKeyboard } from '../keyboard/keys.ts';
import { printable } from '../layout/text.ts';
import type { Loop } from '../loop.ts';
import { questionOf } from '../route.ts';
import type { Session } from '../session.ts';
import type { Model, SecretNotice } from '../ui-state.ts';
import { type Ask, keyOf, type Option } from './ask.ts';
import { changes, signsOfLife } from './changes.ts';
import type { Gate } from './gate.ts';
import { askLine } from './prompt.ts';
import { questionFor } from './questions.ts';

export interface SeatParts {
  gate: Gate;
  /** Writes plain text to the terminal. */
  write(text: string): void;
  env: Readonly<Record<string, string | undefined>>;
  /** Milliseconds between two signs of life while a step runs. */
  heartbeatMs: number;
}

/** How long an answer of the engine is waited for. */
const ANSWER_MS = 500;

/** A line that stands for going back, where letters are text. */
const BACK = '<';

/**
 * The operator's seat without a screen: says what has happened, asks one question after the other, and gives each answer
 * to the loop as the keys that would be pressed on the screens. Nothing is drawn again.
 */
export class PlainSeat {
  readonly #parts: SeatParts;
  #model: Model;
  #heard: Session | undefined;
  #told = '';
  #withdraw: AbortController | undefined;
  #asked = '';
  #wake: () => void = () => {};
  /** The last record when the engine was asked for something that it has not answered yet. */
  #awaited: number | undefined;
  #over = false;

  constructor(first: Model, parts: SeatParts) {
    this.#model = first;
    this.#parts = parts;
  }

  /** Takes the model after something has happened. */
  draw(model: Model): void {
    const news = changes(this.#heard, model);
    // News does not run into the line of an open question, which is asked again below it.
    if (this.#withdraw && news.length > 0) this.#parts.write('\n');
    for (const line of news) this.#say(line);
    this.#heard = model.session;
    this.#model = model;
    if (model.session?.state.seq !== this.#awaited || model.session?.refused) this.#awaited = undefined;
    if (news.length > 0 || questionOf(model) !== this.#asked) this.#withdraw?.abort();
    this.#wake();
  }

  /** Takes notice of what is asked of the engine. */
  sent(): void {
    this.#awaited = this.#model.session?.state.seq;
  }

  /** Asks until the loop is over. */
  async run(loop: Loop): Promise<void> {
    const beat = setInterval(() => this.#beat(), this.#parts.heartbeatMs);
    try {
      while (!this.#over) await this.#turn(loop);
    } finally {
      clearInterval(beat);
    }
  }

  /** Asks nothing more. */
  end(): void {
    this.#over = true;
    this.#withdraw?.abort();
    this.#wake();
  }

  async #turn(loop: Loop): Promise<void> {
    const { tell, ask } = questionFor(this.#model);
    this.#tell(tell);
    if (ask.kind === 'wait') return this.#changed();
    this.#asked = questionOf(this.#model);
    loop.drawn(this.#asked);
    if (ask.kind === 'secret') return this.#readSecret(loop);
    const keys = ask.kind === 'go' ? ask.keys : ask.kind === 'text' ? await this.#text(ask) : await this.#answer(ask);
    this.#awaited = undefined;
    for (const key of keys) loop.press(key);
    await this.#settled();
    // A repeated question is told anew: something was said or done in between.
    this.#told = '';
  }

  /** The keys that an answer is worth; none when the question was withdrawn, or is to be asked again. */
  async #answer(ask: Extract<Ask, { kind: 'choose' | 'line' }>): Promise<readonly KeyPress[]> {
    if (ask.kind === 'choose') return this.#choose(ask);
    const { messages } = this.#model;
    const wrong = (text: string) => (text === BACK ? undefined : ask.wrong(text));
    const entered = await this.#line(`${ask.title} ${messages.plain.back(BACK)}:`, wrong);
    if (entered === 'withdrawn') return [];
    if (entered === 'interrupted') return [keyOf('askQuit')];
    return entered.text === BACK ? ask.back : ask.keys(entered.text);
  }

  /** Each line with what stands in it, to be changed; then more lines, until one is empty. */
  async #text({ lines, keys, back }: Extract<Ask, { kind: 'text' }>): Promise<readonly KeyPress[]> {
    const { edit, plain } = this.#model.messages;
    const text: string[] = [];
    for (;;) {
      const there = lines[text.length];
      const title = there === undefined ? edit.another : edit.line(text.length + 1, lines.length);
      const entered = await this.#line(`${title} ${plain.back(BACK)}:`, () => undefined, there);
      if (entered === 'withdrawn') return [];
      if (entered === 'interrupted') return [keyOf('askQuit')];
      if (entered.text === BACK) return back;
      if (there === undefined && entered.text === '') return keys(text.join('\n'));
      text.push(entered.text);
    }
  }

  async #choose({ title, options }: Extract<Ask, { kind: 'choose' }>): Promise<readonly KeyPress[]> {
    const said = this.#model.messages.plain;
    if (title !== undefined) this.#say(title);
    for (const [index, { label }] of options.entries()) this.#say(`${index + 1}) ${label}`);
    for (;;) {
      const chosen = (text: string): Option | undefined => (/^\d+$/.test(text) ? options[Number(text) - 1] : undefined);
      const wrong = (text: string) => (text === '?' || chosen(text) ? undefined : said.noSuch(options.length));
      const entered = await this.#line(said.number(options.length), wrong);
      if (entered === 'withdrawn') return [];
      if (entered === 'interrupted') return [keyOf('askQuit')];
      const option = chosen(entered.text);
      if (option) return 'kind' in option.leadsTo ? this.#nested(option.leadsTo) : option.leadsTo;
      for (const [index, { label, explain }] of options.entries()) this.#say(`${index + 1}) ${explain || label}`);
    }
  }

  async #nested(ask: Ask): Promise<readonly KeyPress[]> {
    return ask.kind === 'choose' || ask.kind === 'line' ? this.#answer(ask) : [];
  }

  async #line(title: string, wrong: (text: string) => string | undefined, there?: string) {
    const { gate, write } = this.#parts;
    this.#withdraw = new AbortController();
    try {
      const withdraw = this.#withdraw.signal;
      return await askLine(printable(title), { wrong, there, keys: gate.open(), write, withdraw });
    } finally {
      gate.shut();
      this.#withdraw = undefined;
    }
  }

  /** The secret's field takes the keys themselves, as on the screens: no line of text ever holds it. */
  async #readSecret(loop: Loop): Promise<void> {
    const { gate, env } = this.#parts;
    const keys = gate.open();
    const keyboard = openKeyboard(keys, { escapeMs: escapeTimeout(env) });
    keyboard.listen((key) => loop.press(key));
    const asked = this.#asked;
    try {
      let notice: SecretNotice | 'entered' | undefined;
      while (!this.#over && questionOf(this.#model) === asked) {
        const { secret } = this.#model.ui;
        const now = secret.notice ?? (secret.entered ? 'entered' : undefined);
        if (now !== notice && now !== undefined) this.#say(this.#secretLine(now));
        notice = now;
        await this.#changed();
      }
    } finally {
      keyboard.close();
      gate.shut();
    }
  }

  #secretLine(notice: SecretNotice | 'entered'): string {
    const said = this.#model.messages.secrets;
    if (notice !== 'entered') return said.notices[notice];
    return `${said.entered}. ${said.enterTakes}`;
  }

  /** What was asked of the engine is on its way: nothing is asked before it has had time to answer. */
  async #settled(): Promise<void> {
    const late = AbortSignal.timeout(ANSWER_MS);
    late.addEventListener('abort', () => this.#wake());
    while (this.#awaited !== undefined && !this.#over && !late.aborted) await this.#changed();
  }

  #changed(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }

  #beat(): void {
    for (const line of signsOfLife({ ...this.#model, now: Date.now() })) this.#say(line);
  }

  /** What was said last is not said again. */
  #tell(lines: readonly string[]): void {
    const text = lines.join('\n');
    if (text === this.#told || text === '') return;
    this.#told = text;
    this.#say('');
    for (const line of lines) this.#say(line);
  }

  #say(line: string): void {
    this.#parts.write(`${printable(line)}\n`);
  }
}
