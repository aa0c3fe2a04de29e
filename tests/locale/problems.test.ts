import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { MESSAGES } from '../../src/locale/index.ts';
import { TOLD, told } from '../../src/locale/problems/told.ts';
import type { ProblemDetail } from '../../src/problem.ts';
import { PROGRAM_ROOT } from '../../src/program.ts';

const problem: ProblemDetail = {
  code: 'budget-spent',
  what: '"Race" may run once in a run, and has.',
  next: ['skip it with a reason'],
};

describe('a problem in another language', () => {
  test('says what happened and what to do, and keeps the English sentence, which has the names', () => {
    const { what, means, next } = told(problem, MESSAGES.ja.problems);
    expect(what).toMatch(/回数/);
    expect(means).toBe(problem.what);
    expect(next?.[0]).toMatch(/省略/);
  });
  test('stays as it is in English, and where there is no text for it', () => {
    expect(told(problem, MESSAGES.en.problems)).toBe(problem);
    const other = { ...problem, code: 'fly-unhealthy' };
    expect(told(other, MESSAGES.es.problems)).toBe(other);
  });
});

test('every code that is told is one that the program has', () => {
  const files = readdirSync(join(PROGRAM_ROOT, 'src'), { recursive: true, encoding: 'utf8' }).filter(
    (name) => name.endsWith('.ts') && !name.startsWith('locale/'),
  );
  const source = files.map((name) => readFileSync(join(PROGRAM_ROOT, 'src', name), 'utf8')).join('\n');
  expect(TOLD.filter((code) => !source.includes(`'${code}'`))).toEqual([]);
});
