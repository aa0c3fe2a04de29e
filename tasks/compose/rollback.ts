import * as z from 'zod';
import type { Json } from '../../src/journal/records.ts';
import { EXIT, Problem, type ProblemDetail } from '../../src/problem.ts';
import { asTyped } from '../as-typed.ts';
import { count } from '../input.ts';
import type { ChoiceOption, Task, TaskContext } from '../task.ts';
import { bringUp } from './bring-up.ts';
import { readCheckout } from './checkout.ts';
import { build, inspect, listContainers, up } from './commands.ts';
import { commitList, rollbackTargets, type Target } from './commits.ts';
import { checkout, history, reflog, revision } from './git.ts';
import { type Project, projectInput, serviceName } from './project.ts';
import { ask } from './reading.ts';
import { lastWord } from './refusal.ts';

/** So many commits are offered, and so many places of the reflog are looked at. */
const OFFERED = 20;

const input = z.strictObject({
  ...projectInput,
  commit: z
    .string()
    .regex(/^[0-9a-f]{7,64}$/, 'a commit: 7 to 64 hexadecimal digits')
    .optional(),
  services: z.array(serviceName).default([]),
  may_exit: z.array(serviceName).default([]),
  wait_timeout: count.default(120),
});

/** Goes back to an older commit: checks it out, builds it, starts it. The database must have gone first. */
export const composeRollback: Task<z.infer<typeof input>> = {
  name: 'compose/rollback',
  input,
  effect: 'write',
  describe: (given) => {
    const to = given.commit ?? 'COMMIT';
    return [
      asTyped(reflog(given, OFFERED)),
      `${asTyped(checkout(given, to))}${given.commit ? '' : '   # the commit before, or the one that is chosen'}`,
      ...[
        build(given, given.services),
        up(given, given.services, { waitTimeout: given.wait_timeout }),
        listContainers(given),
        inspect(['CONTAINER…']),
      ].map(asTyped),
    ];
  },
  async choose(given, context) {
    const targets = await find(context, given);
    if (targets.length === 0) throw new Problem(nothingToGoBackTo(), EXIT.failed);
    const recorded = targets.findIndex(({ hash }) => given.commit !== undefined && hash.startsWith(given.commit));
    return {
      field: 'commit',
      options: targets.map(option),
      suggested: Math.max(0, recorded),
      warning: { kind: 'compose-rollback' },
    };
  },
  async run(given, context) {
    const { commit: from } = await readCheckout(context, given);
    const wanted = given.commit ?? (await find(context, given))[0]?.hash;
    if (wanted === undefined) return failed(nothingToGoBackTo());
    const known = await context.exec(revision(given, wanted), { quiet: true });
    if (known.code !== 0) return failed(noCommit(wanted));
    const to = known.stdout.trim();
    context.say(`going back from ${from} to ${to}`);
    const command = checkout(given, to);
    const exit = await context.exec(command);
    if (exit.code !== 0) return failed(checkoutFailed(asTyped(command), lastWord(exit)));
    const found = await bringUp(
      given,
      { services: given.services, mayExit: given.may_exit, build: true, waitTimeout: given.wait_timeout },
      context,
    );
    return {
      ...found,
      summary: `back at ${to.slice(0, 7)} · ${found.summary}`,
      evidence: { from, to, ...(found.evidence as { [key: string]: Json } | undefined) },
    };
  },
};

async function find(context: TaskContext, project: Project): Promise<Target[]> {
  const [log, places] = [await ask(context, history(project, OFFERED)), await ask(context, reflog(project, OFFERED))];
  return rollbackTargets(commitList(log), commitList(places)).slice(0, OFFERED);
}

function option({ hash, short, subject, at, wasHere }: Target): ChoiceOption {
  return { value: hash, label: `${short} ${subject}`, at, ...(wasHere ? { detail: 'ran here before' } : {}) };
}

function failed(problem: ProblemDetail) {
  return { outcome: 'failed' as const, summary: 'nothing was changed', problem };
}

function nothingToGoBackTo(): ProblemDetail {
  return {
    code: 'no-rollback-target',
    what: 'This checkout has no other commit to go back to.',
    means: 'Nothing was changed.',
    next: ['git log --oneline -10', 'git fetch --unshallow   # when it was cloned with --depth'],
  };
}

function noCommit(commit: string): ProblemDetail {
  return {
    code: 'git-no-commit',
    what: `This checkout has no commit ${commit}.`,
    means: 'Nothing was changed.',
    next: ['git log --oneline -10', 'git fetch'],
  };
}

function checkoutFailed(command: string, said: string | undefined): ProblemDetail {
  return {
    code: 'git-checkout-failed',
    what: `"${command}" failed: ${said ?? 'no word why'}`,
    means: 'The containers are the ones that ran before.',
    next: ['git status'],
  };
}
