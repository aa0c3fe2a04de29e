import type { Declare } from './command.ts';

export const show: Declare = (program) => {
  program
    .command('show')
    .description('how a run stands: its steps, its checklist, its notes')
    .argument('[run]', 'the id of the run, on this host or in the team’s store; the newest one here when left out')
    .option('--json', 'as a JSON object')
    .addHelpText('after', HELP)
    .action(async (run: string | undefined, { json }: { json?: boolean }) => {
      const { formatRun, showRun } = await import('../show.ts');
      const shown = await showRun(process.env, run);
      process.stdout.write(json ? `${JSON.stringify(shown, null, 2)}\n` : formatRun(shown));
    });
};

const HELP = `
Examples:
  tejun show                                       the newest run
  tejun show 20261122-0529-k3 --json
  tejun watch                                      the same, as it goes on`;
