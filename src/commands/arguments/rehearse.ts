import { REHEARSAL } from '../../runbook/types.ts';
import type { Declare } from './command.ts';
import {
  flowOption,
  languageOption,
  plainOption,
  portOption,
  RUNBOOK_HELP,
  sectionOption,
  setOption,
  withSecrets,
} from './options.ts';
import { printAuto, type RunOptions } from './run.ts';

interface RehearseOptions extends Omit<RunOptions, 'env'> {
  auto?: boolean;
  lang?: string;
  plain?: boolean;
}

export const rehearse: Declare = (program, exit) => {
  withSecrets(
    program
      .command('rehearse')
      .description('practise on this machine; with a drill, something breaks on purpose')
      .argument('<runbook>', RUNBOOK_HELP)
      .option('--drill <name>', 'what the rehearsal breaks')
      .addOption(flowOption())
      .addOption(sectionOption())
      .option('--auto', 'without a terminal, taking every suggested answer')
      .addOption(setOption()),
  )
    .option('--json', 'with --auto: the journal’s records as JSON lines')
    .addOption(languageOption())
    .addOption(plainOption())
    .addOption(portOption())
    .addHelpText('after', HELP)
    .action(async (runbook: string, { auto, lang, ...options }: RehearseOptions) => {
      // A drill meets what is already there; without one, a newcomer sees the whole way.
      const flow = options.flow ?? (options.drill ? 'redeploy' : 'setup');
      const rehearsal = { ...options, env: REHEARSAL, flow };
      if (auto) return exit(await printAuto(runbook, rehearsal));
      const { openHome } = await import('../home.ts');
      exit(await openHome({ runbook, ...rehearsal, ...(lang ? { lang } : {}) }));
    });
};

const HELP = `
A real PostgreSQL and real services run on this machine, with stand-ins for the platforms; nothing real is touched.

Examples:
  tejun rehearse cabanas-staging                              walk the whole way, as with the real thing
  tejun rehearse cabanas-staging --drill release-unhealthy    practise a release that never becomes healthy
  tejun rehearse cabanas-staging --auto --json                without a terminal, as a test of the runbook`;
