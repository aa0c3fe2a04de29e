import { setTimeout as sleep } from 'node:timers/promises';
import type { Exit } from '../../src/exec/command.ts';
import { cutShort } from '../cut-short.ts';
import type { TaskContext, TaskResult } from '../task.ts';
import { type Aftermath, evidenceOf, explain, findOut, summarize } from './aftermath.ts';
import { type DeployFlags, deploy, releases, status } from './commands.ts';
import { appStatus, isHealthy, runningVersion } from './machines.ts';
import { type ReadOptions, read } from './reading.ts';
import { releaseList } from './releases.ts';
import { watchMachines } from './watch.ts';

/** How long the checks of a release that flyctl calls done may take to pass. */
const SETTLE_MS = 20_000;
const SETTLE_EVERY_MS = 2_000;

/** Longest look at what is left after a deploy was cut short: someone waits for the answer. */
const AFTERMATH_MS = 4_000;

/** Runs `flyctl deploy`, shows the machines while it runs, and finds out what is true afterwards. */
export async function rollOut(app: string, flags: DeployFlags, context: TaskContext): Promise<TaskResult> {
  const before = runningVersion(await read(context, status(app), appStatus));
  const command = deploy(app, flags);
  const stopWatching = watchMachines(context, app);
  const exit = await context.exec(command).finally(stopWatching);
  const cut = cutShort(exit, context.signal);
  const seen = cut
    ? await look(context, app, { signal: new AbortController().signal, timeoutMs: AFTERMATH_MS })
    : await lookUntilSettled(context, app, exit);
  const aftermath: Aftermath = { ...seen, before: before ?? 0 };
  const finding = findOut(exit, aftermath, cut);
  if (aftermath.status) context.progress({ machines: evidenceOf(aftermath).machines });
  return {
    outcome: finding === 'healthy' ? 'passed' : 'failed',
    summary: summarize(finding, aftermath, cut),
    evidence: evidenceOf(aftermath),
    ...(exit.code === null ? {} : { exit: exit.code }),
    ...(exit.signal === null ? {} : { signal: exit.signal }),
    text: exit.stdout,
    ...(finding === 'healthy'
      ? {}
      : { problem: explain(finding, { app, command, exit, aftermath, signal: context.signal }) }),
  };
}

/** Machines and releases as they are now; what cannot be read is left out. */
async function look(context: TaskContext, app: string, options: ReadOptions): Promise<Omit<Aftermath, 'before'>> {
  const [machines, list] = await Promise.allSettled([
    read(context, status(app), appStatus, options),
    read(context, releases(app), releaseList, options),
  ]);
  return {
    ...(machines.status === 'fulfilled' ? { status: machines.value } : {}),
    ...(list.status === 'fulfilled' ? { releases: list.value } : {}),
  };
}

/** flyctl may end before the last check has passed: looks again for a while when it ended well. */
async function lookUntilSettled(context: TaskContext, app: string, exit: Exit): Promise<Omit<Aftermath, 'before'>> {
  const until = performance.now() + SETTLE_MS;
  for (;;) {
    const seen = await look(context, app, {});
    const settled = seen.status !== undefined && isHealthy(seen.status);
    if (exit.code !== 0 || settled || context.signal.aborted || performance.now() > until) return seen;
    await sleep(SETTLE_EVERY_MS, undefined, { signal: context.signal }).catch(() => {});
  }
}
