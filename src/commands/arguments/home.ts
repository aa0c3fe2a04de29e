import type { Flow } from '../../runbook/types.ts';
import type { Declare } from './command.ts';
import {
  flowOption,
  languageOption,
  plainOption,
  portOption,
  RUNBOOK_HELP,
  type SecretArguments,
  secretFromOption,
  secretOption,
} from './options.ts';

export interface HomeOptions extends SecretArguments {
  env?: string;
  flow?: Flow;
  lang?: string;
  plain?: boolean;
  port?: number;
  takeOver?: string;
}

export const home: Declare = (program, exit) => {
  program
    .command('home', { isDefault: true, hidden: true })
    .argument('[runbook]', RUNBOOK_HELP)
    .option('--env <name>', 'the environment to start with')
    .addOption(flowOption())
    .addOption(languageOption())
    .addOption(plainOption())
    .addOption(secretOption())
    .addOption(secretFromOption())
    .addOption(portOption())
    .option('--take-over <run>', 'end that run, which holds the runbook and environment, and take its place')
    .action(async (runbook: string | undefined, options: HomeOptions) => {
      const { openHome } = await import('../home.ts');
      exit(await openHome({ runbook, ...options }));
    });
};
