import * as z from 'zod';
import { asTyped } from '../as-typed.ts';
import { appName, argument, flag } from '../input.ts';
import type { Task } from '../task.ts';
import { type DeployFlags, deploy, releases, status } from './commands.ts';
import { rollOut } from './rollout.ts';

export const strategy = z.enum(['rolling', 'canary', 'bluegreen', 'immediate']);

const input = z.strictObject({
  app: appName,
  strategy: strategy.optional(),
  config: argument.optional(),
  image: argument.optional(),
  wait_timeout: z
    .string()
    .regex(/^(\d+(\.\d+)?(ms|s|m|h))+$/, 'a duration, e.g. 5m')
    .optional(),
  skip_release_command: flag.optional(),
});

/** Deploys, and tells *released* from *healthy*. */
export const flyDeploy: Task<z.infer<typeof input>> = {
  name: 'fly/deploy',
  input,
  effect: 'write',
  describe: (given) => [deploy(given.app, flags(given)), status(given.app), releases(given.app)].map(asTyped),
  run: (given, context) => rollOut(given.app, flags(given), context),
};

function flags({ config, image, strategy, wait_timeout, skip_release_command }: z.infer<typeof input>): DeployFlags {
  return { config, image, strategy, waitTimeout: wait_timeout, skipReleaseCommand: skip_release_command };
}
