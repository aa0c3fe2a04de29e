/** Writes docs/man/tejun.1 from the command line itself. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { commandTree } from '../src/commands/command-tree.ts';
import { version } from '../src/program.ts';
import { manPage } from './man-page.ts';

const at = (path: string) => fileURLToPath(new URL(`../docs/${path}`, import.meta.url));
await mkdir(at('man'), { recursive: true });
const exitCodes = await readFile(at('exit-codes.md'), 'utf8');
await writeFile(
  at('man/tejun.1'),
  manPage(
    commandTree(() => {}),
    exitCodes,
    version(),
  ),
);
