import { setTimeout as sleep } from 'node:timers/promises';
import * as z from 'zod';
import type { ProblemDetail } from '../../src/problem.ts';
import type { Task, TaskContext } from '../task.ts';
import { dispatch, dispatchedRuns } from './commands.ts';
import { ref, repository, workflowFile } from './input.ts';
import { newRun, runInOutput, runList } from './its-run.ts';
import { read, refusal, run, shown } from './reading.ts';

const input = z.strictObject({
  repo: repository,
  workflow: workflowFile,
  ref: ref.default('main'),
  inputs: z.record(z.string().regex(/^[A-Za-z_][\w-]*$/), z.string()).default({}),
});

type Input = z.infer<typeof input>;

/** GitHub lists a run some seconds after it took the dispatch. */
const LISTED_MS = 60_000;
const POLL_MS = 1000;

/** Starts a workflow by hand and finds the run that it became; `capture=run=/run` hands it to `github/run`. */
export const githubDispatch: Task<Input> = {
  name: 'github/dispatch',
  input,
  effect: 'write',
  describe: (given) => [
    shown(dispatch(given.repo, given)),
    `${shown(dispatchedRuns(given.repo, given.workflow))}   # where gh does not tell the run itself`,
  ],
  async run(given, context) {
    const before = await read(context, dispatchedRuns(given.repo, given.workflow), runList);
    const command = dispatch(given.repo, given);
    const exit = await run(context, command);
    if (exit.code !== 0) {
      return {
        outcome: 'failed',
        summary: `${given.workflow} was not started`,
        ...(exit.code === null ? {} : { exit: exit.code }),
        problem: refusal(command, exit, context.signal),
      };
    }
    const printed = runInOutput(exit.stdout);
    const found = printed ?? (await listed(given, before, context));
    if (found !== undefined && 'id' in found) {
      context.say(`run ${found.id}: ${found.url}`);
      return {
        outcome: 'passed',
        summary: `${given.workflow} runs as ${found.id}`,
        evidence: { run: found.id, url: found.url, workflow: given.workflow, ref: given.ref, inputs: given.inputs },
        text: String(found.id),
      };
    }
    return { outcome: 'failed', summary: 'its run was not found', problem: found ?? notListed(given) };
  },
};

async function listed(
  { repo, workflow, ref }: Input,
  before: z.infer<typeof runList>,
  context: TaskContext,
): Promise<{ id: number; url: string } | ProblemDetail | undefined> {
  const until = Date.now() + LISTED_MS;
  while (Date.now() < until) {
    await sleep(POLL_MS, undefined, { signal: context.signal });
    const found = newRun(before, await read(context, dispatchedRuns(repo, workflow), runList), ref);
    if (found === undefined) continue;
    return 'databaseId' in found ? { id: found.databaseId, url: found.url } : found;
  }
  return undefined;
}

function notListed({ repo, workflow }: Input): ProblemDetail {
  return {
    code: 'github-run-not-listed',
    what: `GitHub took the dispatch of ${workflow}, and lists no run of it after ${LISTED_MS / 1000} s.`,
    means: 'It may still begin: starting it again would run it twice.',
    next: [`https://github.com/${repo}/actions/workflows/${workflow}`],
  };
}
