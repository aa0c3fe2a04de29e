import type { Declare } from './command.ts';
import {
  flowOption,
  portOption,
  RUNBOOK_HELP,
  type SecretArguments,
  secretFromOption,
  secretOption,
  sectionOption,
  setOption,
  type WalkOptions,
} from './options.ts';

/** What `tejun run`, and `tejun rehearse --auto`, are given. */
export interface RunOptions extends WalkOptions, SecretArguments {
  env: string;
  drill?: string;
  port?: number;
  json?: boolean;
}

export const run: Declare = (program, exit) => {
  program
    .command('run')
    .description('walk a runbook in rehearsal without a terminal')
    .argument('<runbook>', RUNBOOK_HELP)
    .requiredOption('--env <name>', 'the environment')
    .addOption(flowOption())
    .addOption(sectionOption())
    .requiredOption('--auto', 'take every suggested answer; in rehearsal only')
    .addOption(setOption())
    .addOption(secretOption())
    .addOption(secretFromOption())
    .option('--drill <name>', 'something that the rehearsal breaks on purpose')
    .addOption(portOption())
    .option('--json', 'print the journal’s records as JSON lines')
    .action(async (runbook: string, options: RunOptions) => exit(await printRun(runbook, options)));
};

/** Walks a rehearsal by itself, printing its records on standard output and what is being started on standard error. */
export async function printRun(runbook: string, options: RunOptions): Promise<number> {
  const [{ runAuto }, { parseSettings }, { describeRecord }] = await Promise.all([
    import('../run.ts'),
    import('../settings.ts'),
    import('../narrate.ts'),
  ]);
  const { env: environment, flow = 'setup', section, set, secret, secretsFrom, drill, port, json } = options;
  const spec = {
    ...{ runbook, environment, flow, values: parseSettings(set) },
    ...(section === undefined ? {} : { section }),
    ...(drill ? { drill } : {}),
    ...(port ? { port } : {}),
  };
  return runAuto(
    spec,
    { secret, secretsFrom },
    (record) => {
      const line = json ? JSON.stringify(record) : describeRecord(record);
      if (line !== undefined) process.stdout.write(`${line}\n`);
    },
    (line) => process.stderr.write(`${line}\n`),
  );
}
