import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { formatReceipt, parseReceipt, receiptOf } from '../../src/journal/receipt.ts';
import type { JournalRecord } from '../../src/journal/records.ts';
import { verifyJournal } from '../../src/journal/verify.ts';
import { ALICE, allow, giveKey, scratch, signerFor } from '../journal/a-journal.ts';
import { journalOf, KINDS, type Kind } from './journals.ts';
import { raw, rechain, recordsOf } from './mutations.ts';

let dir: ReturnType<typeof scratch>;
let trusted: string;
const journals = new Map<Kind, Buffer>();
beforeAll(async () => {
  dir = scratch();
  giveKey(dir.path);
  trusted = allow(await signerFor(dir.path), ALICE, 'journal@tejun,rehearsal@tejun');
  writeFileSync(join(dir.path, 'allowed'), trusted);
  for (const kind of KINDS) journals.set(kind, await journalOf(kind, dir.path));
});
afterAll(() => dir.remove());

const of = (kind: Kind): Buffer => journals.get(kind) ?? Buffer.alloc(0);

/** The verdict, with the receipt that was printed for the honest journal when `receipt` is given. */
function verdictOf(journal: Uint8Array, honest?: Buffer): string {
  const printed = honest && receiptOf(recordsOf(honest));
  const receipt = printed && parseReceipt(formatReceipt(printed));
  try {
    return verifyJournal(journal, { allowedSigners: trusted, ...(receipt ? { receipt } : {}) }).verdict;
  } catch (error) {
    return (error as { code?: string }).code ?? String(error);
  }
}

/** Every reorder of two records, deletion, duplication and insertion, as somebody without the key can make them. */
function* rewritten(records: JournalRecord[]): Generator<{ what: string; records: JournalRecord[] }> {
  const count = records.length;
  for (let a = 0; a < count; a++) {
    const one = records[a] as JournalRecord;
    yield { what: `record ${a} left out`, records: records.toSpliced(a, 1) };
    for (let b = 0; b <= count; b++) yield { what: `record ${a} again at ${b}`, records: records.toSpliced(b, 0, one) };
    for (let b = a + 1; b < count; b++)
      yield { what: `${a} and ${b} swapped`, records: records.with(a, records[b] as JournalRecord).with(b, one) };
    const note = { ...one, type: 'note', text: 'nothing went wrong', by: ALICE } as JournalRecord;
    yield { what: `a note put in at ${a}`, records: records.toSpliced(a, 0, note) };
  }
}

const UNTOUCHED = { unsigned: 'unsigned-tail', rehearsal: 'rehearsal' } as Partial<Record<Kind, string>>;

describe.each(KINDS)('the journal of a run of the kind %s', (kind) => {
  // An unsigned journal proves nothing by itself: what changes it without breaking its chain shows with the receipt only.
  const needsReceipt = kind === 'unsigned';
  const honest = () => UNTOUCHED[kind] ?? 'sealed';
  const isCaught = (journal: Buffer) => verdictOf(journal, needsReceipt ? of(kind) : undefined) !== honest();

  it('is what it is when nobody touched it', () => {
    expect([verdictOf(of(kind)), verdictOf(of(kind), of(kind))]).toEqual([honest(), honest()]);
  });

  it('shows every flip of every byte', () => {
    const bytes = of(kind);
    const missed: string[] = [];
    let tried = 0;
    for (let at = 0; at < bytes.length; at++) {
      const changed = Buffer.from(bytes);
      changed[at] = (changed[at] ?? 0) ^ (1 << (at % 8));
      tried++;
      if (!isCaught(changed)) missed.push(`byte ${at}`);
    }
    say(kind, 'flips', tried, missed.length);
    expect(missed).toEqual([]);
  });

  it('shows every truncation', () => {
    const bytes = of(kind);
    const missed: number[] = [];
    for (let length = 0; length < bytes.length; length++) if (!isCaught(bytes.subarray(0, length))) missed.push(length);
    say(kind, 'truncations', bytes.length, missed.length);
    expect(missed).toEqual([]);
  });

  it.each([
    ['as it is', raw],
    ['chained anew', rechain],
  ])('shows every reorder, deletion, duplication and insertion, %s', (name, write) => {
    const missed: string[] = [];
    let tried = 0;
    const bytes = of(kind);
    for (const { what, records } of rewritten(recordsOf(bytes))) {
      const journal = write(records);
      // What only follows the honest journal is, to a receipt, a run that went on; without a key nobody can tell.
      const followed = needsReceipt && journal.subarray(0, bytes.length).equals(bytes);
      if (journal.equals(bytes) || followed) continue;
      tried++;
      if (!isCaught(journal)) missed.push(what);
    }
    say(kind, `rewritings ${name}`, tried, missed.length);
    expect(missed).toEqual([]);
  });
});

it('needs the receipt for what only the holder of the key, or nobody, could have signed', async () => {
  const home = join(dir.path, 'anew');
  giveKey(home);
  const anew = await journalOf('setup', home);
  const own = allow(await signerFor(home), ALICE, 'journal@tejun');
  expect(verifyJournal(anew, { allowedSigners: own }).verdict).toBe('sealed');
  const printed = receiptOf(recordsOf(of('setup')));
  if (printed)
    expect(verifyJournal(anew, { allowedSigners: own, receipt: printed }).verdict).toBe('older-than-receipt');
});

describe('docs/verify.sh, with head, tail, jq and ssh-keygen only', () => {
  const script = new URL('../../docs/verify.sh', import.meta.url).pathname;
  const stock = (journal: Buffer): boolean => {
    const file = join(dir.path, 'stock.jsonl');
    writeFileSync(file, journal);
    return spawnSync('sh', [script, file, join(dir.path, 'allowed'), ALICE], { stdio: 'ignore' }).status === 0;
  };

  it.each(KINDS)('says the same of the honest journal of the kind %s', (kind) => {
    expect(stock(of(kind))).toBe(verdictOf(of(kind)) === 'sealed');
  });

  // Each of these was once good to it: the last line has to follow at once what it signs, and its text has one form.
  it.each([
    ['a line between a signature and what it signs', (lines: string[]) => lines.toSpliced(-1, 0, lines.at(-2) ?? '')],
    ['an empty line behind the signature', (lines: string[]) => changed(lines, /\\n"\}$/, '\\n\\n"}')],
    ['a size that is a text', (lines: string[]) => changed(lines, /"over":(\d+)/, '"over":"$1"')],
  ])('refuses %s', (_what, change) => {
    const lines = of('setup').toString().trimEnd().split('\n');
    const journal = Buffer.from(`${change(lines).join('\n')}\n`);
    expect(verdictOf(journal)).not.toBe('sealed');
    expect(stock(journal)).toBe(false);
  });

  const changed = (lines: string[], from: RegExp, to: string): string[] => {
    expect(lines.at(-1)).toMatch(from);
    return lines.with(-1, lines.at(-1)?.replace(from, to) ?? '');
  };
});

function say(kind: string, what: string, tried: number, missed: number): void {
  process.stdout.write(`evidence: ${kind}, ${what}: ${tried - missed} of ${tried} caught\n`);
}
