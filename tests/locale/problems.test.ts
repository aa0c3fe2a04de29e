import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { MESSAGES } from '../../src/locale/index.ts';
import { told } from '../../src/locale/problems/told.ts';
import type { ProblemDetail, WrittenProblem } from '../../src/problem.ts';
import type { SecretFault } from '../../src/problem-codes.ts';
import { PROGRAM_ROOT } from '../../src/program.ts';

const problem: ProblemDetail = {
  code: 'budget-spent',
  what: '"Race" may run once in a run, and has.',
  means: 'Nothing was run.',
  next: ['skip it with a reason, or do it by hand and say so', 'tejun runs'],
};

describe('a problem in another language', () => {
  test('says what happened and what to do, and keeps the English sentences, which have the names', () => {
    expect(told(problem, MESSAGES.ja.problems)).toEqual({
      code: 'budget-spent',
      what: expect.stringMatching(/回数/),
      inEnglish: '"Race" may run once in a run, and has.',
      means: 'Nothing was run.',
      next: [expect.stringMatching(/省略/), 'tejun runs'],
    });
  });
  test('stays as it is in English, and where its code is of another version, or none', () => {
    expect(told(problem, MESSAGES.en.problems)).toBe(problem);
    for (const other of [{ ...problem, code: 'toString' }, { what: 'it failed' }] as WrittenProblem[])
      expect(told(other, MESSAGES.es.problems)).toBe(other);
  });
});

describe('a secret that was not taken', () => {
  const refused: ProblemDetail = {
    code: 'secret-rejected',
    what: 'DATABASE_URL was not taken: its scheme is not postgresql; it looks like a placeholder.',
    faults: ['url-scheme', 'placeholder'],
  };

  test('is refused with all that is wrong with it', () => {
    const { what, inEnglish } = told(refused, MESSAGES.es.problems);
    expect(what).toBe('No se aceptó. El esquema de la URL no es el pedido. Parece un valor de ejemplo.');
    expect(inEnglish).toBe(refused.what);
  });
  test('is refused without blanks between the sentences, where the language has none', () => {
    expect(told(refused, MESSAGES.ja.problems).what).toMatch(/^[^。]+。URL [^。]+。[^。 ]+。$/);
  });
  test('is refused all the same when what is wrong is of another version', () => {
    const newer = { ...refused, faults: ['other' as SecretFault] };
    expect(told(newer, MESSAGES.es.problems).what).toBe('No se aceptó.');
  });
});

describe('the texts', () => {
  const sources = ['src', 'tasks', 'screens'].flatMap((folder) =>
    readdirSync(join(PROGRAM_ROOT, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.tsx?$/.test(name) && !name.startsWith('locale/') && name !== 'problem-codes.ts')
      .map((name) => readFileSync(join(PROGRAM_ROOT, folder, name), 'utf8')),
  );
  const source = sources.join('\n');
  const { es, ja } = MESSAGES;
  // Their codes are put together where they are made.
  const composed = /^(?:attribute|cost|github)-/;

  test('are of codes that the program has', () => {
    const codes = Object.keys(es.problems?.what ?? {}).filter((code) => !composed.test(code));
    expect(codes.filter((code) => !source.includes(`'${code}'`))).toEqual([]);
  });
  test('are of lines that the program writes, the same ones in each language', () => {
    const lines = Object.keys(es.problems?.next ?? {});
    expect(lines).toEqual(Object.keys(ja.problems?.next ?? {}));
    const written = (line: string) => source.includes(line) || source.includes(line.replaceAll("'", "\\'"));
    expect(lines.filter((line) => !written(line))).toEqual([]);
  });
});
