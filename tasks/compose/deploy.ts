import * as z from 'zod';
import type { Command } from '../../src/exec/command.ts';
import type { Json } from '../../src/journal/records.ts';
import type { ProblemDetail } from '../../src/problem.ts';
import type { ProblemCode } from '../../src/problem-codes.ts';
import { asTyped } from '../as-typed.ts';
import { argument, count, flag } from '../input.ts';
import type { Task, TaskContext, TaskResult } from '../task.ts';
import { bringUp } from './bring-up.ts';
import { type Checkout, readCheckout } from './checkout.ts';
import { build, inspect, listContainers, up } from './commands.ts';
import { countCommits, currentBranch, localChanges, pull, revision, switchTo } from './git.ts';
import { projectInput, serviceName } from './project.ts';
import { ask } from './reading.ts';
import { lastWord } from './refusal.ts';

const input = z.strictObject({
  ...projectInput,
  branch: argument,
  remote: argument.default('origin'),
  pull: flag.default(true),
  reattach: flag.default(false),
  services: z.array(serviceName).default([]),
  may_exit: z.array(serviceName).default([]),
  wait_timeout: count.default(120),
});

type Input = z.infer<typeof input>;

/** Brings the checkout forward and the containers with it, and records the revision before. */
export const composeDeploy: Task<Input> = {
  name: 'compose/deploy',
  input,
  effect: 'write',
  describe: (given) =>
    [
      currentBranch(given),
      revision(given),
      localChanges(given),
      ...(given.reattach ? [switchTo(given, given.branch)] : []),
      ...(given.pull ? [pull(given, given.remote, given.branch)] : []),
      build(given, given.services),
      up(given, given.services, { waitTimeout: given.wait_timeout }),
      listContainers(given),
      inspect(['CONTAINER…']),
    ].map(asTyped),
  async run(given, context) {
    const before = await readCheckout(context, given);
    context.say(`before: ${before.commit} (${before.branch ?? 'detached'})`);
    const here = { branch: given.branch, before: before.commit };
    const refused = await forward(given, before, context);
    if (refused) return failed(refused, { ...here, released: false });
    const after = (await ask(context, revision(given))).trim();
    const commits = Number(await ask(context, countCommits(given, before.commit, after)));
    context.say(`after:  ${after} (${commits} new commit${commits === 1 ? '' : 's'})`);
    const found = await bringUp(
      given,
      { services: given.services, mayExit: given.may_exit, build: true, waitTimeout: given.wait_timeout },
      context,
    );
    return {
      ...found,
      summary: `${before.commit.slice(0, 7)} → ${after.slice(0, 7)} · ${found.summary}`,
      evidence: { ...here, after, commits, ...(found.evidence as { [key: string]: Json } | undefined) },
    };
  },
};

/** Switches and pulls; gives what stopped it. */
async function forward(given: Input, { branch }: Checkout, context: TaskContext): Promise<ProblemDetail | undefined> {
  const wanted = given.branch;
  if (branch !== wanted) {
    if (!given.reattach) return branch === undefined ? detached(wanted) : otherBranch(branch, wanted);
    const problem = await run(switchTo(given, wanted), context, 'git-switch-failed');
    if (problem) return problem;
  }
  return given.pull ? run(pull(given, given.remote, wanted), context, 'git-pull-failed') : undefined;
}

async function run(command: Command, context: TaskContext, code: ProblemCode): Promise<ProblemDetail | undefined> {
  const exit = await context.exec(command);
  if (exit.code === 0) return undefined;
  return {
    code,
    what: `"${asTyped(command)}" failed: ${lastWord(exit) ?? `exit code ${exit.code}`}`,
    means: 'The containers are the ones that ran before.',
    next: ['git status', 'git fetch --dry-run', asTyped(command)],
  };
}

function detached(branch: string): ProblemDetail {
  return {
    code: 'git-detached',
    what: `The checkout is on no branch (detached HEAD): a pull would not move ${branch}.`,
    means: 'A rollback leaves it so. Nothing was changed.',
    next: [
      `when what was rolled back is mended in ${branch}: git switch ${branch}`,
      `or let this step do it: reattach: true`,
    ],
  };
}

function otherBranch(branch: string, wanted: string): ProblemDetail {
  return {
    code: 'git-other-branch',
    what: `The checkout is on the branch ${branch}, not on ${wanted}.`,
    means: 'Somebody may be trying something out here. Nothing was changed.',
    next: ['git log -3', `git switch ${wanted}`],
  };
}

function failed(problem: ProblemDetail, evidence: { [key: string]: Json }): TaskResult {
  return { outcome: 'failed', summary: 'nothing was deployed', evidence, problem };
}
