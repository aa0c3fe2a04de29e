import type { Declare } from './command.ts';

export const keys: Declare = (program) => {
  const command = program
    .command('keys')
    .description('what signs here, and whose signatures are known here')
    .option('--json', 'as one JSON object')
    .action(async ({ json }: { json?: boolean }) => {
      const { formatKeys, listKeys } = await import('../keys.ts');
      const listing = await listKeys(process.env);
      say(json ? JSON.stringify(listing, null, 2) : formatKeys(listing));
    });
  command
    .command('make')
    .description("make tejun's own key, for a host where you have no SSH key")
    .action(async () => {
      const { makeKey } = await import('../keys.ts');
      const { path, publicKey, made } = makeKey(process.env);
      process.stderr.write(
        made ? `made ${path}; its public half, for those who verify:\n` : `${path} was there already:\n`,
      );
      say(publicKey);
    });
  command
    .command('trust')
    .description('say that a key is a person’s: what it signs as this person is accepted')
    .argument('<principal>', 'the person, e.g. alice@ops')
    .argument('<key>', 'a .pub file, or its line')
    .action(async (principal: string, key: string) => {
      const { trustKey } = await import('../keys.ts');
      const { fingerprint, added } = trustKey(process.env, principal, key);
      say(`${principal} ${added ? 'is known by' : 'was known already by'} ${fingerprint}`);
    });
  command
    .command('revoke')
    .description('say that a key is nobody’s any more: nothing that it signed is accepted')
    .argument('<key>', 'a .pub file, its line, or the fingerprint of a trusted key')
    .action(async (key: string) => {
      const { revokeKey } = await import('../keys.ts');
      const { fingerprint, added } = revokeKey(process.env, key);
      say(`${fingerprint} ${added ? 'is revoked' : 'was revoked already'}`);
    });
};

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}
