import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');

it('docs/journal.md describes every type of record with all its fields', () => {
  const page = read('docs/journal.md');
  const entries = read('src/journal/records.ts').split('export type Entry =')[1]?.split('export type JournalRecord')[0];
  const types = [...(entries ?? '').matchAll(/type: '([^']+)'([\s\S]*?)(?=\n {2}\| \{| {2}\| \{ type|$)/g)];
  expect(types.length).toBeGreaterThan(15);
  for (const [, type, body] of types) {
    const row = page.split('\n').find((line) => line.startsWith(`| \`${type}\` |`));
    expect(row, `a row for ${type}`).toBeDefined();
    for (const [, long, short] of (body ?? '').matchAll(/^ {6}(\w+)\??:|[;{] (\w+)\??:/gm))
      expect(row, `${type}.${long ?? short}`).toContain(`\`${long ?? short}\``);
  }
});
