import { MESSAGES } from '../src/locale/index.ts';
import type { Locale } from '../src/locale/types.ts';
import { BELL, ringing } from './bell.ts';
import { colorsOf, FORCED } from './colors.ts';
import type { Desk } from './desk.ts';
import { farewell } from './farewell.ts';
import { chooseGlyphs, type Signs } from './glyphs.ts';
import { onHangUp } from './hang-up.ts';
import { escapeTimeout, openKeyboard } from './keyboard/keys.ts';
import { holdRawMode } from './keyboard/raw.ts';
import { drawingArea } from './layout/frame.ts';
import { type Initial, Loop } from './loop.ts';
import { FIRST_UI, type Model } from './ui-state.ts';

export interface ScreenOptions {
  /** The operator's language (`askedLocale`); undefined speaks the runbook's. */
  locale?: Locale | undefined;
  initial?: Initial | undefined;
  stdin?: NodeJS.ReadStream;
  stdout?: NodeJS.WriteStream;
  env?: Readonly<Record<string, string | undefined>>;
  /** Which signs the operator wants; by the locale when absent. */
  signs?: Signs | undefined;
  /** A step that took so long rings when it ends, as one that failed does; undefined never rings. */
  ringAfterMs?: number | undefined;
  /** The wall clock, in milliseconds. */
  now?: () => number;
}

/** A question that has just been drawn has not been seen yet: less than anybody takes to read it and to press. */
const SEEN_AFTER_MS = 40;

const PASTE_ON = '\x1b[?2004h';
const PASTE_OFF = '\x1b[?2004l';

/**
 * The screens, from the first question to the last: the only thing that loads Ink, and only after the terminal is in
 * raw mode. Resolves when the operator has left, or the terminal has; the caller exits with `exit`, nobody else does.
 * It is for a terminal that can be drawn on: the caller has made sure (src/commands/front-end.ts).
 */
export async function runScreens(desk: Desk, options: ScreenOptions = {}): Promise<{ exit: number }> {
  const { stdin = process.stdin, stdout = process.stdout, env = process.env, now = Date.now, locale } = options;
  const raw = holdRawMode(stdin);
  const colors = colorsOf(stdout, env);
  process.env['FORCE_COLOR'] = FORCED[colors];
  const { mount } = await import('./mount.tsx');

  const { promise, resolve } = Promise.withResolvers<{ exit: number; last: Model }>();
  const first: Model = {
    ui: FIRST_UI,
    front: { drills: desk.drills },
    session: undefined,
    locale: locale ?? 'en',
    messages: MESSAGES[locale ?? 'en'],
    glyphs: chooseGlyphs(env, options.signs),
    colors,
    ...drawingArea(stdout.columns, stdout.rows),
    now: now(),
  };
  const loop = new Loop({
    desk,
    first,
    locale,
    now,
    seenAfterMs: SEEN_AFTER_MS,
    draw: ringing(
      (model) => screen.draw(model),
      () => stdout.write(BELL),
      options.ringAfterMs,
    ),
    end: (exit, last) => resolve({ exit, last }),
  });

  const keyboard = openKeyboard(stdin, { escapeMs: escapeTimeout(env) });
  // Before Ink's own listener, so that it draws what fits the new size.
  // A terminal that says 0×0 for a moment, as some do while they are moved, keeps what it shows.
  const onResize = () => {
    if (!(stdout.columns > 0 && stdout.rows > 0)) return;
    loop.resize(stdout.columns, stdout.rows);
  };
  stdout.on('resize', onResize);
  const hangUps = onHangUp(stdin, stdout, (exit) => loop.leave(exit));

  stdout.write(PASTE_ON);
  const redraw = () => screen.redraw();
  const screen = mount(first, stdin, stdout, {
    drawn: (question) => loop.drawn(question),
    sent: (bytes) => loop.sent(bytes),
  });
  // Behind Ink's own listener: it has the frame of the new size by then.
  stdout.on('resize', redraw);
  keyboard.listen((key) => {
    if (key.kind === 'key' && key.name === 'ctrl+l') redraw();
    else loop.press(key);
  });
  raw.handOver();
  loop.start(options.initial);

  const { exit, last } = await promise;
  keyboard.close();
  stdout.off('resize', onResize);
  stdout.off('resize', redraw);
  await screen.unmount().catch(() => undefined);
  if (!hangUps.gone) {
    const lines = farewell(last, exit);
    stdout.write(`${PASTE_OFF}${lines.map((line) => `${line}\n`).join('')}`);
  }
  hangUps.off();
  raw.release();
  return { exit };
}
