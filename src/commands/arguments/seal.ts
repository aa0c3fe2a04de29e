import type { Declare } from './command.ts';
import { passphraseOption } from './options.ts';

export const seal: Declare = (program) => {
  program
    .command('seal')
    .description('sign and close a run afterwards: one that nobody could sign, or that stopped for good')
    .argument('<run>', 'the id of a run on this host')
    .addOption(passphraseOption())
    .action(async (run: string, { passphraseFrom }: { passphraseFrom?: string }) => {
      const [{ sealLate }, { ownerOfKey }] = await Promise.all([import('../seal.ts'), import('../passphrase.ts')]);
      const { receipt, fingerprint } = await ownerOfKey(passphraseFrom, () => sealLate(process.env, run));
      process.stderr.write(
        `sealed afterwards, with ${fingerprint}: it says so, and proves nothing of the time before\n`,
      );
      process.stdout.write(`${receipt}\n`);
    });
};
