import type { Declare } from './command.ts';

export const runs: Declare = (program) => {
  program
    .command('runs')
    .description('list the runs on this host, newest first')
    .option('--json', 'as a JSON array')
    .action(async (options: { json?: boolean }) => {
      const { formatRuns, listRuns } = await import('../runs.ts');
      const runs = listRuns(process.env);
      process.stdout.write(`${options.json ? JSON.stringify(runs, null, 2) : formatRuns(runs)}\n`);
    });
};
