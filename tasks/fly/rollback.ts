import * as z from 'zod';
import { EXIT, Problem, type ProblemDetail } from '../../src/problem.ts';
import { asTyped } from '../as-typed.ts';
import { appName, argument, flag } from '../input.ts';
import type { ChoiceOption, Task, TaskContext } from '../task.ts';
import { deploy, releases, status } from './commands.ts';
import { strategy } from './deploy.ts';
import { appStatus, runningVersion } from './machines.ts';
import { read } from './reading.ts';
import { releaseList, rollbackTargets, type Target } from './releases.ts';
import { rollOut } from './rollout.ts';

const input = z.strictObject({
  app: appName,
  image: argument.optional(),
  strategy: strategy.optional(),
  // The release command of an older image may be a migration that the newer database does not know.
  skip_release_command: flag.default(true),
});

type Input = z.infer<typeof input>;

/** Goes back by deploying an older image: flyctl has no rollback command, and never had one. */
export const flyRollback: Task<Input> = {
  name: 'fly/rollback',
  input,
  effect: 'write',
  describe: (given) => [
    asTyped(releases(given.app)),
    asTyped(status(given.app)),
    given.image === undefined
      ? `${asTyped(command(given, 'IMAGE'))}   # the newest good image, or the one that is chosen`
      : asTyped(command(given, given.image)),
  ],
  async choose({ app }, context) {
    const { targets, current } = await find(context, app);
    if (targets.length === 0) throw new Problem(nothingToGoBackTo(app), EXIT.failed);
    return {
      field: 'image',
      options: targets.map(option),
      suggested: 0,
      warning: { kind: 'fly-rollback', ...(current === undefined ? {} : { now: `release ${current}` }) },
    };
  },
  async run(given, context) {
    const image = given.image ?? (await find(context, given.app)).targets[0]?.imageRef;
    if (image === undefined) {
      return { outcome: 'failed', summary: 'no release to go back to', problem: nothingToGoBackTo(given.app) };
    }
    context.say(`going back to ${image}`);
    return rollOut(given.app, flags(given, image), context);
  },
};

async function find(context: TaskContext, app: string): Promise<{ targets: Target[]; current: number | undefined }> {
  const [list, found] = await Promise.all([
    read(context, releases(app), releaseList),
    read(context, status(app), appStatus),
  ]);
  return { targets: rollbackTargets(list, found), current: runningVersion(found) };
}

function flags({ strategy, skip_release_command }: Input, image: string) {
  return { image, strategy, skipReleaseCommand: skip_release_command };
}

function command(given: Input, image: string) {
  return deploy(given.app, flags(given, image));
}

function option({ version, createdAt, description, by, imageRef }: Target): ChoiceOption {
  const more = [description, by].filter(Boolean).join(' · ');
  return {
    value: imageRef,
    label: `release ${version}`,
    ...(createdAt ? { at: createdAt } : {}),
    ...(more ? { more } : {}),
    detail: imageRef,
  };
}

function nothingToGoBackTo(app: string): ProblemDetail {
  return {
    code: 'no-rollback-target',
    what: `${app} has no complete release with another image than the one that runs.`,
    means: 'flyctl lists the last 25 releases. Nothing was changed.',
    next: [`flyctl releases -a ${app} --image`, 'name the image in the step: image: registry.fly.io/…'],
  };
}
