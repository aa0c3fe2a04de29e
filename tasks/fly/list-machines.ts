import * as z from 'zod';
import { asTyped } from '../as-typed.ts';
import { appName } from '../input.ts';
import type { Task } from '../task.ts';
import { listMachines } from './commands.ts';
import { machineList, machineRows, statesInWords } from './machines.ts';
import { read } from './reading.ts';

const input = z.strictObject({ app: appName });

/** Which machines an app has and what they do. It judges nothing: an app that sleeps, or was never deployed, has none. */
export const flyMachines: Task<z.infer<typeof input>> = {
  name: 'fly/machines',
  input,
  effect: 'read',
  describe: ({ app }) => [asTyped(listMachines(app))],
  async run({ app }, context) {
    const machines = await read(context, listMachines(app), machineList);
    for (const { id, region, state, version } of machines) {
      context.say(`${id}  ${region}  ${state}${version === undefined ? '' : `  release ${version}`}`);
    }
    return {
      outcome: 'passed',
      summary: statesInWords(machines),
      evidence: { app, machines: machineRows({ machines }) },
    };
  },
};
