import * as z from 'zod';
import { asTyped } from '../as-typed.ts';
import { slug } from '../input.ts';
import type { Task } from '../task.ts';
import { regions } from './commands.ts';
import { read } from './reading.ts';

const input = z.strictObject({ region: slug });

/** An array today; older versions wrapped it. */
const region = z.looseObject({ code: z.string(), name: z.string().catch(''), deprecated: z.boolean().catch(false) });
const regionList = z.union([
  z.array(region),
  z.looseObject({ regions: z.array(region) }).transform((from) => from.regions),
]);

/** The platform has the region, and still takes new machines there. */
export const flyRegion: Task<z.infer<typeof input>> = {
  name: 'fly/region',
  input,
  effect: 'read',
  describe: () => [asTyped(regions())],
  async run({ region: wanted }, context) {
    const list = await read(context, regions(), regionList);
    const found = list.find(({ code }) => code === wanted);
    if (found && !found.deprecated) {
      const { code, name } = found;
      return { outcome: 'passed', summary: `${code} · ${name}`, evidence: { code, name } };
    }
    const codes = list.filter(({ deprecated }) => !deprecated).map(({ code }) => code);
    return {
      outcome: 'failed',
      summary: found ? `${wanted} takes no new machines` : `Fly has no region ${wanted}`,
      evidence: { region: wanted, regions: codes },
      problem: {
        code: 'fly-no-region',
        what: found ? `Fly's region "${wanted}" is deprecated.` : `Fly has no region "${wanted}".`,
        means: `It has ${codes.join(', ')}.`,
        next: ['flyctl platform regions', 'change the region in the runbook and in primary_region of fly.toml'],
      },
    };
  },
};
