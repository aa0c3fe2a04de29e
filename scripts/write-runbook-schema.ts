/** Writes docs/runbook.schema.json: the JSON Schema of a runbook's front matter, for editors. */
import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { frontMatterJsonSchema } from '../src/runbook/front-matter-schema.ts';

const file = fileURLToPath(new URL('../docs/runbook.schema.json', import.meta.url));
await writeFile(file, `${JSON.stringify(frontMatterJsonSchema(), null, 2)}\n`);
