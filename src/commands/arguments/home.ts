import type { Flow } from '../../runbook/types.ts';
import type { Declare } from './command.ts';
import { flowOption, languageOption, portOption, RUNBOOK_HELP } from './options.ts';

export const home: Declare = (program, exit) => {
  program
    .command('home', { isDefault: true, hidden: true })
    .argument('[runbook]', RUNBOOK_HELP)
    .option('--env <name>', 'the environment to start with')
    .addOption(flowOption())
    .addOption(languageOption())
    .addOption(portOption())
    .action(
      async (runbook: string | undefined, options: { env?: string; flow?: Flow; lang?: string; port?: number }) => {
        const { openHome } = await import('../home.ts');
        exit(await openHome({ runbook, ...options }));
      },
    );
};
