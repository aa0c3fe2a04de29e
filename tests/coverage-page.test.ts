import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parseRunbook } from '../src/runbook/parse.ts';

const PAGE = readFileSync('docs/coverage.md', 'utf8');
const SECTIONS = PAGE.split(/^## /m)
  .slice(1)
  .map((text) => ({ runbook: /· (\S+\.md)/.exec(text)?.[1] ?? '', text }));

describe('docs/coverage.md', () => {
  test('has a section for each of the five runbooks', () => {
    expect(SECTIONS.map(({ runbook }) => runbook)).toEqual([
      'osakamenesu-staging.md',
      'salon-gbp-vps.md',
      'horologen-render.md',
      'fly-neon-production.md',
      'cabanas-staging.md',
    ]);
  });

  test('names only tests that there are', () => {
    const named = [...PAGE.matchAll(/`(tests\/[\w./-]+)`/g)].map((match) => match[1] ?? '');
    expect(named.length).toBeGreaterThan(20);
    expect(named.filter((path) => !existsSync(path))).toEqual([]);
  });

  test.each(SECTIONS)('speaks of every part of $runbook that runs by itself', ({ runbook, text }) => {
    const { steps } = parseRunbook(runbook, readFileSync(`runbooks/${runbook}`));
    const rows = text.split('\n').filter((line) => line.startsWith('|'));
    expect(rows.length).toBeGreaterThan(10);
    const named = steps.filter(({ id }) => rows.some((row) => row.includes(`\`${id}\``)));
    // Steps that only support a row's step (a check before it, a status after it) need no row of their own.
    expect(named.length).toBeGreaterThan(steps.length / 2);
  });
});
