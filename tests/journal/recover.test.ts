import { appendFileSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readJournal, recoverJournal, resumeJournal } from '../../src/journal/recover.ts';
import { verifyJournal } from '../../src/journal/verify.ts';
import { openJournal } from '../../src/journal/writer.ts';
import { EXIT } from '../../src/problem.ts';
import { refusal } from '../refusal.ts';
import { begin, keep, note, scratch, seal, writeRun } from './a-journal.ts';

let dir: ReturnType<typeof scratch>;
let path: string;
let whole: Buffer;
let last: Buffer;

/** A journal of three records; `last` is the line of a fourth that is being written when the power goes. */
beforeEach(() => {
  dir = scratch();
  path = join(dir.path, 'journal.jsonl');
  const journal = openJournal(path, { redact: keep });
  for (const entry of [begin(), note('one'), note('two')]) journal.append(entry);
  whole = readFileSync(path);
  journal.append(note(`three ${'x'.repeat(1500)} {"seq":1}`));
  last = readFileSync(path).subarray(whole.length);
  journal.close();
});
afterEach(() => dir.remove());

function leave(...tail: Uint8Array[]): void {
  writeFileSync(path, Buffer.concat([whole, ...tail]));
}

/** `last` with the 512-byte sectors of `zeroed` never written. */
function sectors(zeroed: readonly number[]): Buffer {
  const out = Buffer.from(last);
  for (const sector of zeroed) out.fill(0, sector * 512, Math.min((sector + 1) * 512, out.length));
  return out;
}

describe('a journal that a crash left', () => {
  it('is cut after its last whole record, with the torn bytes kept aside, wherever the cut fell', () => {
    for (let length = 1; length < last.length; length += 37) {
      leave(last.subarray(0, length));
      const { records, recovered } = recoverJournal(path);
      expect(records).toHaveLength(3);
      expect(recovered?.bytes).toBe(length);
      expect(readFileSync(join(dir.path, recovered?.file ?? ''))).toEqual(last.subarray(0, length));
      expect(readFileSync(path)).toEqual(whole);
    }
  });

  it.each([
    ['its newline is missing', () => last.subarray(0, -1)],
    ['the first sector is zeros', () => sectors([0])],
    ['a middle sector is zeros', () => sectors([1])],
    ['the last sector is zeros', () => sectors([3])],
    ['all of it is zeros', () => sectors([0, 1, 2, 3])],
    ['zeros follow a whole sector', () => Buffer.concat([last.subarray(0, 512), Buffer.alloc(4096)])],
    ['zeros follow the last record', () => Buffer.alloc(4096)],
  ])('is recovered when %s', (_, tail) => {
    leave(tail());
    expect(recoverJournal(path)).toMatchObject({ records: { length: 3 }, recovered: { bytes: tail().length } });
    expect(readFileSync(path)).toEqual(whole);
  });

  it('is left as it is when it is whole', () => {
    expect(recoverJournal(path).recovered).toBeUndefined();
    expect(readFileSync(path)).toEqual(Buffer.concat([whole, last]));
  });

  it('goes on where it stopped, and the chain and the signatures hold', async () => {
    const run = join(dir.path, 'run', 'journal.jsonl');
    const { signer } = await writeRun(run, { seal: false });
    appendFileSync(run, '{"seq":7,"at":"2026');
    const { journal, recovered, records } = resumeJournal(run, { redact: keep });
    expect(records).toHaveLength(6);
    journal.append({ type: 'resumed', by: 'alice@ops', ...(recovered ? { recovered } : {}) });
    journal.append(seal);
    journal.signPrefix(signer);
    journal.close();
    expect(verifyJournal(run)).toMatchObject({ verdict: 'sealed', records: 9, signatures: 3 });
  });
});

describe('a journal that is damaged elsewhere', () => {
  it.each([
    ['a byte of an earlier record differs', () => Buffer.concat([flip(whole, 700), last]), 1],
    ['the newline of an acknowledged record differs', () => flip(Buffer.concat([whole, last]), whole.length - 1), 2],
    ['the newline of the last record differs', () => flip(Buffer.concat([whole, last]), -1), 3],
    ['a quote of the last record differs', () => flip(Buffer.concat([whole, last]), -2), 3],
    ['garbage with newlines follows', () => Buffer.concat([whole, Buffer.from('{"se\nfoo\nbar')]), 3],
    [
      'a line is missing',
      () => Buffer.concat([whole.subarray(0, lineStart(1)), whole.subarray(lineStart(2)), last]),
      1,
    ],
    ['a line is twice there', () => Buffer.concat([whole, whole.subarray(lineStart(2)), last]), 3],
  ])('is refused, and kept as it is, when %s', (_, damaged, at) => {
    const bytes = damaged();
    writeFileSync(path, bytes);
    const problem = refusal(() => recoverJournal(path));
    expect(problem).toMatchObject({ code: 'chain-broken', exit: EXIT.chainBroken, where: { line: at + 1 } });
    expect(problem.what).toContain(`broken at record ${at}`);
    expect(readFileSync(path)).toEqual(bytes);
    expect(refusal(() => readJournal(path)).code).toBe('chain-broken');
  });

  function flip(bytes: Buffer, at: number): Buffer {
    const out = Buffer.from(bytes);
    const index = at < 0 ? out.length + at : at;
    out[index] = (out[index] ?? 0) ^ 1;
    return out;
  }

  function lineStart(n: number): number {
    let start = 0;
    for (let line = 0; line < n; line++) start = whole.indexOf(0x0a, start) + 1;
    return start;
  }
});

describe('reading', () => {
  it('leaves out a record that is being written right now, and does not touch it', () => {
    leave(last.subarray(0, 100));
    expect(readJournal(path)).toHaveLength(3);
    expect(readFileSync(path)).toHaveLength(whole.length + 100);
  });

  it('finds no record yet in a file that has just been made', () => {
    truncateSync(path, 0);
    expect(readJournal(path)).toEqual([]);
    expect(refusal(() => recoverJournal(path))).toMatchObject({ code: 'not-a-journal', exit: EXIT.torn });
  });

  it.each([
    ['a file that is not there', undefined, 'journal-not-found'],
    ['text', 'hello, world', 'not-a-journal'],
    ['other JSON lines', '{"level":"info"}\n{"level":"warn"}\n', 'not-a-journal'],
    ['binary data', Buffer.from([0x7f, 0x45, 0x4c, 0x46, 0, 0, 10, 0]), 'not-a-journal'],
  ])('refuses %s', (_, content, code) => {
    const other = join(dir.path, 'other');
    if (content !== undefined) writeFileSync(other, content);
    expect(refusal(() => readJournal(other)).code).toBe(code);
  });

  it('refuses a directory', () => {
    expect(refusal(() => readJournal(dir.path)).code).toBe('journal-not-readable');
  });
});
