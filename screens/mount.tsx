import { render, useStdout } from 'ink';
import { useEffect } from 'react';
import { App } from './App.tsx';
import { questionOf } from './route.ts';
import type { Model } from './ui-state.ts';

/** Home, and erase from there: unlike `ESC[2J` and `ESC[3J` no terminal does anything to its scrollback for it. */
const WIPE = '\x1b[H\x1b[J';

export interface DrawingEvents {
  /** What is asked is on the terminal now. */
  drawn(question: string): void;
  /** So many bytes went to it. */
  sent(bytes: number): void;
}

export interface Mounted {
  draw(model: Model): void;
  /**
   * Draws the whole frame anew on a screen that is wiped first: after something else wrote to the terminal, and when its window
   * has another size, for which terminals wrap the old lines anew, so that nobody can say where they are. What has been scrolled
   * away is left alone.
   */
  redraw(): void;
  /** Leaves the last frame on the screen and gives the cursor back. */
  unmount(): Promise<void>;
}

/**
 * The screens on a terminal. Ink draws and does nothing else: it reads no key, patches no console and catches no Ctrl-C
 * (each of them loses input or exits with 0: measured with its versions 6 to 8). Only changed lines are sent, each as a whole,
 * ten times a second at most.
 */
export function mount(first: Model, stdin: NodeJS.ReadStream, stdout: NodeJS.WriteStream, on: DrawingEvents): Mounted {
  let shown = first;
  const paper = wholeLines(stdout, on.sent);
  let write: (data: string) => void = () => {};
  const take = (writer: typeof write) => {
    write = writer;
  };
  const root = (model: Model) => <Root model={model} onWriter={take} />;
  const instance = render(root(first), {
    stdin,
    stdout: paper.stdout,
    exitOnCtrlC: false,
    patchConsole: false,
    maxFps: 10,
    incrementalRendering: true,
    // The command line has decided that this is a terminal; a host that exports CI must not take the screens away.
    interactive: true,
    onRender: () => {
      paper.turn();
      on.drawn(questionOf(shown));
    },
  });
  const draw = (model: Model) => {
    shown = model;
    instance.rerender(root(model));
  };
  return {
    draw,
    // Ink skips a frame that is as the last one; what is written through it comes above the frame, which is then drawn again.
    redraw: () => write(WIPE),
    unmount: async () => {
      instance.unmount();
      await instance.waitUntilExit();
    },
  };
}

/** The screens, and what Ink writes above them with. */
function Root({ model, onWriter }: { model: Model; onWriter(write: (data: string) => void): void }) {
  const { write } = useStdout();
  useEffect(() => onWriter(write), [write, onWriter]);
  return <App model={model} />;
}

/**
 * A terminal on which Ink draws changed lines whole. It would send only the end that has changed, to a column that it has
 * counted; a terminal that draws a sign wider or narrower than Ink thinks (`·`, `✔`, an emoji) then shows a line that nobody
 * has written. It draws them whole after the width has changed (log-update.js of Ink 8), so the width that it is told is another
 * one each time: the terminal's own, and one more. The lines are cut to fit before Ink sees them.
 */
function wholeLines(
  terminal: NodeJS.WriteStream,
  sent: DrawingEvents['sent'],
): { stdout: NodeJS.WriteStream; turn(): void } {
  let more = 0;
  const write = (...written: Parameters<NodeJS.WriteStream['write']>) => {
    sent(Buffer.byteLength(written[0]));
    return terminal.write(...written);
  };
  const stdout = new Proxy(terminal, {
    get(target, name) {
      if (name === 'columns') return target.columns + more;
      if (name === 'write') return write;
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
  return {
    stdout,
    turn: () => {
      more = 1 - more;
    },
  };
}
