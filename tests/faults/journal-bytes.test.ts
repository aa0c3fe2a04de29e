import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { recoverJournal } from '../../src/journal/recover.ts';
import { verifyJournal } from '../../src/journal/verify.ts';
import { scratch, writeRun } from '../journal/a-journal.ts';
import { publish } from './figures.ts';
import { seeded, suiteOr, times } from './scale.ts';

/** What a disk writes at once, as its torn writes show: whole sectors that arrived, and zeros where one did not. */
const SECTOR = 512;
/** From one cut of the last record to the next. */
const STRIDE = suiteOr(1, 7);
const FLIPS = times(2_000, 200);

let dir: ReturnType<typeof scratch>;
let path: string;
let bytes: Buffer;
/** Where the last record begins. */
let last: number;
beforeAll(async () => {
  dir = scratch();
  path = join(dir.path, 'run', 'journal.jsonl');
  await writeRun(path);
  bytes = readFileSync(path);
  last = bytes.lastIndexOf(0x0a, bytes.length - 2) + 1;
});
afterAll(() => dir.remove());

/** What becomes of a file: its records when it is read, torn or whole; else the code of the refusal. */
function read(content: Buffer): { records: number; torn: boolean } | string {
  writeFileSync(path, content);
  try {
    const { records, recovered } = recoverJournal(path);
    return { records: records.length, torn: recovered !== undefined };
  } catch (error) {
    return (error as { code: string }).code;
  }
}

const linesIn = (content: Buffer) => content.toString().trimEnd().split('\n').length;

describe('what a power cut leaves of the last record', () => {
  test('every prefix is torn, and all records before it are read', () => {
    const whole = linesIn(bytes);
    let tried = 0;
    for (let length = last + 1; length < bytes.length; length += STRIDE, tried += 1) {
      expect(read(bytes.subarray(0, length))).toEqual({ records: whole - 1, torn: true });
    }
    publish('prefixes', { tried, 'read as torn': tried });
  });

  test('every pattern of zeroed sectors is torn, and all records before it are read', () => {
    const whole = linesIn(bytes);
    const sectors = Math.ceil((bytes.length - last) / SECTOR);
    let tried = 0;
    for (let pattern = 1; pattern < 2 ** sectors; pattern += 1, tried += 1) {
      const content = Buffer.from(bytes);
      for (let sector = 0; sector < sectors; sector += 1) {
        const from = last + sector * SECTOR;
        if (pattern & (1 << sector)) content.fill(0, from, Math.min(from + SECTOR, content.length));
      }
      expect(read(content)).toEqual({ records: whole - 1, torn: true });
    }
    publish('sectors', { tried, 'read as torn': tried });
  });
});

test('a flipped bit in an acknowledged record is never taken for a torn end', () => {
  const random = seeded(2_000);
  const outcomes: Record<string, number> = {};
  for (let n = 0; n < FLIPS; n += 1) {
    const content = Buffer.from(bytes);
    const at = Math.floor(random() * content.length);
    content[at] = (content[at] ?? 0) ^ (1 << Math.floor(random() * 8));
    const outcome = read(content);
    // The last record has no successor whose `prev` would tell: it is the signature of all before it, and signs its own form.
    const name = typeof outcome === 'string' ? outcome : outcome.torn ? 'read as torn' : verifyJournal(content).verdict;
    outcomes[name] = (outcomes[name] ?? 0) + 1;
  }
  publish('flips', { tried: FLIPS, ...outcomes });
  // A signature whose type was hit is a record of an unknown type: what it signed is then not signed.
  const detected = ['bad-signature', 'chain-broken', 'not-a-journal', 'unsigned-tail'];
  expect(Object.keys(outcomes).filter((name) => !detected.includes(name))).toEqual([]);
});
