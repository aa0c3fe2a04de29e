import type { Declare } from './command.ts';
import { languageOption, type SecretArguments, secretFromOption, secretOption } from './options.ts';

export const resume: Declare = (program, exit) => {
  program
    .command('resume')
    .alias('attach')
    .description('go back to a run: to its engine, or to its journal when the engine is gone')
    .argument('[run]', 'the id of the run; the newest unfinished one when left out')
    .addOption(secretOption())
    .addOption(secretFromOption())
    .addOption(languageOption())
    .action(async (run: string | undefined, options: SecretArguments & { lang?: string }) => {
      const { latestUnfinished } = await import('../resume.ts');
      const { openHome } = await import('../home.ts');
      exit(await openHome({ attach: run ?? latestUnfinished(process.env), ...options }));
    });
};
