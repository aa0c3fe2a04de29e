import * as z from 'zod';
import { asTyped } from '../as-typed.ts';
import { count } from '../input.ts';
import type { Task } from '../task.ts';
import { bringUp } from './bring-up.ts';
import { inspect, listContainers, up } from './commands.ts';
import { projectInput, serviceName } from './project.ts';

const input = z.strictObject({
  ...projectInput,
  services: z.array(serviceName).default([]),
  may_exit: z.array(serviceName).default([]),
  wait_timeout: count.default(120),
});

/** Makes the containers anew, so that a changed file or `.env` is in effect: a restart does not read them. */
export const composeRecreate: Task<z.infer<typeof input>> = {
  name: 'compose/recreate',
  input,
  effect: 'write',
  describe: (given) =>
    [
      up(given, given.services, { waitTimeout: given.wait_timeout, recreate: true }),
      listContainers(given),
      inspect(['CONTAINER…']),
    ].map(asTyped),
  run: (given, context) =>
    bringUp(
      given,
      { services: given.services, mayExit: given.may_exit, recreate: true, waitTimeout: given.wait_timeout },
      context,
    ),
};
