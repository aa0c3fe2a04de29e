import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { PROGRAM_ROOT } from '../../src/program.ts';
import { patternsOf } from '../../src/secrets/patterns.ts';
import { cases, expectSame, inChunks, knowing, TEXTS_A_CASE } from '../secrets/redactor-cases.ts';
import { formsOf, tracesOf } from './forms.ts';
import { SHAPES } from './shapes.ts';

test('10⁵ texts against the slow redactor', () => {
  fc.assert(fc.property(cases, expectSame), { numRuns: 100_000 / TEXTS_A_CASE });
});

test.each(Object.entries(SHAPES))('every pattern of a secret (%s), cut in two at every position', (shape, make) => {
  const value = make();
  const redactor = knowing({ [shape]: value });
  let cuts = 0;
  for (const { text } of patternsOf(shape, Buffer.from(value))) {
    const whole = `<${text}>`;
    const shown = redactor.text(whole);
    expect(shown).not.toContain(text);
    for (let cut = 1; cut < whole.length; cut += 1) {
      cuts += 1;
      // Not `toBe`: its message would show the secret.
      if (inChunks(redactor, [whole.slice(0, cut), whole.slice(cut)]) !== shown)
        expect.fail(`differs when cut at ${cut}`);
    }
  }
  process.stdout.write(`${shape}: ${cuts} cuts, 0 differ\n`);
});

test.each(Object.entries(SHAPES))(
  'every form that programs print (%s), cut in two at every position',
  (shape, make) => {
    const value = make();
    const redactor = knowing({ [shape]: value });
    const traces = tracesOf(value);
    let cuts = 0;
    for (const [form, printed] of formsOf(value)) {
      const trace = traces.get(form);
      if (trace === undefined) continue;
      for (let cut = 0; cut < printed.length; cut += 1) {
        cuts += 1;
        const shown = inChunks(redactor, [`${form}=<${printed.slice(0, cut)}`, `${printed.slice(cut)}>\n`]);
        if (shown.replace(/\x1b\[[0-9;]*[A-Za-z]|[\r\n]/g, '').includes(trace))
          expect.fail(`${form} shows when cut at ${cut}`);
      }
    }
    process.stdout.write(`${shape}: ${cuts} cuts of what programs print, 0 show\n`);
  },
);

/** What tools of this machine print, in lines as an operator sees them. */
const TOOLS: readonly (readonly [file: string, args: readonly string[]])[] = [
  ['git', ['log', '-p', '--no-color']],
  ['npm', ['ls', '--all', '--json']],
  ['ps', ['auxww']],
  ['node', ['--v8-options']],
  ['ls', ['-lR', '--time-style=full-iso', 'node_modules']],
  ['ls', ['-lR', '/usr/bin', '/usr/lib', '/usr/share']],
  // Of each 16 bytes it makes more than 50: of this much, all that the others leave of the 10 MB.
  ['od', ['-An', '-tx1z', '-v', '-N', String(4 * 1024 * 1024), process.execPath]],
];
const MEGABYTES_OF_EACH = 6;

test('false masking in 10 MB of what real tools print: none of it can hold secrets that are drawn at random', () => {
  const size = 10 * 1024 * 1024;
  const text = TOOLS.map(([file, args]) => {
    const { stdout } = spawnSync(file, args, { maxBuffer: 256 * 1024 * 1024, encoding: 'utf8', cwd: PROGRAM_ROOT });
    return file === 'od' ? stdout : (stdout ?? '').slice(0, MEGABYTES_OF_EACH * 1024 * 1024);
  })
    .join('')
    .slice(0, size);
  expect(text.length).toBe(size);
  const draw = (count: number, make: () => string) =>
    Object.fromEntries(Array.from({ length: count }, (_, index) => [`DRAWN${index}`, make()]));
  const count = (secrets: Readonly<Record<string, string>>) =>
    knowing(secrets)
      .text(text)
      .split(/\[DRAWN\d+\]/).length - 1;
  const shapes = Object.values(SHAPES);
  const long = count(draw(50, () => shapes[Math.floor(Math.random() * shapes.length)]?.() ?? ''));
  const short = count(draw(50, () => randomBytes(3).toString('hex')));
  process.stdout.write(
    `masked in ${size} bytes of real output: ${long} by 50 secrets of 8 and more, ${short} by 50 of 6\n`,
  );
  expect(long).toBe(0);
  // Whole words only; among a hundred thousand of six hexadecimal digits each is met by chance.
  expect(short).toBeLessThan(100);
});
