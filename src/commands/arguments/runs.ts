import { Option } from 'commander';
import { RUN_STATES, type RunFilter } from '../run-filter.ts';
import type { Declare } from './command.ts';
import { languageOption } from './options.ts';

export const runs: Declare = (program) => {
  program
    .command('runs')
    .description('list the runs on this host, and those of the whole team where TEJUN_STORE is set; newest first')
    .option('--env <name>', 'only those of this environment')
    .option('--runbook <name>', 'only those of this runbook: its file, its name, or its title')
    .addOption(new Option('--state <state>', 'only those in this state').choices([...RUN_STATES]))
    .option('--operator <name>', 'only those of this operator')
    .option('--json', 'as a JSON array')
    .addOption(languageOption())
    .addHelpText('after', HELP)
    .action(async ({ json, lang, ...filter }: RunFilter & { json?: boolean; lang?: string }) => {
      const [{ formatRuns }, { knownRuns }, { filterRuns }, { operatorsLocale }] = await Promise.all([
        import('../runs.ts'),
        import('../team-runs.ts'),
        import('../run-filter.ts'),
        import('../preferences.ts'),
      ]);
      const known = await knownRuns(process.env);
      const runs = filterRuns(known.runs, filter);
      const text = async () => formatRuns(runs, await operatorsLocale(process.env, lang));
      process.stdout.write(`${json ? JSON.stringify(runs, null, 2) : await text()}\n`);
      if (known.away) throw known.away;
    });
};

const HELP = `
Examples:
  tejun runs --state stopped                       what can be resumed
  tejun runs --state elsewhere                     what goes on, or stands, on other hosts
  tejun runs --env production --json
  tejun runs --runbook cabanas-staging --operator alice@ops`;
