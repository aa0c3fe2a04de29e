import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hashLine, serialise } from '../../src/journal/chain.ts';
import { linesOf } from '../../src/journal/lines.ts';
import { formatReceipt, parseReceipt, receiptOf } from '../../src/journal/receipt.ts';
import { GENESIS, type JournalRecord, type RecordOf } from '../../src/journal/records.ts';
import { type Signer, signerEntry } from '../../src/journal/signer.ts';
import type { Verdict } from '../../src/journal/verdict.ts';
import { verifyJournal } from '../../src/journal/verify.ts';
import { openJournal } from '../../src/journal/writer.ts';
import {
  ALICE,
  allow,
  begin,
  giveKey,
  keep,
  note,
  scratch,
  seal,
  signerFor,
  type Written,
  writeRun,
} from './a-journal.ts';
import { sshKeygenVerifies } from './openssh.ts';

let dir: ReturnType<typeof scratch>;
let alice: string;
let sealed: Written;
let bytes: Buffer;
let trusted: string;
beforeAll(async () => {
  dir = scratch();
  alice = join(dir.path, 'alice');
  giveKey(alice);
  sealed = await writeRun(join(dir.path, 'sealed.jsonl'), { home: alice });
  bytes = readFileSync(sealed.path);
  trusted = allow(sealed.signer);
});
afterAll(() => dir.remove());

const verify = (journal: Uint8Array | string, options: Parameters<typeof verifyJournal>[1] = {}): Verdict =>
  verifyJournal(journal, { allowedSigners: trusted, ...options });

const recordsOf = (journal: Uint8Array): JournalRecord[] =>
  [...linesOf(journal)].map((line) => JSON.parse(Buffer.from(line).toString()));

/** Lines with new places in the chain, as somebody would write them who knows the format but has no key. */
function rechain(records: readonly JournalRecord[]): Buffer {
  let prev = GENESIS;
  const lines = records.map((record, seq) => {
    const line = serialise(record, { seq, at: record.at, mono: record.mono, prev });
    prev = hashLine(line);
    return Buffer.from(line);
  });
  return Buffer.concat(lines);
}

const upTo = (journal: Buffer, lines: number): Buffer => Buffer.concat([...linesOf(journal)].slice(0, lines));

describe('a sealed journal', () => {
  it('is sealed, by a key that is known, with every record signed', () => {
    expect(verify(bytes)).toMatchObject({
      verdict: 'sealed',
      run: 'run-1',
      runbook: { title: 'Deploy the booking API' },
      environment: 'production',
      operator: ALICE,
      outcome: 'completed',
      records: 8,
      bytes: bytes.length,
      head: sealed.journal.head,
      signatures: 3,
      signers: [{ by: ALICE, fingerprint: sealed.signer.fingerprint, trust: 'known' }],
    });
    expect(verify(bytes).unsignedFrom).toBeUndefined();
  });

  it('is read from a file in the same way', () => {
    expect(verify(sealed.path)).toEqual(verify(bytes));
  });

  it('says that the key vouches for itself when nobody else says whose it is', () => {
    expect(verifyJournal(bytes)).toMatchObject({ verdict: 'sealed', signers: [{ trust: 'self-declared' }] });
  });

  it('that was a rehearsal can never pass for a real run', async () => {
    const { path } = await writeRun(join(dir.path, 'rehearsal.jsonl'), { home: alice, rehearsal: true });
    const rehearsal = readFileSync(path);
    const both = allow(sealed.signer, ALICE, 'journal@tejun,rehearsal@tejun');
    expect(verify(rehearsal, { allowedSigners: both })).toMatchObject({ verdict: 'rehearsal', rehearsal: true });
    expect(verify(rehearsal)).toMatchObject({ verdict: 'unknown-signer' });
    const [first, ...rest] = recordsOf(rehearsal);
    const dressedUp = rechain([{ ...first, rehearsal: false, environment: 'production' } as JournalRecord, ...rest]);
    expect(verify(dressedUp, { allowedSigners: both })).toMatchObject({ verdict: 'bad-signature', at: 2 });
  });
});

describe('whose key it is', () => {
  it.each([
    ['an empty file', () => '', 'no line'],
    ['comments only', () => '# nobody\n\n', 'no line'],
    ['a line for somebody else', () => allow(sealed.signer, 'mallory@ops'), 'no line'],
    ['a line that shuts alice out', () => allow(sealed.signer, '*@ops,!alice@ops'), 'no line'],
    ['a line without cert-authority', () => `${ALICE} ${sealed.signer.publicKey}\n`, 'lacks the word cert-authority'],
    ['another namespace', () => allow(sealed.signer, ALICE, 'git'), 'does not allow the namespace'],
    ['a line that had expired', () => trusted.replace(',name', ',valid-before="20200101",name'), 'had expired'],
    ['a line of the future', () => trusted.replace(',name', ',valid-after="20990101Z",name'), 'was not valid yet'],
    ['an option that is not known', () => trusted.replace(',name', ',magic,name'), 'no line'],
  ])('is not known from %s, as ssh-keygen says too', (_, allowedSigners, reason) => {
    expect(verify(bytes, { allowedSigners: allowedSigners() })).toMatchObject({
      verdict: 'unknown-signer',
      reason: expect.stringContaining(reason),
      signers: [{ trust: 'unknown' }],
    });
    expect(stock(bytes, allowedSigners()).good).toBe(false);
  });

  it.each([
    ['a pattern', () => allow(sealed.signer, '*@o?s')],
    ['a list of names', () => allow(sealed.signer, 'bob@ops,alice@ops')],
    ['names in quotes', () => allow(sealed.signer, '"bob@ops,alice@ops"')],
    ['all namespaces', () => `${ALICE} cert-authority ${sealed.signer.publicKey}`],
    ['a line after one that does not fit', () => `${allow(sealed.signer, ALICE, 'git')}${trusted}`],
    [
      'valid hours around the run',
      () => trusted.replace(',name', ',valid-after="20200101",valid-before="209901010000Z",name'),
    ],
  ])('is known from %s, as ssh-keygen says too', (_, allowedSigners) => {
    expect(verify(bytes, { allowedSigners: allowedSigners() }).verdict).toBe('sealed');
    expect(stock(bytes, allowedSigners())).toMatchObject({ good: true });
  });
});

describe('a key that was revoked', () => {
  it('is not known any more, as ssh-keygen says too', () => {
    const revokedKeys = `# lost\n${sealed.signer.publicKey}\n`;
    for (const allowedSigners of [trusted, undefined])
      expect(verifyJournal(bytes, { revokedKeys, ...(allowedSigners ? { allowedSigners } : {}) })).toMatchObject({
        verdict: 'unknown-signer',
        at: 2,
        reason: expect.stringContaining('was revoked'),
        signers: [{ trust: 'revoked' }],
      });
    expect(stock(bytes, trusted, revokedKeys).good).toBe(false);
  });

  it('is no matter when it is another one', async () => {
    const home = join(dir.path, 'revoked');
    giveKey(home);
    const revokedKeys = `${(await signerFor(home)).publicKey}\n`;
    expect(verify(bytes, { revokedKeys }).verdict).toBe('sealed');
    expect(stock(bytes, trusted, revokedKeys).good).toBe(true);
  });
});

describe('signatures that a later one covers', () => {
  it('are as good as that one, and are computed one by one when it is not good', () => {
    const records = recordsOf(bytes);
    const middle = records[5] as RecordOf<'signature'>;
    const broken = middle.sig.replace(/.(?=.{12}\n-----END)/, (char) => (char === 'A' ? 'B' : 'A'));
    // Only the holder of the key can sign over such a record; without the key the last signature does not fit it either.
    const journal = rechain(records.with(5, { ...middle, sig: broken }));
    expect(verify(journal)).toMatchObject({ verdict: 'bad-signature', at: 5, signatures: 1, unsignedFrom: 3 });
  });
});

describe('a journal that did not end well', () => {
  it('is unsealed when all of it is signed but no seal is there', () => {
    expect(verify(upTo(bytes, 6))).toMatchObject({ verdict: 'unsealed', records: 6, signatures: 2 });
  });

  it('has an unsigned tail when records follow the last signature', () => {
    expect(verify(upTo(bytes, 5))).toMatchObject({ verdict: 'unsigned-tail', at: 3, unsignedFrom: 3, records: 5 });
  });

  it('has an unsigned tail from its first record when nobody could sign', async () => {
    const path = join(dir.path, 'unsigned.jsonl');
    const journal = openJournal(path, { redact: keep });
    journal.append(begin());
    journal.append({ type: 'signer', source: 'none', by: ALICE, note: 'no SSH agent' });
    expect(journal.signPrefix(undefined)).toEqual({ unsigned: 'there is no key to sign with' });
    journal.append(seal);
    journal.close();
    expect(verify(path)).toMatchObject({ verdict: 'unsigned-tail', at: 0, signatures: 0, outcome: 'completed' });
  });

  it('is torn when its last line is incomplete', () => {
    const torn = bytes.subarray(0, bytes.length - 20);
    expect(verify(torn)).toMatchObject({ verdict: 'torn', at: 7, records: 7 });
  });

  it('that another operator took over is sealed when both are known', async () => {
    const path = join(dir.path, 'taken-over.jsonl');
    const bobHome = join(dir.path, 'bob');
    giveKey(bobHome);
    const first = await writeRun(path, { home: alice, seal: false });
    const bob = await signerFor(bobHome, { principal: 'bob@ops' });
    first.journal.append({ type: 'resumed', by: 'bob@ops' });
    first.journal.append(signerEntry(bob));
    first.journal.append(seal);
    first.journal.signPrefix(bob);
    const both = `${trusted}${allow(bob, 'bob@ops')}`;
    expect(verify(path, { allowedSigners: both })).toMatchObject({
      verdict: 'sealed',
      signers: [{ by: ALICE }, { by: 'bob@ops' }],
    });
    expect(verify(path)).toMatchObject({ verdict: 'unknown-signer', at: 9 });
    first.journal.append(note('by the key of an earlier part'));
    first.journal.signPrefix(first.signer);
    expect(verify(path, { allowedSigners: both })).toMatchObject({ verdict: 'bad-signature', at: 11 });
    first.journal.close();
  });

  it('rests on the last signature by each key: one before it that is no good is what the key itself vouched for', async () => {
    const { signer, journal, path } = await writeRun(join(dir.path, 'inner.jsonl'), { home: alice, seal: false });
    const of = (digest: Buffer) => ({
      by: ALICE,
      signDigest: (_: Uint8Array, ns: string, at: Date) => signer.signDigest(digest, ns, at),
    });
    journal.append(note('what follows is a signature of nothing'));
    journal.signPrefix(of(Buffer.alloc(64)));
    // Last, it is found out, and so is a copy that was cut off behind it.
    expect(verify(path)).toMatchObject({ verdict: 'bad-signature', at: 7 });
    journal.append(seal);
    journal.signPrefix(signer);
    journal.close();
    expect(verify(path)).toMatchObject({ verdict: 'sealed' });
    expect(verify(upTo(readFileSync(path), 8))).toMatchObject({ verdict: 'bad-signature', at: 7 });
    // Nobody without the key can put one there.
    const other = JSON.parse([...linesOf(readFileSync(path))].map((line) => Buffer.from(line).toString())[7] ?? '');
    const moved = recordsOf(bytes).with(2, other);
    expect(verify(rechain(moved))).toMatchObject({ verdict: 'bad-signature' });
  });

  it('signs no more once the certificate has expired, and says why', async () => {
    const signer = await signerFor(alice, { now: new Date('2026-11-01T00:00:00Z') });
    let now = new Date('2026-11-01T07:59:59Z');
    const clock = { now: () => now, mono: () => 0 };
    const path = join(dir.path, 'long.jsonl');
    const journal = openJournal(path, { redact: keep, clock });
    journal.append(begin());
    journal.append(signerEntry(signer));
    expect(journal.signPrefix(signer)).toHaveProperty('record');
    now = new Date('2026-11-01T08:00:01Z');
    journal.append(note('much later'));
    expect(journal.signPrefix(signer)).toEqual({ unsigned: 'the certificate had expired' });
    journal.close();
    expect(verify(path)).toMatchObject({ verdict: 'unsigned-tail', at: 3 });
  });
});

describe('tampering without the key', () => {
  const edit = (records: JournalRecord[], at: number, change: object): JournalRecord[] =>
    records.with(at, { ...records[at], ...change } as JournalRecord);
  const swap = (records: JournalRecord[]) =>
    records.with(3, records[4] as JournalRecord).with(4, records[3] as JournalRecord);
  const raw = (records: JournalRecord[]) =>
    Buffer.from(records.map((record) => `${JSON.stringify(record)}\n`).join(''));

  it.each<[string, (records: JournalRecord[]) => Buffer, Partial<Verdict>]>([
    ['an edited record', (all) => raw(edit(all, 4, { outcome: 'failed' })), { verdict: 'chain-broken', at: 5 }],
    [
      'an edited record, chained anew',
      (all) => rechain(edit(all, 4, { outcome: 'failed' })),
      { verdict: 'bad-signature', at: 5 },
    ],
    ['two records in the other order', (all) => raw(swap(all)), { verdict: 'chain-broken', at: 3 }],
    ['two records in the other order, chained anew', (all) => rechain(swap(all)), { verdict: 'bad-signature', at: 5 }],
    ['a record left out', (all) => raw(all.toSpliced(4, 1)), { verdict: 'chain-broken', at: 4 }],
    ['a record left out, chained anew', (all) => rechain(all.toSpliced(4, 1)), { verdict: 'bad-signature', at: 4 }],
    ['a record twice', (all) => raw(all.toSpliced(4, 0, all[4] as JournalRecord)), { verdict: 'chain-broken', at: 5 }],
    [
      'a record put in, chained anew',
      (all) => rechain(all.toSpliced(4, 0, all[4] as JournalRecord)),
      { verdict: 'bad-signature', at: 6 },
    ],
    ['the end cut off', (all) => raw(all.slice(0, 7)), { verdict: 'unsigned-tail', at: 6 }],
    ['the end cut off at a signature', (all) => raw(all.slice(0, 6)), { verdict: 'unsealed' }],
    [
      'a record added after the seal',
      (all) => rechain([...all, { ...all[4] } as JournalRecord]),
      { verdict: 'unsigned-tail', at: 8 },
    ],
    ['the seal signed twice', (all) => rechain([...all, all[7] as JournalRecord]), { verdict: 'bad-signature', at: 8 }],
    [
      'all signatures taken out',
      (all) => rechain(all.filter(({ type }) => type !== 'signature')),
      { verdict: 'unsigned-tail', at: 0 },
    ],
    ['an early signature taken out', (all) => rechain(all.toSpliced(2, 1)), { verdict: 'bad-signature', at: 4 }],
    [
      'another time on the signature',
      (all) => raw(edit(all, 7, { at: '2026-11-22T00:00:00.000Z' })),
      { verdict: 'bad-signature', at: 7 },
    ],
    [
      'another name on the signature',
      (all) => raw(edit(all, 7, { by: 'bob@ops' })),
      { verdict: 'bad-signature', at: 7 },
    ],
    [
      'a signature that claims fewer bytes',
      (all) => raw(edit(all, 7, { over: 10 })),
      { verdict: 'bad-signature', at: 7 },
    ],
    [
      'a signature that is not final',
      (all) => raw(edit(all, 7, { final: false })),
      { verdict: 'bad-signature', at: 7 },
    ],
    [
      'an early signature as the last',
      (all) => rechain(edit(all, 7, { sig: (all[5] as { sig?: string }).sig })),
      { verdict: 'bad-signature', at: 7 },
    ],
    ['no signature in its record', (all) => raw(edit(all, 7, { sig: 42 })), { verdict: 'bad-signature', at: 7 }],
  ])('shows: %s', (_, tamper, expected) => {
    expect(verify(tamper(recordsOf(bytes)))).toMatchObject(expected);
  });

  /** Mallory writes alice's run anew, or its end, and signs with a key of her own that says it is alice's. */
  async function forge(keepRecords: number): Promise<{ path: string; mallory: Signer }> {
    const home = join(dir.path, `mallory-${keepRecords}`);
    giveKey(home);
    const mallory = await signerFor(home);
    const path = join(home, 'forged.jsonl');
    const journal = openJournal(path, { redact: keep });
    if (keepRecords === 0) journal.append(begin());
    journal.close();
    if (keepRecords > 0) writeFileSync(path, upTo(bytes, keepRecords));
    const { resumeJournal } = await import('../../src/journal/recover.ts');
    const { journal: forged } = resumeJournal(path, { redact: keep });
    forged.append(signerEntry(mallory));
    forged.append(note('nothing went wrong'));
    forged.append(seal);
    forged.signPrefix(mallory);
    forged.close();
    return { path, mallory };
  }

  it.each([
    ['the whole run', 0, 4],
    ['the end of the run', 6, 9],
  ])('shows: %s written anew with another key', async (_, keepRecords, at) => {
    const { path, mallory } = await forge(keepRecords);
    expect(verify(path)).toMatchObject({ verdict: 'unknown-signer', at });
    // With no allowed_signers file only the fingerprint tells.
    const alone = verifyJournal(path);
    expect(alone).toMatchObject({ verdict: 'sealed' });
    expect(alone.signers.at(-1)).toMatchObject({ fingerprint: mallory.fingerprint, trust: 'self-declared' });
  });

  it('shows: the signatures of another run', async () => {
    const other = await writeRun(join(dir.path, 'other.jsonl'), { home: alice, run: 'run-2' });
    const stolen = recordsOf(readFileSync(other.path));
    const mixed = recordsOf(bytes).map((record, at) =>
      record.type === 'signature' ? { ...record, sig: (stolen[at] as { sig?: string }).sig } : record,
    );
    expect(verify(rechain(mixed as JournalRecord[]))).toMatchObject({
      verdict: 'other-run',
      at: 2,
      reason: 'it was made for the run run-2',
    });
  });

  it('shows: a signature of these bytes under the namespace of git', () => {
    const all = recordsOf(bytes);
    const sig = sealed.signer.sign(bytes.subarray(0, 0), 'git');
    expect(verify(raw(edit(all, 7, { sig })))).toMatchObject({
      verdict: 'bad-signature',
      reason: 'it was made for the namespace git',
    });
  });

  it('shows every single byte that differs, and every shorter copy', () => {
    let flips = 0;
    for (let at = 0; at < bytes.length; at++) {
      const changed = Buffer.from(bytes);
      changed[at] = (changed[at] ?? 0) ^ (1 << (at % 8));
      if (isSealed(changed)) throw new Error(`byte ${at} is not protected`);
      flips++;
    }
    expect(flips).toBe(bytes.length);
    for (let length = 0; length < bytes.length; length++)
      if (isSealed(bytes.subarray(0, length))) throw new Error(`${length} bytes pass for all of them`);
  }, 60_000);
});

/** Whether it is verified as sealed; a file that is no journal any more is not. */
function isSealed(journal: Uint8Array): boolean {
  try {
    return verify(journal).verdict === 'sealed';
  } catch (error) {
    if ((error as { code?: string }).code === undefined) throw error;
    return false;
  }
}

/** What ssh-keygen says of the last signature of a journal, over the bytes that it names. */
function stock(journal: Buffer, allowedSigners = trusted, revokedKeys?: string): { good: boolean; says: string } {
  const last = recordsOf(journal).at(-1);
  if (last?.type !== 'signature') throw new Error('the last record is no signature');
  const { over, sig, by, ns, at } = last;
  return sshKeygenVerifies({
    ...{ sig, message: journal.subarray(0, over), allowedSigners, identity: by, namespace: ns, at: new Date(at) },
    ...(revokedKeys === undefined ? {} : { revokedKeys }),
  });
}

describe('ssh-keygen', () => {
  it('says the same of the honest journal', () => {
    expect(stock(bytes)).toMatchObject({ good: true });
  });

  it('refuses every change of the signed bytes that is refused here (a sample)', () => {
    const over = [...linesOf(bytes)].slice(0, 7).reduce((sum, line) => sum + line.length, 0);
    const tail = bytes.subarray(over);
    for (let at = 0; at < over; at += Math.ceil(over / 40)) {
      const changed = Buffer.from(bytes.subarray(0, over));
      changed[at] = (changed[at] ?? 0) ^ 1;
      const journal = Buffer.concat([changed, tail]);
      expect(isSealed(journal)).toBe(false);
      expect(sshKeygenVerifies(checkOf(tail, changed)).good).toBe(false);
    }
  });

  it('agrees on every kind of change of the signature itself (a sample)', () => {
    const over = bytes.length - ([...linesOf(bytes)].at(-1)?.length ?? 0);
    const line = bytes.subarray(over).toString();
    const { sig } = JSON.parse(line) as { sig: string };
    let refused = 0;
    for (let at = 30; at < sig.length - 30; at += 17) {
      const letter = sig[at] === 'A' ? 'B' : 'A';
      if (sig[at] === '\n') continue;
      const changed = `${sig.slice(0, at)}${letter}${sig.slice(at + 1)}`;
      const tail = Buffer.from(line.replace(JSON.stringify(sig), JSON.stringify(changed)));
      const here = isSealed(Buffer.concat([bytes.subarray(0, over), tail]));
      const there = sshKeygenVerifies(checkOf(tail, bytes.subarray(0, over))).good;
      expect({ at, here }).toEqual({ at, here: there });
      if (!there) refused++;
    }
    expect(refused).toBeGreaterThan(20);
  });

  function checkOf(tail: Buffer, message: Buffer): Parameters<typeof sshKeygenVerifies>[0] {
    const { sig, at } = JSON.parse(tail.toString()) as { sig: string; at: string };
    return { sig, message, allowedSigners: trusted, identity: ALICE, namespace: 'journal@tejun', at: new Date(at) };
  }
});

describe('a receipt', () => {
  const printed = (written: Written, records = 8) =>
    parseReceipt(formatReceipt({ run: 'run-1', records, head: written.journal.head, seal: 'completed' }));

  it('fits the journal that it was printed for', () => {
    expect(verify(bytes, { receipt: printed(sealed) })).toMatchObject({ verdict: 'sealed', receipt: 'fits' });
  });

  it('is made from the records, wherever they are', () => {
    const records = recordsOf(bytes);
    expect(receiptOf(records)).toEqual(printed(sealed));
    expect(receiptOf(records.slice(0, 6))).toMatchObject({ records: 6, seal: 'none' });
    expect(receiptOf([])).toBeUndefined();
  });

  it('is found in the text around it', () => {
    const line = formatReceipt(printed(sealed));
    expect(parseReceipt(`OPS-7: done.\n> ${line}\nthanks`)).toEqual(printed(sealed));
    for (const wrong of ['', 'tejun-receipt v2 run=a', line.replace('records=8', 'records=0'), line.slice(0, 60)])
      expect(() => parseReceipt(wrong)).toThrow('There is no receipt');
  });

  it.each([4, 6, 7])('shows a journal that was put back to its first %i records', (records) => {
    const verdict = verify(upTo(bytes, records), { receipt: printed(sealed) });
    expect(verdict).toMatchObject({ verdict: 'older-than-receipt', receipt: 'older', records });
  });

  it('shows a journal that the holder of the key wrote anew', async () => {
    const path = join(dir.path, 'anew.jsonl');
    await writeRun(path, { home: alice });
    expect(verify(path)).toMatchObject({ verdict: 'sealed' });
    expect(verify(path, { receipt: printed(sealed) })).toMatchObject({
      verdict: 'older-than-receipt',
      receipt: 'differs',
    });
  });

  it('of an earlier moment fits the journal that went on', () => {
    const [head = ''] = [...linesOf(bytes)].slice(5, 6).map(hashLine);
    const receipt = { run: 'run-1', records: 6, head, seal: 'none' };
    expect(verify(bytes, { receipt })).toMatchObject({ verdict: 'sealed', receipt: 'fits' });
  });

  it('of another run is another run', () => {
    const receipt = { ...printed(sealed), run: 'run-9' };
    expect(verify(bytes, { receipt })).toMatchObject({ verdict: 'other-run', receipt: 'other-run' });
  });
});

describe('what is no journal', () => {
  it.each([
    ['an empty file', '', 'not-a-journal'],
    ['text', 'hello\n', 'not-a-journal'],
    [
      'a `begin` of a later format',
      serialise({ ...begin(), format: 2 } as never, { seq: 0, at: '', mono: 0, prev: GENESIS }),
      'journal-format-unknown',
    ],
    [
      'a `begin` that says nothing',
      serialise({ type: 'begin' } as never, { seq: 0, at: '', mono: 0, prev: GENESIS }),
      'journal-format-unknown',
    ],
  ])('is refused: %s', (_, content, code) => {
    const path = join(dir.path, 'no-journal');
    writeFileSync(path, content);
    for (const source of [path, Buffer.from(content)])
      expect(() => verify(source)).toThrow(expect.objectContaining({ code }));
  });

  it('is refused: a file that is not there', () => {
    expect(() => verify(join(dir.path, 'nothing'))).toThrow(expect.objectContaining({ code: 'journal-not-found' }));
  });
});

describe('a long journal', () => {
  it('of 20,000 records is verified in seconds', () => {
    const path = join(dir.path, 'long-run.jsonl');
    copyFileSync(sealed.path, path);
    let prev = GENESIS;
    const lines = [begin(), ...Array.from({ length: 20_000 }, (_, n) => note(`line ${n} ${'x'.repeat(200)}`))].map(
      (entry, seq) => {
        const line = serialise(entry, { seq, at: '2026-11-22T05:00:00.000Z', mono: seq, prev });
        prev = hashLine(line);
        return line;
      },
    );
    writeFileSync(path, lines.join(''));
    const started = performance.now();
    expect(verify(path)).toMatchObject({ verdict: 'unsigned-tail', records: 20_001 });
    expect(performance.now() - started).toBeLessThan(5000);
  });
});
