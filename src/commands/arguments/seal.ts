import type { Declare } from './command.ts';

export const seal: Declare = (program) => {
  program
    .command('seal')
    .description('sign and close a run afterwards: one that nobody could sign, or that stopped for good')
    .argument('<run>', 'the id of a run on this host')
    .action(async (run: string) => {
      const { sealLate } = await import('../seal.ts');
      const { receipt, fingerprint } = await sealLate(process.env, run);
      process.stderr.write(
        `sealed afterwards, with ${fingerprint}: it says so, and proves nothing of the time before\n`,
      );
      process.stdout.write(`${receipt}\n`);
    });
};
