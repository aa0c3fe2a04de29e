import type { ScreenEnd } from '../../src/link/messages.ts';
import { MESSAGES } from '../../src/locale/index.ts';
import { BELL, ringing } from '../bell.ts';
import type { Desk } from '../desk.ts';
import { farewell } from '../farewell.ts';
import { chooseGlyphs } from '../glyphs.ts';
import { onHangUp } from '../hang-up.ts';
import { holdRawMode } from '../keyboard/raw.ts';
import { asciiSigns } from '../layout/ascii.ts';
import { MAX_WIDTH } from '../layout/frame.ts';
import { Loop } from '../loop.ts';
import type { ScreenOptions } from '../main.tsx';
import { FIRST_UI, type Model } from '../ui-state.ts';
import { keyOf } from './ask.ts';
import { openGate } from './gate.ts';
import { PlainSeat } from './seat.ts';

/** A sign of life so often while a step runs; what the accessibility practice of other tools asks for. */
const HEARTBEAT_MS = 30_000;

const PASTE_ON = '\x1b[?2004h';
const PASTE_OFF = '\x1b[?2004l';

/**
 * The same questions as the screens, as lines and numbers: for screen readers, terminals that cannot move a cursor, and bad
 * links. Loads no Ink. Resolves when the operator has left, or the terminal has; the caller exits with `exit`.
 */
export async function runPlain(
  desk: Desk,
  options: ScreenOptions & { heartbeatMs?: number } = {},
): Promise<{ exit: number }> {
  const { stdin = process.stdin, stdout = process.stdout, env = process.env, now = Date.now, locale } = options;
  const raw = holdRawMode(stdin);
  const { promise, resolve } = Promise.withResolvers<{ exit: number; last: Model }>();
  const first: Model = {
    ui: FIRST_UI,
    front: { drills: desk.drills },
    session: undefined,
    locale: locale ?? 'en',
    messages: MESSAGES[locale ?? 'en'],
    glyphs: chooseGlyphs(env, options.signs),
    colors: 0,
    width: MAX_WIDTH,
    rows: Number.MAX_SAFE_INTEGER,
    now: now(),
  };
  const gate = openGate(stdin, () => loop.press(keyOf('askQuit')));
  const write = (text: string) => void stdout.write(first.glyphs.ascii ? asciiSigns(text) : text);
  const seat = new PlainSeat(first, { gate, write, env, heartbeatMs: options.heartbeatMs ?? HEARTBEAT_MS });
  const loop = new Loop({
    ...{ desk: noticing(desk, () => seat.sent()), first, locale, now },
    draw: ringing(
      (model) => seat.draw(model),
      () => write(BELL),
      options.ringAfterMs,
    ),
    end: (exit, last) => {
      seat.end();
      resolve({ exit, last });
    },
  });
  const hangUps = onHangUp(stdin, stdout, (exit) => loop.leave(exit));
  // Marks a paste as one, so that a line end in a pasted secret never submits it; a dumb terminal would print the sequence.
  const pastes = env['TERM'] !== 'dumb';
  if (pastes) write(PASTE_ON);
  raw.handOver();
  loop.start(options.initial);
  await seat.run(loop);

  const { exit, last } = await promise;
  gate.close();
  if (!hangUps.gone) {
    const lines = farewell(last, exit);
    write(`${pastes ? PASTE_OFF : ''}${lines.map((line) => `${line}\n`).join('')}`);
  }
  hangUps.off();
  raw.release();
  return { exit };
}

/** The same desk; `sent` is called for whatever is asked of an engine that it has started or attached to. */
function noticing(desk: Desk, sent: () => void): Desk {
  const tap = (end: ScreenEnd): ScreenEnd => ({
    ...end,
    send: (intent) => {
      sent();
      end.send(intent);
    },
  });
  return {
    ...desk,
    start: async (choice, said) => tap(await desk.start(choice, said)),
    attach: async (run) => tap(await desk.attach(run)),
  };
}
