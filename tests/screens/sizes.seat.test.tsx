import { PassThrough } from 'node:stream';
import { stripVTControlCharacters } from 'node:util';
import { Terminal } from '@xterm/headless';
import { describe, it, vi } from 'vitest';
import { footerOf } from '../../screens/layout/frame.ts';
import { widthOf } from '../../screens/layout/text.ts';
import { placeOf, questionOf } from '../../screens/route.ts';
import type { Model } from '../../screens/ui-state.ts';
import { LOCALES } from '../../src/locale/index.ts';
import { MODELS, modelOf } from './fixtures/models.ts';

// Chalk decides about colour when it is loaded.
vi.hoisted(() => {
  process.env['FORCE_COLOR'] = '2';
});

const SIZES = [
  [80, 24],
  [60, 15],
  [40, 12],
] as const;

/** A terminal in which the real screens are drawn, one after the other: each over what the one before has left. */
class Viewer {
  readonly #terminal: Terminal;
  readonly #stdout: NodeJS.WriteStream;
  #drawn: (question: string) => void = () => {};
  #draw: ((model: Model) => void) | undefined;
  #unmount: (() => Promise<void>) | undefined;
  /** What was written for the last model. */
  bytes = '';

  /** `widened` are signs that it draws over two columns; it has room for that. */
  constructor(columns: number, rows: number, widened = '') {
    const cols = widened === '' ? columns : columns * 2;
    this.#terminal = new Terminal({ cols, rows, scrollback: 100, allowProposedApi: true, convertEol: true });
    if (widened !== '') {
      const wcwidth = (code: number) =>
        (widthOf(String.fromCodePoint(code)) + +widened.includes(String.fromCodePoint(code))) as 0 | 1 | 2;
      // As xterm's own providers pack it: the width in the second and third bit.
      this.#terminal.unicode.register({ version: 'wide', wcwidth, charProperties: (code) => wcwidth(code) << 1 });
      this.#terminal.unicode.activeVersion = 'wide';
    }
    const stdout = new PassThrough();
    stdout.on('data', (chunk: Buffer) => {
      this.bytes += chunk.toString('utf8');
    });
    this.#stdout = Object.assign(stdout, { isTTY: true, columns, rows }) as unknown as NodeJS.WriteStream;
  }

  /** What the terminal shows of a model, row by row, and how many rows it has scrolled away. */
  async show(model: Model): Promise<{ rows: string[]; scrolled: number }> {
    this.bytes = '';
    const drawn = new Promise<void>((resolve) => {
      this.#drawn = (question) => question === questionOf(model) && resolve();
    });
    if (this.#draw) this.#draw(model);
    else {
      const { mount } = await import('../../screens/mount.tsx');
      const stdin = Object.assign(new PassThrough(), {
        isTTY: true,
        setRawMode: () => {},
        ref: () => {},
        unref: () => {},
      });
      const mounted = mount(model, stdin as unknown as NodeJS.ReadStream, this.#stdout, {
        drawn: (question) => this.#drawn(question),
        sent: () => {},
      });
      this.#draw = mounted.draw;
      this.#unmount = mounted.unmount;
    }
    await drawn;
    await new Promise((resolve) => setImmediate(resolve));
    await new Promise<void>((resolve) => this.#terminal.write(this.bytes, resolve));
    const { active } = this.#terminal.buffer;
    const rows = Array.from({ length: this.#terminal.rows }, (_, row) =>
      (active.getLine(active.baseY + row)?.translateToString(true) ?? '').trimEnd(),
    );
    while (rows.at(-1) === '') rows.pop();
    return { rows, scrolled: active.baseY };
  }

  async close(): Promise<void> {
    await this.#unmount?.();
  }

  /** Columns that each row takes in the terminal's own cells. */
  columns(): number[] {
    const { active } = this.#terminal.buffer;
    const widths = Array.from({ length: this.#terminal.rows }, (_, row) => {
      const line = active.getLine(active.baseY + row);
      const cells = Array.from({ length: this.#terminal.cols }, (_, column) => line?.getCell(column));
      const last = cells.findLastIndex((cell) => cell !== undefined && cell.getChars().trim() !== '');
      return last < 0 ? 0 : last + (cells[last]?.getWidth() ?? 1);
    });
    return widths.slice(0, widths.findLastIndex((width) => width > 0) + 1);
  }
}

/** Places whose last part is a text that scrolls, of which a small terminal shows less. */
const SCROLLS: ReadonlySet<string> = new Set(['help', 'output', 'details', 'timeline', 'problem']);

type FrameOf = (model: Model, columns: number) => string[];

/** What Ink makes of a model, row by row. It is loaded late, as everywhere. */
async function frames(): Promise<FrameOf> {
  const { renderToString } = await import('ink');
  const { App } = await import('../../screens/App.tsx');
  return (model, columns) =>
    stripVTControlCharacters(renderToString(<App model={model} />, { columns }))
      .split('\n')
      .map((row) => row.trimEnd());
}

/** The last part of a screen's body where there is room for all: what is asked, and what Enter does. */
function asked(model: Model, frameOf: FrameOf): string {
  const frame = frameOf(model, 80);
  const body = frame.slice(0, frame.length - footerOf(model, 2).length);
  while (body.at(-1) === '') body.pop();
  return squeezed(body.slice(body.lastIndexOf('') + 1));
}

/** They are the same at every size. */
const questions = new Map<string, string>();

const squeezed = (rows: readonly string[]) => rows.join('').replaceAll(/\s/g, '');

const COMBINATIONS = SIZES.flatMap(([columns, rows]) => LOCALES.map((locale) => ({ columns, rows, locale })));

// Ink draws ten times a second at most, so the terminals stand beside each other.
describe.concurrent('every screen', { timeout: 120_000 }, () => {
  it.for(COMBINATIONS)(
    'is drawn whole at $columns×$rows in $locale, over the one before',
    async ({ columns, rows, locale }, { expect }) => {
      const frameOf = await frames();
      const viewer = new Viewer(columns, rows);
      for (const name of Object.keys(MODELS)) {
        const model = modelOf(name, locale, columns, rows);
        const shown = await viewer.show(model);
        const about = `${name}:\n${shown.rows.join('\n')}`;

        // What was on the screen before has left nothing, and nothing has been scrolled away or erased behind it.
        expect.soft(shown.rows, about).toEqual(frameOf(model, columns));
        expect.soft(shown.rows.length, about).toBeLessThanOrEqual(rows - 2);
        expect.soft(shown.scrolled, about).toBe(0);
        expect.soft(viewer.bytes, about).not.toContain('\x1b[3J');
        // The terminal counts columns as the layout does: nothing is out of line, and nothing touches the edge.
        expect.soft(viewer.columns(), about).toEqual(shown.rows.map(widthOf));
        expect.soft(Math.max(...viewer.columns()), about).toBeLessThan(columns);

        // Where the operator is stands at the top, the way out at the bottom; in between the question, word for word.
        const { header } = model.messages;
        const rehearsal = model.session?.plan.environment.rehearsal ? header.rehearsal : '';
        expect.soft(shown.rows.slice(0, 2).join(), about).toContain(rehearsal);
        expect.soft(shown.rows.slice(-2).join(), about).toMatch(/Ctrl-C|\bq\b/);
        if (SCROLLS.has(placeOf(model))) continue;
        const question = questions.get(`${locale} ${name}`) ?? asked(modelOf(name, locale, 80, 60), frameOf);
        questions.set(`${locale} ${name}`, question);
        expect.soft(squeezed(shown.rows), about).toContain(question);
      }
      await viewer.close();
    },
  );

  it('names the release that is gone back to, however small the terminal', async ({ expect }) => {
    const frameOf = await frames();
    for (const locale of LOCALES) {
      const model = modelOf('rollback, choosing', locale, 40, 12);
      expect.soft(frameOf(model, 40).join('\n'), locale).toMatch(/❯ release \d+/);
    }
  });

  it('says the same in a terminal that draws signs over two columns', async ({ expect }) => {
    const frameOf = await frames();
    const viewer = new Viewer(80, 24, '·…│✔✖❯→▸▏×“”’');
    for (const name of Object.keys(MODELS)) {
      const model = modelOf(name, 'ja', 80, 24);
      expect.soft(squeezed((await viewer.show(model)).rows), name).toBe(squeezed(frameOf(model, 80)));
      // A little later: only the clock has gone on, and the line that it is in must not be torn.
      const later = { ...model, now: model.now + 11_000 };
      expect.soft(squeezed((await viewer.show(later)).rows), name).toBe(squeezed(frameOf(later, 80)));
    }
    await viewer.close();
  });
});
