import type { AnswerOptions } from '../answers.ts';
import { withAnswers } from './answers.ts';
import type { Declare } from './command.ts';
import { languageOption, plainOption, type SecretArguments, withSecrets } from './options.ts';
import { tellingOf } from './run.ts';

interface ResumeOptions extends AnswerOptions, SecretArguments {
  lang?: string;
  plain?: boolean;
  json?: boolean;
}

export const resume: Declare = (program, exit) => {
  const command = withSecrets(
    program
      .command('resume')
      .alias('attach')
      .description('go back to a run: to its engine, or to its journal when the engine is gone')
      .argument('[run]', 'the id of the run; the newest unfinished one when left out'),
  )
    .addOption(languageOption())
    .addOption(plainOption());
  withAnswers(command)
    .option('--json', 'print the journal’s records as JSON lines')
    .addHelpText('after', HELP)
    .action(async (named: string | undefined, options: ResumeOptions) => {
      const { lang, plain = false, json = false, secret, secretsFrom, passphraseFrom, ...answers } = options;
      const given = { secret, secretsFrom, passphraseFrom };
      const [{ latestUnfinished }, { answersAnything, readAnswers }] = await Promise.all([
        import('../resume.ts'),
        import('../answers.ts'),
      ]);
      const run = named ?? latestUnfinished(process.env);
      const terminal = process.stdin.isTTY && process.stdout.isTTY;
      if (terminal && !json && !answersAnything(answers)) {
        const { openHome } = await import('../home.ts');
        return exit(await openHome({ attach: run, plain, ...given, ...(lang ? { lang } : {}) }));
      }
      const [{ resumeByFlags }, { holdRawMode }] = await Promise.all([
        import('../run.ts'),
        import('../../../screens/keyboard/raw.ts'),
      ]);
      // No key is read: Ctrl-C is the signal again.
      holdRawMode().release();
      exit(await resumeByFlags(run, readAnswers(answers), given, await tellingOf({ json })));
    });
};

const HELP = `
In a terminal it opens the screens. Without one, or with a flag that answers something, it goes on as tejun run
does: what no flag answers ends the walk again, exit code 6.

Examples:
  tejun resume                                     the newest run that is not finished, on the screens
  tejun resume 20261122-0529-k3 --retry rollout    run the step that failed once more, and go on
  tejun resume --skip warm-cache="no cache here"   leave a step out, and go on`;
