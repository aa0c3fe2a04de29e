import type { Declare } from './command.ts';
import { flowOption, languageOption, RUNBOOK_HELP, sectionOption, setOption, type WalkOptions } from './options.ts';

export const plan: Declare = (program) => {
  program
    .command('plan')
    .description('print every step that would run, in order, with its effect')
    .argument('<runbook>', RUNBOOK_HELP)
    .requiredOption('--env <name>', 'the environment')
    .addOption(flowOption())
    .addOption(sectionOption())
    .addOption(setOption())
    .addOption(languageOption())
    .option('--json', 'as JSON')
    .addHelpText('after', HELP)
    .action(async (runbook: string, options: WalkOptions & { env: string; lang?: string; json?: boolean }) => {
      const [{ planCommand }, { operatorsLocale }] = await Promise.all([
        import('../plan.ts'),
        import('../preferences.ts'),
      ]);
      const { env: environment, flow = 'setup', section, set, lang, json = false } = options;
      const locale = await operatorsLocale(process.env, lang);
      process.stdout.write(await planCommand({ runbook, environment, flow, section, set, json, locale }));
    });
};

const HELP = `
Nothing is run, asked or written.

Examples:
  tejun plan cabanas-staging --env staging
  tejun plan booking.md --env production --flow rollback --json
  tejun plan booking.md --env staging --set release=v42 --section "Daily"`;
