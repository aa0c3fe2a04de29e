import type { ChildProcess } from 'node:child_process';
import { setImmediate as immediate, setTimeout as sleep } from 'node:timers/promises';
import type { Exit } from './command.ts';
import type { Mark } from './marks.ts';
import { endTree } from './process-tree.ts';

/** After its end a child's pipes may still be held by what it left behind: then the result does not wait for them. */
const PIPE_QUIET_MS = 200;
const PIPE_LIMIT_MS = 2_000;
/** setTimeout takes a longer time for no time at all. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** How a child ended. */
export type End = Pick<Exit, 'code' | 'signal' | 'timedOut' | 'stopped' | 'survivors'>;

/**
 * Waits for the child, and ends its whole tree when the time is up or the operator stops the step.
 *
 * @param mark by which the tree's processes are known, see `endTree`
 */
export async function untilEnd(
  child: ChildProcess,
  { timeoutMs, graceMs, stop, mark }: { timeoutMs?: number; graceMs: number; stop?: AbortSignal; mark?: Mark },
): Promise<End> {
  const closed = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const reasons = { timedOut: false, stopped: false };
  const { promise: ended, resolve: markEnded } = Promise.withResolvers<Pick<Exit, 'code' | 'signal' | 'survivors'>>();
  let survivors: Promise<readonly number[]> | undefined;
  const end = (reason: keyof typeof reasons) => {
    if (survivors || child.pid === undefined) return;
    reasons[reason] = true;
    survivors = endTree(child.pid, graceMs, mark).then((left) => left.map(({ pid }) => pid));
    // A child that outlives KILL (another user's, or in disk sleep) is reported, not waited for.
    survivors.then((left) => setTimeout(markEnded, PIPE_QUIET_MS, { code: null, signal: null, survivors: left }));
  };
  child.once('exit', async (code, signal) => markEnded({ code, signal, survivors: (await survivors) ?? [] }));
  const timer =
    timeoutMs === undefined ? undefined : setTimeout(end, Math.min(timeoutMs, LONGEST_TIMER_MS), 'timedOut');
  const onStop = () => end('stopped');
  stop?.addEventListener('abort', onStop, { once: true });
  if (stop?.aborted) onStop();
  try {
    const result = await ended;
    await Promise.race([closed, untilQuiet(child)]);
    return { ...result, ...reasons };
  } finally {
    clearTimeout(timer);
    stop?.removeEventListener('abort', onStop);
    for (const stream of [child.stdin, child.stdout, child.stderr]) stream?.destroy();
    child.unref();
  }
}

/** Until the pipes have been silent for a while: what the child wrote before its end has then been read. */
async function untilQuiet(child: ChildProcess): Promise<void> {
  let latest = performance.now();
  const limit = latest + PIPE_LIMIT_MS;
  const onData = () => {
    latest = performance.now();
  };
  child.stdout?.on('data', onData);
  child.stderr?.on('data', onData);
  while (performance.now() < Math.min(limit, latest + PIPE_QUIET_MS)) {
    await sleep(PIPE_QUIET_MS / 4);
    // A slow listener makes timers late: what has arrived meanwhile is read before the clock is looked at.
    await immediate();
  }
}
