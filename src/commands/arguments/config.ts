import type { Declare } from './command.ts';

export const config: Declare = (program) => {
  const command = program
    .command('config')
    .description('what you prefer on this host: language, plain lines, bell, hook, wait times')
    .addHelpText('after', HELP);
  command
    .command('list')
    .description('every preference, its value and what it is for')
    .option('--json', 'as a JSON object')
    .action(async ({ json }: { json?: boolean }) => {
      const { PREFERENCES, readPreferences, shownPreference } = await import('../preferences.ts');
      const preferences = await readPreferences(process.env);
      const names = Object.keys(PREFERENCES) as (keyof typeof PREFERENCES)[];
      const shown = Object.fromEntries(names.map((name) => [name, shownPreference(name, preferences)]));
      const text = names
        .map((name) => `${name.padEnd(14)}${(shown[name] || '–').padEnd(12)}  ${PREFERENCES[name].means}`)
        .join('\n');
      process.stdout.write(`${json ? JSON.stringify({ ...preferences, webhook: shown['webhook'] }, null, 2) : text}\n`);
    });
  command
    .command('get')
    .description('one preference')
    .argument('<name>', 'as tejun config list has it')
    .action(async (name: string) => {
      const { readPreferences, requirePreference } = await import('../preferences.ts');
      const known = requirePreference(name);
      process.stdout.write(`${(await readPreferences(process.env))[known]}\n`);
    });
  command
    .command('set')
    .description('set one; an empty value takes a text away')
    .argument('<name>', 'as tejun config list has it')
    .argument('<value>')
    .action(async (name: string, value: string) => {
      const { setPreference } = await import('../preferences.ts');
      await setPreference(process.env, name, value);
    });
  command
    .command('path')
    .description('where they are kept')
    .action(async () => {
      const { preferencesFile } = await import('../preferences.ts');
      process.stdout.write(`${preferencesFile(process.env)}\n`);
    });
};

const HELP = `
A flag wins over a preference, and a preference over the locale of the host.

Examples:
  tejun config set language ja
  tejun config set hook 'notify-send tejun "$TEJUN_EVENT: $TEJUN_TITLE"'
  tejun config set webhook https://hooks.example.com/T0/B0/x
  tejun config set notify-after 60`;
