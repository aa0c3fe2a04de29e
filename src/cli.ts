import { holdRawMode } from '../screens/keyboard/raw.ts';

// The very first act: from here on the terminal echoes nothing, so that a secret typed too early is not shown.
const PRINTS = new Set([
  'plan',
  'run',
  'runs',
  'store',
  'approve',
  'show',
  'verify',
  'report',
  'seal',
  'keys',
  'doctor',
  'config',
  'completion',
  'engine',
  '--auto',
  'help',
  '--help',
  '-h',
  '--version',
  '-V',
]);
if (!process.argv.slice(2).some((argument) => PRINTS.has(argument))) holdRawMode();

const { main } = await import('./commands/main.ts');
process.exitCode = await main(process.argv);
