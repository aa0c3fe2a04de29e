import type { Exit } from '../src/exec/command.ts';

/**
 * How a child was ended before it was done, in words for a sentence; undefined when it ended by itself.
 *
 * @param signal the step's signal: its reason tells a timeout from an operator's stop
 */
export function cutShort(exit: Exit, signal: AbortSignal): string | undefined {
  if (exit.timedOut || (exit.stopped && signal.reason === 'timeout')) return 'timed out';
  if (exit.stopped) return 'was stopped';
  if (exit.signal) return `was killed by ${exit.signal}`;
  return undefined;
}
