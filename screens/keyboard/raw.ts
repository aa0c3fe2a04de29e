/** A hold on the terminal's raw mode, from the first moment to the last. */
export interface RawMode {
  /** Stops throwing away what is typed: the keyboard layer takes over. */
  handOver(): void;
  /** Throws away what is typed again, until the next one takes over. */
  takeBack(): void;
  /** Gives the terminal back as it was; safe to call twice. */
  release(): void;
}

/** The part of `process.stdin` that this needs. */
export interface RawInput {
  isTTY?: boolean;
  isRaw?: boolean;
  setRawMode?(on: boolean): unknown;
  on(event: 'data', listener: (chunk: Buffer | string) => void): unknown;
  off(event: 'data', listener: (chunk: Buffer | string) => void): unknown;
  resume(): unknown;
  ref?(): unknown;
  unref?(): unknown;
  pause(): unknown;
}

const CTRL_C = 0x03;
const NOTHING: RawMode = { handOver: () => undefined, takeBack: () => undefined, release: () => undefined };
const held = new WeakMap<RawInput, RawMode>();

/**
 * Turns raw mode on and throws away what is typed until the keyboard layer takes over. Called as the very first act of
 * the program: what an operator types while modules load would otherwise be echoed by the kernel, and a secret typed
 * too early would be seen. Ctrl-C still ends the program (exit 130), since raw mode takes the signal away.
 * Without a terminal it does nothing. A second call gives the same hold.
 */
export function holdRawMode(stdin: RawInput = process.stdin, cancel: () => void = () => process.exit(130)): RawMode {
  if (!stdin.isTTY || !stdin.setRawMode) return NOTHING;
  const before = held.get(stdin);
  if (before) return before;

  const discard = (chunk: Buffer | string) => {
    if (Buffer.from(chunk).includes(CTRL_C)) {
      mode.release();
      cancel();
    }
  };
  const restore = () => mode.release();
  const mode: RawMode = {
    handOver: () => {
      stdin.off('data', discard);
      stdin.ref?.();
    },
    takeBack: () => {
      stdin.on('data', discard);
      stdin.unref?.();
    },
    release: () => {
      if (held.get(stdin) !== mode) return;
      held.delete(stdin);
      process.off('exit', restore);
      stdin.off('data', discard);
      stdin.pause();
      try {
        stdin.setRawMode?.(false);
      } catch {
        // The terminal is gone (EIO): there is nothing to give back.
      }
    },
  };
  held.set(stdin, mode);
  stdin.setRawMode(true);
  stdin.on('data', discard);
  stdin.resume();
  // A command that ends before any screen opens is not kept alive by the keyboard.
  stdin.unref?.();
  process.once('exit', restore);
  return mode;
}
