import { setTimeout as sleep } from 'node:timers/promises';
import * as z from 'zod';
import { parseDuration } from '../../src/runbook/duration.ts';
import { asTyped } from '../as-typed.ts';
import { appName } from '../input.ts';
import type { Task } from '../task.ts';
import { listMachines } from './commands.ts';
import { machineList, machineRows, statesInWords } from './machines.ts';
import { read } from './reading.ts';

/** Longest pause between two looks; `machine list` wakes nobody. */
const LOOK_EVERY_MS = 5000;

const input = z.strictObject({
  app: appName,
  /** How long the platform may take to put it to sleep; Fly's proxy looks every few minutes. */
  wait: z
    .string()
    .refine((text) => parseDuration(text) !== undefined, 'a duration, e.g. 10m')
    .default('10m'),
});

/** No machine is started: what an app costs when nobody asks for it. Waits for the platform to notice that nobody does. */
export const flyIdle: Task<z.infer<typeof input>> = {
  name: 'fly/idle',
  input,
  effect: 'read',
  describe: ({ app, wait }) => [`${asTyped(listMachines(app))}   # until none is started, for ${wait} at most`],
  async run({ app, wait }, context) {
    const began = performance.now();
    const longest = parseDuration(wait) ?? 0;
    for (let pause = 500; ; pause = Math.min(pause * 1.5, LOOK_EVERY_MS)) {
      const machines = await read(context, listMachines(app), machineList);
      const waited = Math.round((performance.now() - began) / 1000);
      context.progress({ machines: machineRows({ machines }) });
      const evidence = { app, waitedSeconds: waited, machines: machineRows({ machines }) };
      const awake = machines.filter(({ state }) => state !== 'suspended' && state !== 'stopped');
      if (awake.length === 0) {
        return { outcome: 'passed', summary: `${statesInWords(machines)} · after ${waited} s`, evidence };
      }
      if (performance.now() - began >= longest || context.signal.aborted) {
        return {
          outcome: 'failed',
          summary: `${statesInWords(machines)} · after ${waited} s`,
          evidence,
          problem: {
            code: 'fly-not-idle',
            what: `${awake.map(({ id, state }) => `${id} is ${state}`).join('; ')} after ${waited} s.`,
            means: 'Something still asks for it (a monitor, a browser, a worker), or its services do not let it sleep.',
            next: [`flyctl logs -a ${app} --no-tail`, 'look into auto_stop_machines and min_machines_running'],
          },
        };
      }
      await sleep(pause, undefined, { signal: context.signal }).catch(() => {});
    }
  },
};
