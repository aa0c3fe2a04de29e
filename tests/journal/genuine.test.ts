import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { requireGenuine } from '../../src/journal/genuine.ts';
import { recoverJournal } from '../../src/journal/recover.ts';
import { EXIT } from '../../src/problem.ts';
import { scratch, writeRun } from './a-journal.ts';

let dir: ReturnType<typeof scratch>;
let path: string;
beforeEach(async () => {
  dir = scratch();
  path = join(dir.path, 'run', 'journal.jsonl');
  await writeRun(path, { seal: false });
});
afterEach(() => dir.remove());

test('a journal as it was written may be gone on with, sealed or not', () => {
  expect(() => requireGenuine(path)).not.toThrow();
});

test('a change in the last record, of which the chain does not tell, is refused', () => {
  const bytes = readFileSync(path);
  // A character of the signature's base64: the line is JSON still, and nothing follows it.
  const at = bytes.length - 60;
  bytes[at] = bytes[at] === 0x41 ? 0x42 : 0x41;
  writeFileSync(path, bytes);
  expect(() => recoverJournal(path)).not.toThrow();
  expect(() => requireGenuine(path)).toThrow(
    expect.objectContaining({ code: 'journal-changed', exit: EXIT.badSignature }),
  );
  expect(readFileSync(path)).toEqual(bytes);
});
