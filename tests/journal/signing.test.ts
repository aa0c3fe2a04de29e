import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Signer } from '../../src/journal/signer.ts';
import { chooseSigner, signerEntry } from '../../src/journal/signer.ts';
import { Signing } from '../../src/journal/signing.ts';
import { verifyJournal } from '../../src/journal/verify.ts';
import { openJournal } from '../../src/journal/writer.ts';
import { ALICE, allow, begin, giveKey, keep, note, scratch, seal, signerFor } from './a-journal.ts';

let dir: ReturnType<typeof scratch>;
let home: string;
beforeAll(() => {
  dir = scratch();
  home = join(dir.path, 'alice');
  giveKey(home);
});
afterAll(() => dir.remove());

/** A run of many hours: a clock that is set by hand, and how often a key was asked to certify. */
async function longRun(name: string, certify: (at: Date) => Promise<Signer>) {
  let now = new Date('2026-11-22T05:00:00Z');
  let asked = 0;
  const journal = openJournal(join(dir.path, name), { redact: keep, clock: { now: () => now, mono: () => 0 } });
  const first = await signerFor(home, { now });
  journal.append(begin());
  journal.append(signerEntry(first));
  const again = () => {
    asked++;
    return certify(now);
  };
  const signing = new Signing(journal, first, again, () => now);
  return {
    journal,
    first,
    signing,
    asked: () => asked,
    at: (time: string) => {
      now = new Date(time);
    },
    types: async (last = false) => (await signing.sign(last)).map(({ type }) => type),
  };
}

const nobody = () =>
  chooseSigner({ env: {}, home: '/nonexistent', tejunHome: '/proc/none', principal: ALICE, run: 'run-1' });

describe('the signing of a run', () => {
  it('goes on with another key, certified anew, when the certificate has run out, and the journal is sealed', async () => {
    const run = await longRun('renewed.jsonl', (now) => signerFor(home, { now }));
    expect(await run.types()).toEqual(['signature']);
    run.at('2026-11-22T14:00:00Z');
    run.journal.append(note('nine hours later'));
    expect(await run.types()).toEqual(['signer', 'signature']);
    run.journal.append(seal);
    expect(await run.types(true)).toEqual(['signature']);
    expect([run.asked(), verifyJournal(run.journal.path, { allowedSigners: allow(run.first) })]).toMatchObject([
      1,
      { verdict: 'sealed', signatures: 3, signers: [{ trust: 'known' }] },
    ]);
  });

  it('goes on when the clock went back before the certificate begins', async () => {
    const run = await longRun('back.jsonl', (now) => signerFor(home, { now }));
    run.at('2026-11-22T03:00:00Z');
    run.journal.append(note('the clock was put right'));
    expect(await run.types()).toEqual(['signer', 'signature']);
    expect(verifyJournal(run.journal.path)).toMatchObject({ verdict: 'unsealed', signatures: 1 });
  });

  it('says once that nobody signs any more, asks no key at every step, and asks again at the end', async () => {
    let there = false;
    const run = await longRun('lost.jsonl', (now) => (there ? signerFor(home, { now }) : nobody()));
    await run.types();
    run.at('2026-11-22T14:00:00Z');
    run.journal.append(note('the agent is gone'));
    expect(await run.types()).toEqual(['signer']);
    run.journal.append(note('and stays away'));
    expect([await run.types(), run.asked()]).toEqual([[], 1]);
    expect(verifyJournal(run.journal.path)).toMatchObject({ verdict: 'unsigned-tail', at: 3 });
    there = true;
    expect(await run.types(true)).toEqual(['signer', 'signature']);
    expect(verifyJournal(run.journal.path)).toMatchObject({ verdict: 'unsealed' });
  });

  it('does not sign the same bytes twice', async () => {
    const run = await longRun('twice.jsonl', nobody);
    expect([await run.types(), await run.types()]).toEqual([['signature'], []]);
  });
});
