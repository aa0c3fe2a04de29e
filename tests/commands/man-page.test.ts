import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { manPage } from '../../scripts/man-page.ts';
import { commandTree } from '../../src/commands/command-tree.ts';
import { version } from '../../src/program.ts';

const PAGE = 'docs/man/tejun.1';

test('docs/man/tejun.1 is the command line as it is (npm run pages)', () => {
  const tree = commandTree(() => {});
  expect(readFileSync(PAGE, 'utf8')).toBe(manPage(tree, readFileSync('docs/exit-codes.md', 'utf8'), version()));
});

test.each([
  ['groff', ['-man', '-ww', '-z', PAGE]],
  ['mandoc', ['-T', 'lint', '-W', 'warning', PAGE]],
])('%s has nothing to complain about', (program, args) => {
  const { error, stdout, stderr } = spawnSync(program, args, { encoding: 'utf8' });
  if ((error as NodeJS.ErrnoException | undefined)?.code === 'ENOENT') return;
  expect(`${stdout}${stderr}`).toBe('');
});
