/** Writes docs/journal.schema.json: the JSON Schema of a journal's records, for whoever reads `--json`. */
import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { recordJsonSchema } from '../src/journal/record-schema.ts';

const file = fileURLToPath(new URL('../docs/journal.schema.json', import.meta.url));
await writeFile(file, `${JSON.stringify(recordJsonSchema(), null, 2)}\n`);
