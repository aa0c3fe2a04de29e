import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PROGRAM_ROOT } from '../../src/program.ts';
import { WHOLE } from './scale.ts';

/**
 * Prints the figures of a suite, and keeps those of a whole one in `.vitest/faults/NAME.json`, from which docs/reliability.md
 * is written by hand: a figure there is one that was measured.
 */
export function publish(name: string, figures: Readonly<Record<string, number | string>>): void {
  const line = Object.entries(figures)
    .map(([what, figure]) => `${what} ${figure}`)
    .join(' · ');
  process.stdout.write(`${name}: ${line}\n`);
  if (!WHOLE) return;
  const directory = join(PROGRAM_ROOT, '.vitest', 'faults');
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(directory, `${name}.json`), `${JSON.stringify(figures, null, 2)}\n`);
}
