import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { frontMatterJsonSchema } from '../../src/runbook/front-matter-schema.ts';

test('docs/runbook.schema.json is what the code accepts (npm run pages)', () => {
  const written = JSON.parse(readFileSync('docs/runbook.schema.json', 'utf8'));
  expect(written).toEqual(JSON.parse(JSON.stringify(frontMatterJsonSchema())));
});
