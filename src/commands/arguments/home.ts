import { existsSync } from 'node:fs';
import type { Command } from 'commander';
import { Problem } from '../../problem.ts';
import { nearest } from '../../runbook/nearest.ts';
import type { Flow } from '../../runbook/types.ts';
import type { Declare } from './command.ts';
import {
  flowOption,
  languageOption,
  plainOption,
  portOption,
  RUNBOOK_HELP,
  type SecretArguments,
  takeOverOption,
  withSecrets,
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
  withSecrets(
    program
      .command('home', { isDefault: true, hidden: true })
      .argument('[runbook]', RUNBOOK_HELP)
      .option('--env <name>', 'the environment to start with')
      .addOption(flowOption())
      .addOption(languageOption())
      .addOption(plainOption()),
  )
    .addOption(portOption())
    .addOption(takeOverOption())
    .action(async (runbook: string | undefined, options: HomeOptions) => {
      if (runbook !== undefined) refuseMisspelt(runbook, program);
      const { openHome } = await import('../home.ts');
      exit(await openHome({ runbook, ...options }));
    });
};

/** A word that is no runbook and nearly a command was probably meant as one: `tejun rnu`. */
function refuseMisspelt(word: string, program: Command): void {
  const commands = program.commands.map((command) => command.name()).filter((name) => name !== 'home');
  const near = existsSync(word) ? undefined : nearest(word, commands);
  if (near === undefined) return;
  throw new Problem({
    code: 'command-unknown',
    what: `There is no command or runbook "${word}".`,
    means: 'Nothing was run.',
    next: [`did you mean: tejun ${near}`, 'tejun --help shows the commands', 'or give the path of a Markdown file'],
  });
}
