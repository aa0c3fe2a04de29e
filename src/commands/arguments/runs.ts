import { Option } from 'commander';
import { RUN_STATES, type RunFilter } from '../run-filter.ts';
import type { Declare } from './command.ts';

export const runs: Declare = (program) => {
  program
    .command('runs')
    .description('list the runs on this host, newest first')
    .option('--env <name>', 'only those of this environment')
    .option('--runbook <name>', 'only those of this runbook: its file, its name, or its title')
    .addOption(new Option('--state <state>', 'only those in this state').choices([...RUN_STATES]))
    .option('--operator <name>', 'only those of this operator')
    .option('--json', 'as a JSON array')
    .addHelpText('after', HELP)
    .action(async ({ json, ...filter }: RunFilter & { json?: boolean }) => {
      const [{ formatRuns, listRuns }, { filterRuns }] = await Promise.all([
        import('../runs.ts'),
        import('../run-filter.ts'),
      ]);
      const runs = filterRuns(listRuns(process.env), filter);
      process.stdout.write(`${json ? JSON.stringify(runs, null, 2) : formatRuns(runs)}\n`);
    });
};

const HELP = `
Examples:
  tejun runs --state stopped                       what can be resumed
  tejun runs --env production --json
  tejun runs --runbook cabanas-staging --operator alice@ops`;
