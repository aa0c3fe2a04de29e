import { EXIT } from '../src/problem.ts';

/** Exit codes of a program that ended by a signal: 128 and the signal's number. */
const SIGNALS = { SIGHUP: 129, SIGINT: EXIT.cancelled, SIGTERM: 143 } as const;

/** The ends that come from outside: a terminal that went away, or a signal. */
export interface HangUps {
  /** Whether the terminal is gone: nothing can be written to it any more. */
  readonly gone: boolean;
  /** Takes every listener away. */
  off(): void;
}

/**
 * Leaves when the terminal goes away or a signal comes; the run itself goes on in its engine. A terminal that went away
 * raises EIO on every write.
 */
export function onHangUp(stdin: NodeJS.ReadStream, stdout: NodeJS.WriteStream, leave: (exit: number) => void): HangUps {
  let gone = false;
  const onGone = () => {
    gone = true;
    leave(SIGNALS.SIGHUP);
  };
  const onInterrupt = () => leave(SIGNALS.SIGINT);
  const onTerminate = () => leave(SIGNALS.SIGTERM);
  stdout.on('error', onGone);
  stdin.on('error', onGone);
  stdin.on('end', onGone);
  process.on('SIGHUP', onGone);
  process.on('SIGINT', onInterrupt);
  process.on('SIGTERM', onTerminate);
  return {
    get gone() {
      return gone;
    },
    off: () => {
      process.off('SIGHUP', onGone);
      process.off('SIGINT', onInterrupt);
      process.off('SIGTERM', onTerminate);
      stdin.off('error', onGone);
      stdin.off('end', onGone);
    },
  };
}
