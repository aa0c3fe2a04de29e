import * as z from 'zod';
import { asTyped } from '../as-typed.ts';
import { amount, appName, argument, flag } from '../input.ts';
import type { Task } from '../task.ts';
import { localConfig } from './commands.ts';
import { read } from './reading.ts';

const stop = z.enum(['off', 'stop', 'suspend']);

const input = z.strictObject({
  app: appName,
  config: argument.default('fly.toml'),
  auto_stop: stop.optional(),
  auto_start: flag.optional(),
  min_machines: amount.optional(),
});
type Input = z.infer<typeof input>;

/** `flyctl config show --local`, its keys in snake_case. `true` and `false` are the older words for `stop` and `off`. */
export const flyConfigFile = z
  .looseObject({
    app: z.string().nullish(),
    http_service: z
      .looseObject({
        auto_stop_machines: z.union([stop, z.boolean()]).nullish(),
        auto_start_machines: z.boolean().nullish(),
        min_machines_running: z.number().nullish(),
      })
      .nullish(),
  })
  .transform(({ app, http_service: service }) => {
    const said = service?.auto_stop_machines ?? 'off';
    return {
      app: app ?? undefined,
      auto_stop: said === true ? 'stop' : said === false ? 'off' : said,
      auto_start: service?.auto_start_machines ?? false,
      min_machines: service?.min_machines_running ?? 0,
    };
  });

/** What the file says and what it should, where the two differ: one sentence each. Pure. */
export function differences(found: z.output<typeof flyConfigFile>, wanted: Input): string[] {
  const wrong: string[] = [];
  if (found.app !== wanted.app) wrong.push(`app is ${found.app ?? 'missing'}, not ${wanted.app}`);
  for (const key of ['auto_stop', 'auto_start', 'min_machines'] as const) {
    const should = wanted[key];
    if (should !== undefined && found[key] !== should) wrong.push(`${key} is ${found[key]}, not ${should}`);
  }
  return wrong;
}

/**
 * A configuration file is for this app and says what it should about sleeping. The app's name matters, because `-a` outranks
 * the file's: `flyctl deploy -a APP -c OTHER` deploys the other's settings without a word.
 */
export const flyConfig: Task<Input> = {
  name: 'fly/config',
  input,
  effect: 'read',
  describe: ({ config }) => [asTyped(localConfig(config))],
  async run(given, context) {
    const found = await read(context, localConfig(given.config), flyConfigFile);
    const wrong = differences(found, given);
    const evidence = { config: given.config, ...found, app: found.app ?? null };
    const summary = `${given.config}: auto_stop ${found.auto_stop}, auto_start ${found.auto_start}, min ${found.min_machines}`;
    if (wrong.length === 0) return { outcome: 'passed', summary, evidence };
    return {
      outcome: 'failed',
      summary: `${given.config}: ${wrong.join('; ')}`,
      evidence,
      problem: {
        code: 'fly-config-differs',
        what: `${given.config}: ${wrong.join('; ')}.`,
        means: 'Nothing was deployed.',
        next: [`correct ${given.config}`, 'or walk from the directory of the right project'],
      },
    };
  },
};
