import type { Declare } from './command.ts';
import type { HomeOptions } from './home.ts';
import { languageOption, plainOption, portOption, RUNBOOK_HELP, withSecrets } from './options.ts';

export const incident: Declare = (program, exit) => {
  withSecrets(
    program
      .command('incident')
      .description('something is wrong: look at everything at once, and see what can be done')
      .argument('<runbook>', RUNBOOK_HELP)
      .option('--env <name>', 'the environment that is in trouble')
      .addOption(languageOption())
      .addOption(plainOption()),
  )
    .addOption(portOption())
    .addHelpText('after', HELP)
    .action(async (runbook: string, options: Omit<HomeOptions, 'flow'>) => {
      const { openHome } = await import('../home.ts');
      exit(await openHome({ runbook, flow: 'incident', ...options }));
    });
};

const HELP = `
Looking only reads. Nothing is put right before you choose it and confirm it.

Examples:
  tejun incident cabanas-staging --env staging
  tejun incident cabanas-staging --env rehearsal    practise it`;
