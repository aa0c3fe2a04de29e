import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { PROGRAM_ROOT } from '../../src/program.ts';
import { type OperatorHome, operatorHome } from './home.ts';
import { runProgram } from './program.ts';

let home: OperatorHome;
let coverage: string;
beforeEach(() => {
  home = operatorHome();
  coverage = mkdtempSync(join(tmpdir(), 'tejun-coverage-'));
});
afterEach(() => {
  home.remove();
  rmSync(coverage, { recursive: true, force: true });
});

/** What draws and what queries: the bundle names the package of each of its parts in a comment. */
const HEAVY = /^\/\/ node_modules\/(ink|react|react-reconciler|yoga-layout|pg|conf|ajv|@inquirer\/[^/]+)\//gm;

const packagesIn = (file: string) => new Set([...readFileSync(file, 'utf8').matchAll(HEAVY)].map(([, name]) => name));

/** The packages whose code a run of the program has loaded, from V8's own account. */
async function loaded(args: readonly string[]): Promise<string[]> {
  const { code } = await runProgram(args, { ...home.env, NODE_V8_COVERAGE: coverage });
  expect(code).toBe(0);
  const urls = readdirSync(coverage).flatMap((name) => {
    const { result } = JSON.parse(readFileSync(join(coverage, name), 'utf8')) as { result: { url: string }[] };
    return result.map(({ url }) => url).filter((url) => url.startsWith('file:'));
  });
  expect(urls.length).toBeGreaterThan(1);
  return [...new Set(urls.flatMap((url) => [...packagesIn(fileURLToPath(url))]))] as string[];
}

test.each([['--help'], ['--version'], ['run --help'], ['completion bash'], ['runs'], ['config list']])(
  'tejun %s loads neither Ink nor React nor pg',
  async (line) => {
    expect(await loaded(line.split(' '))).toEqual([]);
  },
);

test('the mark is there to be found: some part of the bundle draws, and some part queries', () => {
  const dist = join(PROGRAM_ROOT, 'dist', 'chunks');
  const all = new Set(readdirSync(dist).flatMap((name) => [...packagesIn(join(dist, name))]));
  for (const name of ['ink', 'react', 'pg', '@inquirer/input']) expect(all).toContain(name);
});
