import { Option } from 'commander';
import { RUN_STATES, type RunFilter } from '../run-filter.ts';
import type { Declare } from './command.ts';

export const runs: Declare = (program, exit) => {
  program
    .command('runs')
    .description('list the runs on this host, and those of the whole team where TEJUN_STORE is set; newest first')
    .option('--env <name>', 'only those of this environment')
    .option('--runbook <name>', 'only those of this runbook: its file, its name, or its title')
    .addOption(new Option('--state <state>', 'only those in this state').choices([...RUN_STATES]))
    .option('--operator <name>', 'only those of this operator')
    .option('--json', 'as a JSON array')
    .addHelpText('after', HELP)
    .action(async ({ json, ...filter }: RunFilter & { json?: boolean }) => {
      const [{ formatRuns }, { knownRuns }, { filterRuns }, { formatProblem }] = await Promise.all([
        import('../runs.ts'),
        import('../team-runs.ts'),
        import('../run-filter.ts'),
        import('../../problem.ts'),
      ]);
      const known = await knownRuns(process.env);
      const runs = filterRuns(known.runs, filter);
      process.stdout.write(`${json ? JSON.stringify(runs, null, 2) : formatRuns(runs)}\n`);
      if (!known.away) return;
      process.stderr.write(`${formatProblem(known.away)}\n`);
      exit(known.away.exit);
    });
};

const HELP = `
Examples:
  tejun runs --state stopped                       what can be resumed
  tejun runs --state elsewhere                     what goes on, or stands, on other hosts
  tejun runs --env production --json
  tejun runs --runbook cabanas-staging --operator alice@ops`;
