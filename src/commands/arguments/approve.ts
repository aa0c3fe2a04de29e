import type { Declare } from './command.ts';
import { languageOption, passphraseOption } from './options.ts';

interface ApproveOptions {
  request?: string;
  give?: string;
  out?: string;
  passphraseFrom?: string;
  lang?: string;
}

export const approve: Declare = (program, exit) => {
  program
    .command('approve')
    .description('approve a run whose environment asks for a second person: read its plan, and sign it')
    .argument('<run>', 'the id of a run on this host, or a request file that was sent to you')
    .option('--request <file>', 'write what an approver elsewhere has to read and sign')
    .option('--give <file>', 'give the run the approval that came back')
    .option('--out <file>', 'where the approval of a request file goes; standard output when left out')
    .addOption(passphraseOption())
    .addOption(languageOption())
    .addHelpText('after', HELP)
    .action(async (named: string, { passphraseFrom, ...options }: ApproveOptions) => {
      const [{ approveCommand }, { ownerOfKey }] = await Promise.all([
        import('../approve-command.ts'),
        import('../passphrase.ts'),
      ]);
      const signs = options.request === undefined && options.give === undefined;
      const work = () => approveCommand(named, options);
      exit(await (signs ? ownerOfKey(passphraseFrom, work) : work()));
    });
};

const HELP = `
The approver signs with the key of their own agent or ~/.ssh, under their own TEJUN_OPERATOR. Nobody approves a run
that they began. Whose key counts is in the allowed_signers file of the host of the run.

Examples:
  tejun approve 20261122-0529-k3                        on the host of the run
  tejun approve 20261122-0529-k3 --request ask.json     elsewhere: write what has to be signed, and send it
  tejun approve ask.json --out approval.json            …the approver reads and signs it, and sends it back
  tejun approve 20261122-0529-k3 --give approval.json   …and the operator gives it to the run`;
