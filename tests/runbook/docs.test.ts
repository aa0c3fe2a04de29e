import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { ATTRIBUTES } from '../../src/runbook/fence.ts';
import { HTTP_METHODS, HTTP_OPERATORS } from '../../src/runbook/http-body.ts';
import { parseRunbook } from '../../src/runbook/parse.ts';
import { FLOWS, GUARDS, LANGUAGES, STAGES } from '../../src/runbook/types.ts';

const DOCS = readFileSync('docs/runbook-format.md', 'utf8');

/** Every problem's code that the parser and the plan can give. */
function codes(): Set<string> {
  const files = [
    ...readdirSync('src/runbook').map((name) => `src/runbook/${name}`),
    ...readdirSync('src/engine').flatMap((name) => (name.startsWith('plan') ? [`src/engine/${name}`] : [])),
    'src/engine/section.ts',
    'src/commands/settings.ts',
    'src/commands/plan.ts',
  ];
  const call = /(?:code: |problem\(\s*|complain\(|fail\()'([a-z]+(?:-[a-z]+)*)'/g;
  return new Set(
    files.flatMap((file) => [...readFileSync(file, 'utf8').matchAll(call)].map((match) => match[1] ?? '')),
  );
}

describe('docs/runbook-format.md', () => {
  test('has an example that is a runbook', () => {
    const example = /^````markdown\n([\s\S]*?)^````$/m.exec(DOCS)?.[1] ?? '';
    const { steps, checklist } = parseRunbook('example.md', example);
    expect(steps.map(({ id }) => id)).toEqual(['secrets', 'rollout', 'health', 'race', 'back', 'errors']);
    expect(checklist).toHaveLength(3);
  });

  test('names every error', () => {
    expect([...codes()].filter((code) => !DOCS.includes(`\`${code}\``))).toEqual([]);
  });

  test('names no error that there is not', () => {
    const chapter = DOCS.slice(DOCS.indexOf('## Every error'), DOCS.indexOf('## Plan as JSON'));
    const named = [...chapter.matchAll(/^\| (`[^|]*) \|/gm)].flatMap(([, cell = '']) => [
      ...cell.matchAll(/`([a-z-]+)`/g),
    ]);
    expect(named.length).toBeGreaterThan(60);
    expect(named.map((match) => match[1] ?? '').filter((code) => !codes().has(code))).toEqual([]);
  });

  test.each([
    ['stage', STAGES],
    ['language', LANGUAGES],
    ['guard', GUARDS],
    ['flow', FLOWS],
    ['http operator', HTTP_OPERATORS],
  ])('explains every %s', (_, words) => {
    expect(words.filter((word) => !DOCS.includes(`\`${word}`))).toEqual([]);
  });

  test('explains every attribute and method', () => {
    expect(ATTRIBUTES.filter((name) => !DOCS.includes(`| \`${name}=`))).toEqual([]);
    expect(HTTP_METHODS.filter((method) => !DOCS.includes(method))).toEqual([]);
  });
});
