import { render } from 'ink';
import { App } from './App.tsx';
import { questionOf } from './route.ts';
import type { Model } from './ui-state.ts';

export interface Mounted {
  draw(model: Model): void;
  /** Draws the whole frame anew, after something else wrote to the terminal. */
  redraw(): void;
  /** Leaves the last frame on the screen and gives the cursor back. */
  unmount(): Promise<void>;
}

/**
 * The screens on a terminal. Ink draws and does nothing else: it reads no key, patches no console and catches no Ctrl-C
 * (each of them loses input or exits with 0: measured with its versions 6 to 8). Only changed lines are sent, ten times
 * a second at most.
 */
export function mount(
  first: Model,
  stdin: NodeJS.ReadStream,
  stdout: NodeJS.WriteStream,
  onDrawn: (question: string) => void,
): Mounted {
  let shown = first;
  const instance = render(<App model={first} />, {
    stdin,
    stdout,
    exitOnCtrlC: false,
    patchConsole: false,
    maxFps: 10,
    incrementalRendering: true,
    // The command line has decided that this is a terminal; a host that exports CI must not take the screens away.
    interactive: true,
    onRender: () => onDrawn(questionOf(shown)),
  });
  const draw = (model: Model) => {
    shown = model;
    instance.rerender(<App model={model} />);
  };
  return {
    draw,
    redraw: () => {
      instance.clear();
      draw(shown);
    },
    unmount: async () => {
      instance.unmount();
      await instance.waitUntilExit();
    },
  };
}
