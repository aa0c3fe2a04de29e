import type { Declare } from './command.ts';
import { languageOption } from './options.ts';

interface VerifyOptions {
  allowedSigners?: string;
  revokedKeys?: string;
  receipt?: string;
  rehearsal?: boolean;
  json?: boolean;
  explain?: boolean;
  lang?: string;
}

export const verify: Declare = (program, exit) => {
  program
    .command('verify')
    .description('say whether a journal is sealed, whole and signed')
    .argument('<file>', 'a journal.jsonl, or the id of a run, on this host or in the team’s store')
    .option('--allowed-signers <file>', 'whom to trust, as OpenSSH writes it (ssh-keygen(1))')
    .option('--revoked-keys <file>', 'public keys that are nobody’s any more, one a line')
    .option('--receipt <line>', 'the receipt that was printed at the seal')
    .option('--rehearsal', 'a sealed rehearsal is what is expected')
    .option('--explain', 'say what the verdict means, what it proves and does not, and what to do')
    .addOption(languageOption())
    .option('--json', 'the verdict as JSON')
    .addHelpText('after', HELP)
    .action(async (file: string, { explain, lang, ...options }: VerifyOptions) => {
      const { verifyCommand } = await import('../verify.ts');
      const { journalAnywhere } = await import('../team-runs.ts');
      const { operatorsLocale } = await import('../preferences.ts');
      const verdict = verifyCommand({
        file: await journalAnywhere(process.env, file),
        ...options,
        ...(explain ? { explain: await operatorsLocale(process.env, lang) } : {}),
      });
      process.stdout.write(verdict.text);
      exit(verdict.exit);
    });
};

const HELP = `
Each verdict has its own exit code: 0 sealed · 20 unsealed · 21 unsigned · 22 torn · 23 chain broken · 24 bad signature
25 unknown signer · 26 other run · 27 older than the receipt · 28 a rehearsal.

Examples:
  tejun verify 20261122-0529-k3
  tejun verify journal.jsonl --allowed-signers allowed_signers
  tejun verify journal.jsonl --explain --lang es
  tejun verify journal.jsonl --receipt 'tejun-receipt v1 run=…'`;
