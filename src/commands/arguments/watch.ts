import type { Declare } from './command.ts';
import { languageOption } from './options.ts';

export const watch: Declare = (program, exit) => {
  program
    .command('watch')
    .description(
      'look on while a run goes on, from another terminal, or another host through the team’s store; nothing can be changed from there',
    )
    .argument('[run]', 'the id of the run; the newest one that goes on when left out')
    .addOption(languageOption())
    .addHelpText('after', HELP)
    .action(async (run: string | undefined, options: { lang?: string }) => {
      const { latestLive } = await import('../resume.ts');
      const { openHome } = await import('../home.ts');
      exit(await openHome({ attach: run ?? (await latestLive(process.env)), watch: true, secret: [], ...options }));
    });
};

const HELP = `
Examples:
  tejun watch                                      the newest run that goes on
  tejun watch 20261122-0529-k3`;
