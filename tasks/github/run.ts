import { setTimeout as sleep } from 'node:timers/promises';
import * as z from 'zod';
import type { ProblemDetail } from '../../src/problem.ts';
import { count } from '../input.ts';
import type { Task, TaskContext, TaskResult } from '../task.ts';
import { viewRun, watchRun } from './commands.ts';
import { repository } from './input.ts';
import { read, run, shown } from './reading.ts';

const input = z.strictObject({ repo: repository, run: count });

type Input = z.infer<typeof input>;

const WATCH_SECONDS = 3;
const POLL_MS = 2000;

const answer = z.looseObject({
  status: z.string(),
  conclusion: z.string().nullish(),
  url: z.string(),
  headSha: z.string().nullish(),
  jobs: z.array(z.looseObject({ name: z.string(), status: z.string(), conclusion: z.string().nullish() })).default([]),
});

type Run = z.infer<typeof answer>;

/**
 * Watches a run of GitHub Actions to its end. A run that waits for its reviewers is waiting, not failed: it is said so,
 * and so is a timeout that finds it waiting.
 */
export const githubRun: Task<Input> = {
  name: 'github/run',
  input,
  effect: 'read',
  describe: (given) => [shown(watchRun(given.repo, given.run, WATCH_SECONDS)), shown(viewRun(given.repo, given.run))],
  async run(given, context) {
    const view = () => read(context, viewRun(given.repo, given.run), answer);
    const watching = new AbortController();
    const told = tell(view, context, watching.signal);
    // Its exit code is not the verdict: a fine-grained token cannot watch, and a run that did not begin is no failure.
    if (!isOver(await view())) {
      await run(context, watchRun(given.repo, given.run, WATCH_SECONDS), { quiet: true, timeoutMs: context.timeoutMs });
    }
    watching.abort();
    let last = (await told) ?? undefined;
    while (!context.signal.aborted && (last === undefined || !isOver(last))) {
      last = await view();
      if (isOver(last)) break;
      await sleep(POLL_MS, undefined, { signal: context.signal }).catch(() => {});
    }
    return verdict(given, last, context.signal.aborted);
  },
};

/** Says each change of state until it is told to stop; gives what it saw last. */
async function tell(view: () => Promise<Run>, context: TaskContext, stop: AbortSignal): Promise<Run | undefined> {
  const signal = AbortSignal.any([stop, context.signal]);
  let last: Run | undefined;
  while (!signal.aborted) {
    const now = await view().catch(() => undefined);
    if (now && now.status !== last?.status) context.say(inWords(now));
    if (now)
      context.progress({
        run: now.url,
        status: now.status,
        jobs: now.jobs.map(({ name, status }) => ({ name, status })),
      });
    last = now ?? last;
    await sleep(POLL_MS, undefined, { signal }).catch(() => {});
  }
  return last;
}

const isOver = ({ status }: Run): boolean => status === 'completed';

/** What a state means to who waits for it. Pure. */
export function inWords({ status, conclusion }: Pick<Run, 'status' | 'conclusion'>): string {
  switch (status) {
    case 'waiting':
      return 'waiting for a reviewer to approve it';
    case 'queued':
    case 'requested':
    case 'pending':
      return `${status}: waiting for a runner, or for an earlier run of the same environment`;
    case 'in_progress':
      return 'running';
    case 'completed':
      return `completed: ${conclusion || 'no conclusion'}`;
    default:
      return status;
  }
}

/** The result of what a run was when it was last seen. Pure. */
export function verdict({ repo, run }: Input, last: Run | undefined, cut: boolean): TaskResult {
  if (last === undefined) return { outcome: 'failed', summary: `run ${run} was not read`, problem: unseen(repo, run) };
  const evidence = {
    run,
    url: last.url,
    status: last.status,
    conclusion: last.conclusion || null,
    commit: last.headSha ?? null,
    jobs: last.jobs.map(({ name, status, conclusion }) => ({ name, status, conclusion: conclusion || null })),
  };
  if (isOver(last) && last.conclusion === 'success') {
    return { outcome: 'passed', summary: `run ${run} succeeded`, evidence };
  }
  if (!isOver(last) && cut) {
    const waiting = last.status === 'waiting';
    return {
      outcome: 'failed',
      summary: `run ${run} is ${inWords(last)}`,
      evidence,
      problem: {
        code: waiting ? 'github-run-waiting' : 'github-run-unfinished',
        what: `Run ${run} is ${inWords(last)}; nothing of it has failed.`,
        means: 'Only the watching has ended. It can be watched again; it must not be dispatched again.',
        next: [...(waiting ? [`ask a reviewer to approve it: ${last.url}`] : [last.url]), 'then watch it again (r)'],
      },
    };
  }
  const failed = last.jobs.filter(
    ({ conclusion }) => conclusion && conclusion !== 'success' && conclusion !== 'skipped',
  );
  return {
    outcome: 'failed',
    summary: `run ${run}: ${last.conclusion ?? last.status}`,
    evidence,
    problem: {
      code: last.conclusion === 'cancelled' ? 'github-run-cancelled' : 'github-run-failed',
      what: `Run ${run} ended as ${last.conclusion}${failed.length > 0 ? ` in ${failed.map(({ name }) => name).join(', ')}` : ''}.`,
      next: [`gh run view ${run} --repo ${repo} --log-failed`, last.url],
    },
  };
}

function unseen(repo: string, run: number): ProblemDetail {
  return {
    code: 'github-run-unseen',
    what: `Nothing could be read of run ${run}.`,
    next: [`gh run view ${run} --repo ${repo}`],
  };
}
