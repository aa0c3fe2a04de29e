import { PassThrough } from 'node:stream';

const CTRL_C = 0x03;
/** Ctrl-D and Ctrl-Z: a prompt's end of input and a stop of this process, which nobody means here. */
const UNWANTED: ReadonlySet<number> = new Set([0x04, 0x1a]);

/**
 * Between the terminal and whoever asks: keys reach a question only while one is open, and what is typed between two
 * questions is thrown away. The terminal stays in raw mode all the time, whatever a prompt does with its own input.
 */
export interface Gate {
  /** Opens it for one question; what comes from here on goes there. */
  open(): PassThrough;
  shut(): void;
  close(): void;
}

/** @param onInterrupt is called for a Ctrl-C while no question is open */
export function openGate(stdin: NodeJS.ReadableStream, onInterrupt: () => void): Gate {
  let keys: PassThrough | undefined;
  const hear = (chunk: Buffer | string) => {
    const bytes = Buffer.from(chunk);
    if (keys) keys.write(bytes.filter((byte) => !UNWANTED.has(byte)));
    else if (bytes.includes(CTRL_C)) onInterrupt();
  };
  stdin.on('data', hear);
  return {
    open: () => {
      keys = new PassThrough();
      return keys;
    },
    shut: () => {
      keys = undefined;
    },
    close: () => stdin.off('data', hear),
  };
}
