import * as z from 'zod';
import { asTyped } from '../as-typed.ts';
import { appName } from '../input.ts';
import type { Task } from '../task.ts';
import { listMachines, startMachine, waitForMachine } from './commands.ts';
import { machineList, machineRows, statesInWords } from './machines.ts';
import { ask, read } from './reading.ts';

const WAIT_SECONDS = 60;

const input = z.strictObject({ app: appName });

/**
 * One machine is started. `flyctl ssh console` needs one: on an app that sleeps (`min_machines_running = 0`) every step on a
 * machine fails with `app X has no started VMs`.
 */
export const flyWake: Task<z.infer<typeof input>> = {
  name: 'fly/wake',
  input,
  effect: 'write',
  describe: ({ app }) => [
    asTyped(listMachines(app)),
    `${asTyped(startMachine(app, 'MACHINE'))}   # when none is started`,
    asTyped(waitForMachine(app, 'MACHINE', WAIT_SECONDS)),
  ],
  async run({ app }, context) {
    const before = await read(context, listMachines(app), machineList);
    const awake = before.find(({ state }) => state === 'started');
    if (awake) {
      const evidence = { app, machine: awake.id, woken: false, machines: machineRows({ machines: before }) };
      return { outcome: 'passed', summary: `${awake.id} is awake`, evidence };
    }
    const asleep = before.find(({ state }) => state === 'suspended' || state === 'stopped');
    if (!asleep) {
      return {
        outcome: 'failed',
        summary: `nothing to wake: ${statesInWords(before)}`,
        evidence: { app, machine: null, woken: false, machines: machineRows({ machines: before }) },
        problem: {
          code: 'fly-no-machine',
          what: `${app} has no machine that could be started: ${statesInWords(before)}.`,
          next: ['deploy it first', `flyctl machine list -a ${app}`],
        },
      };
    }
    await ask(context, startMachine(app, asleep.id));
    await ask(context, waitForMachine(app, asleep.id, WAIT_SECONDS), { timeoutMs: (WAIT_SECONDS + 15) * 1000 });
    const after = await read(context, listMachines(app), machineList);
    return {
      outcome: 'passed',
      summary: `${asleep.id} was ${asleep.state} and is awake`,
      evidence: { app, machine: asleep.id, woken: true, machines: machineRows({ machines: after }) },
    };
  },
};
