import type { Declare } from './command.ts';
import { languageOption } from './options.ts';

export const show: Declare = (program) => {
  program
    .command('show')
    .description('how a run stands: its steps, its checklist, its notes')
    .argument('[run]', 'the id of the run, on this host or in the team’s store; the newest one here when left out')
    .option('--json', 'as a JSON object')
    .addOption(languageOption())
    .addHelpText('after', HELP)
    .action(async (run: string | undefined, { json, lang }: { json?: boolean; lang?: string }) => {
      const [{ formatRun, showRun }, { operatorsLocale }] = await Promise.all([
        import('../show.ts'),
        import('../preferences.ts'),
      ]);
      const shown = await showRun(process.env, run);
      const text = async () => formatRun(shown, await operatorsLocale(process.env, lang));
      process.stdout.write(json ? `${JSON.stringify(shown, null, 2)}\n` : await text());
    });
};

const HELP = `
Examples:
  tejun show                                       the newest run
  tejun show 20261122-0529-k3 --json
  tejun watch                                      the same, as it goes on`;
