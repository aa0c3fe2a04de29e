import { holdRawMode } from '../screens/keyboard/raw.ts';

// The very first act: from here on the terminal echoes nothing, so that a secret typed too early is not shown.
const DRAWS = new Set(['attach', undefined]);
const first = process.argv.slice(2).find((argument) => !argument.startsWith('-'));
const asksForText = process.argv.slice(2).some((argument) => ['--help', '-h', '--version', '-V'].includes(argument));
if (DRAWS.has(first) && !asksForText) holdRawMode();

const { main } = await import('./commands/main.ts');
process.exitCode = await main(process.argv);
