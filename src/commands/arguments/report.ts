import { Option } from 'commander';
import type { ReportFormat } from '../report.ts';
import type { Declare } from './command.ts';
import { languageOption } from './options.ts';

interface ReportArguments {
  format: ReportFormat;
  lang?: string;
}

export const report: Declare = (program) => {
  program
    .command('report')
    .description('tell what happened in a run: who, when, where, each step, the checklist, failures, decisions')
    .argument('<run>', 'the id of a run, on this host or in the team’s store; or a journal.jsonl')
    .addOption(new Option('--format <format>', 'how').choices(['md', 'html', 'json']).default('md'))
    .addOption(languageOption())
    .addHelpText('after', HELP)
    .action(async (run: string, { format, lang }: ReportArguments) => {
      const { reportCommand } = await import('../report.ts');
      const { journalAnywhere } = await import('../team-runs.ts');
      const { operatorsLocale } = await import('../preferences.ts');
      const locale = await operatorsLocale(process.env, lang);
      process.stdout.write(reportCommand(await journalAnywhere(process.env, run), format, locale));
    });
};

const HELP = `
Examples:
  tejun report 20261122-0529-k3                              Markdown, for a ticket
  tejun report 20261122-0529-k3 --format html > report.html  one file for a browser
  tejun report journal.jsonl --format json`;
