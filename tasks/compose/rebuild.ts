import * as z from 'zod';
import { asTyped } from '../as-typed.ts';
import { count } from '../input.ts';
import type { Task } from '../task.ts';
import { bringUp } from './bring-up.ts';
import { build, inspect, listContainers, up } from './commands.ts';
import { projectInput, serviceName } from './project.ts';

const input = z.strictObject({
  ...projectInput,
  services: z.array(serviceName).min(1),
  may_exit: z.array(serviceName).default([]),
  wait_timeout: count.default(120),
});

/** Builds and starts some services from the checkout as it is. */
export const composeRebuild: Task<z.infer<typeof input>> = {
  name: 'compose/rebuild',
  input,
  effect: 'write',
  describe: (given) =>
    [
      build(given, given.services),
      up(given, given.services, { waitTimeout: given.wait_timeout }),
      listContainers(given),
      inspect(['CONTAINER…']),
    ].map(asTyped),
  run: (given, context) =>
    bringUp(
      given,
      { services: given.services, mayExit: given.may_exit, build: true, waitTimeout: given.wait_timeout },
      context,
    ),
};
