import { MESSAGES } from '../src/locale/index.ts';
import type { Locale } from '../src/locale/types.ts';
import { Problem } from '../src/problem.ts';
import { BELL, ringing } from './bell.ts';
import type { Desk } from './desk.ts';
import { farewell } from './farewell.ts';
import { chooseGlyphs } from './glyphs.ts';
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
  /** A step that took so long rings when it ends, as one that failed does; undefined never rings. */
  ringAfterMs?: number | undefined;
  /** The wall clock, in milliseconds. */
  now?: () => number;
}

const PASTE_ON = '\x1b[?2004h';
const PASTE_OFF = '\x1b[?2004l';

/**
 * The screens, from the first question to the last: the only thing that loads Ink, and only after the terminal is in
 * raw mode. Resolves when the operator has left, or the terminal has; the caller exits with `exit`, nobody else does.
 *
 * @throws Problem no-terminal where there is nothing to draw on
 */
export async function runScreens(desk: Desk, options: ScreenOptions = {}): Promise<{ exit: number }> {
  const { stdin = process.stdin, stdout = process.stdout, env = process.env, now = Date.now, locale } = options;
  needTerminal(stdin, stdout, env);
  const raw = holdRawMode(stdin);
  // Chalk decides when it loads, and it does not know NO_COLOR (https://no-color.org).
  if (env['NO_COLOR']) process.env['FORCE_COLOR'] = '0';
  const { mount } = await import('./mount.tsx');

  const { promise, resolve } = Promise.withResolvers<{ exit: number; last: Model }>();
  const first: Model = {
    ui: FIRST_UI,
    front: { drills: desk.drills },
    session: undefined,
    locale: locale ?? 'en',
    messages: MESSAGES[locale ?? 'en'],
    glyphs: chooseGlyphs(env),
    ...drawingArea(stdout.columns, stdout.rows),
    now: now(),
  };
  const loop = new Loop({
    desk,
    first,
    locale,
    now,
    draw: ringing(
      (model) => screen.draw(model),
      () => stdout.write(BELL),
      options.ringAfterMs,
    ),
    end: (exit, last) => resolve({ exit, last }),
  });

  const keyboard = openKeyboard(stdin, { escapeMs: escapeTimeout(env) });
  // Before Ink's own listener, so that it draws what fits the new size.
  const onResize = () => loop.resize(stdout.columns, stdout.rows);
  stdout.on('resize', onResize);
  const hangUps = onHangUp(stdin, stdout, (exit) => loop.leave(exit));

  stdout.write(PASTE_ON);
  const screen = mount(first, stdin, stdout, (question) => loop.drawn(question));
  keyboard.listen((key) => {
    if (key.kind === 'key' && key.name === 'ctrl+l') screen.redraw();
    else loop.press(key);
  });
  raw.handOver();
  loop.start(options.initial);

  const { exit, last } = await promise;
  keyboard.close();
  stdout.off('resize', onResize);
  await screen.unmount().catch(() => undefined);
  if (!hangUps.gone) {
    const lines = farewell(last, exit);
    stdout.write(`${PASTE_OFF}${lines.map((line) => `${line}\n`).join('')}`);
  }
  hangUps.off();
  raw.release();
  return { exit };
}

function needTerminal(
  stdin: NodeJS.ReadStream,
  stdout: NodeJS.WriteStream,
  env: Readonly<Record<string, string | undefined>>,
): void {
  const why =
    !stdin.isTTY || !stdout.isTTY
      ? 'standard input and output are not a terminal'
      : env['TERM'] === 'dumb'
        ? 'TERM=dumb cannot move the cursor'
        : !(stdout.columns > 0 && stdout.rows > 0)
          ? 'the terminal says that it has no rows and columns'
          : undefined;
  if (why === undefined) return;
  throw new Problem({
    code: 'no-terminal',
    what: `The screens need a terminal: ${why}.`,
    means: 'Nothing was started.',
    next: ['run it in a terminal', 'or without questions: tejun run RUNBOOK --env ENVIRONMENT'],
  });
}
