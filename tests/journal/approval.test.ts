import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { acceptApproval } from '../../src/engine/approval.ts';
import {
  APPROVAL_NAMESPACE,
  type Approval,
  type Approved,
  approvalText,
  planDigest,
  Requesters,
} from '../../src/journal/approval.ts';
import type { Entry } from '../../src/journal/records.ts';
import { type Signer, signerEntry } from '../../src/journal/signer.ts';
import { verifyJournal } from '../../src/journal/verify.ts';
import { openJournal } from '../../src/journal/writer.ts';
import { ALICE, allow, begin, giveKey, keep, scratch, seal, signerFor } from './a-journal.ts';
import { sshKeygenVerifies } from './openssh.ts';

const BOB = 'bob@ops';
const NAMESPACES = 'journal@tejun,approval@tejun';

let dir: ReturnType<typeof scratch>;
let alice: Signer;
let bob: Signer;
let known: string;
beforeEach(async () => {
  dir = scratch();
  const homes = ['alice', 'bob'].map((name) => join(dir.path, name));
  for (const home of homes) giveKey(home);
  alice = await signerFor(homes[0] ?? '');
  bob = await signerFor(homes[1] ?? '', { principal: BOB });
  known = allow(alice, ALICE, NAMESPACES) + allow(bob, BOB, NAMESPACES);
});
afterEach(() => dir.remove());

const APPROVED: Approved = { run: 'run-1', begin: 'b'.repeat(64), plan: planDigest({ steps: ['migrate'] }) };

function approvalBy(signer: Signer, approved = APPROVED, namespace = APPROVAL_NAMESPACE): Approval {
  return { ...approved, by: signer.by, sig: signer.sign(approvalText(approved), namespace) };
}

function accept(approval: Approval, allowed: string | undefined = known, approved = APPROVED) {
  return acceptApproval(approval, approved, requesters(), { allowedSigners: allowed }, new Date());
}

/** Alice began the run and signs it. */
function requesters(): Requesters {
  const found = new Requesters();
  const link = { seq: 0, at: '', mono: 0, prev: '' };
  for (const entry of [begin(), signerEntry(alice)]) found.add({ ...entry, ...link });
  return found;
}

describe('an approval', () => {
  test('by a second person, whose key is known, satisfies the guard in their name', () => {
    expect(accept(approvalBy(bob))).toMatchObject({
      type: 'guard.satisfied',
      guard: 'approve',
      by: BOB,
      approval: { begin: APPROVED.begin, plan: APPROVED.plan, fingerprint: bob.fingerprint },
    });
  });

  test('is one that ssh-keygen verifies too, over the text that the journal page shows', () => {
    const check = { sig: approvalBy(bob).sig, allowedSigners: known, identity: BOB, namespace: APPROVAL_NAMESPACE };
    const message = `tejun-approval v1\nrun run-1\nbegin sha256:${APPROVED.begin}\nplan sha256:${APPROVED.plan}\n`;
    expect(sshKeygenVerifies({ ...check, message: Buffer.from(message) }).good).toBe(true);
    expect(sshKeygenVerifies({ ...check, message: Buffer.from(message.replace('run-1', 'run-2')) }).good).toBe(false);
  });

  const otherPlan = { ...APPROVED, plan: planDigest({ steps: ['migrate', 'drop'] }) };
  const refused: [string, () => Approval, RegExp][] = [
    ['of another plan', () => approvalBy(bob, otherPlan), /another plan/],
    [
      'of another plan that says it is this one',
      () => ({ ...approvalBy(bob, otherPlan), plan: APPROVED.plan }),
      /not a signature of this plan/,
    ],
    ['of another run', () => approvalBy(bob, { ...APPROVED, begin: 'c'.repeat(64) }), /another run/],
    ['by the operator', () => approvalBy(alice), /an operator of the run made it/],
    ['made for a journal', () => approvalBy(bob, APPROVED, 'journal@tejun'), /namespace journal@tejun/],
    ['in the name of somebody else', () => ({ ...approvalBy(bob), by: 'carol@ops' }), /not for carol@ops/],
    ['that is no signature', () => ({ ...approvalBy(bob), sig: 'yes' }), /./],
  ];
  test.each(refused)('%s is refused', (_, approval, reason) => {
    expect(() => accept(approval())).toThrow(reason);
  });

  test('by the operator’s key under another name is refused, also when that name is known', async () => {
    const second = await signerFor(join(dir.path, 'alice'), { principal: BOB });
    expect(() => accept(approvalBy(second), allow(second, BOB, NAMESPACES))).toThrow(/an operator of the run made it/);
  });

  test('made for another run is refused, although its text names this one', async () => {
    const elsewhere = await signerFor(join(dir.path, 'bob'), { principal: BOB, run: 'run-2' });
    expect(() => accept(approvalBy(elsewhere))).toThrow(/made for the run run-2/);
  });

  test('by a key that was revoked on the host is refused, although it is known', () => {
    const revokedKeys = `# lost\n${bob.publicKey}\n`;
    const take = (revoked: string) =>
      acceptApproval(
        approvalBy(bob),
        APPROVED,
        requesters(),
        { allowedSigners: known, revokedKeys: revoked },
        new Date(),
      );
    expect(() => take(revokedKeys)).toThrow(/of bob@ops was revoked/);
    expect(take(`${alice.publicKey}\n`)).toMatchObject({ guard: 'approve', by: BOB });
  });

  test.each([
    ['nobody says whose key counts', () => undefined],
    ['the key is not known', () => allow(alice, ALICE, NAMESPACES)],
    ['the key may not approve', () => allow(bob, BOB, 'journal@tejun')],
  ])('is refused where %s, with the line that would allow it', (_, allowed) => {
    try {
      const allowedSigners = allowed();
      const keys = allowedSigners === undefined ? {} : { allowedSigners };
      acceptApproval(approvalBy(bob), APPROVED, requesters(), keys, new Date());
      expect.unreachable();
    } catch (error) {
      expect(error).toMatchObject({ code: 'approval-refused', exit: 7 });
      expect((error as { next: string[] }).next[0]).toContain(
        `${BOB} cert-authority,namespaces="*@tejun" ssh-ed25519 `,
      );
    }
  });
});

describe('a journal with an approval', () => {
  /** A run whose guard was satisfied by what `guard` makes of the digest of its first line. */
  function written(guard: (begin: string) => Entry): string {
    const path = join(dir.path, 'journal.jsonl');
    const journal = openJournal(path, { redact: keep });
    journal.append(begin());
    const { prev } = journal.append(signerEntry(alice));
    journal.append(guard(prev));
    journal.append(seal);
    journal.signPrefix(alice);
    journal.close();
    return path;
  }
  const approved = (prev: string) =>
    accept(approvalBy(bob, { ...APPROVED, begin: prev }), known, { ...APPROVED, begin: prev });

  test('is sealed, and says who approved it', () => {
    const verdict = verifyJournal(written(approved), { allowedSigners: known });
    expect(verdict).toMatchObject({ verdict: 'sealed', approvals: [{ by: BOB, trust: 'known', seq: 2 }] });
    expect(verifyJournal(join(dir.path, 'journal.jsonl')).approvals).toMatchObject([{ trust: 'self-declared' }]);
  });

  test('by a key that the reader does not know is from an unknown signer', () => {
    const allowedSigners = allow(alice, ALICE, NAMESPACES);
    expect(verifyJournal(written(approved), { allowedSigners })).toMatchObject({ verdict: 'unknown-signer', at: 2 });
  });

  const forged: [string, (prev: string) => Entry, string][] = [
    [
      'whose guard nobody signed for',
      () => ({ type: 'guard.satisfied', guard: 'approve', how: 'approve', by: BOB }),
      'bad-signature',
    ],
    ['with the approval of another run', () => accept(approvalBy(bob)), 'other-run'],
    [
      'that names another plan than was approved',
      (prev) => {
        const entry = approved(prev);
        return { ...entry, ...(entry.approval ? { approval: { ...entry.approval, plan: 'd'.repeat(64) } } : {}) };
      },
      'bad-signature',
    ],
    [
      'that names another key',
      (prev) => {
        const entry = approved(prev);
        return { ...entry, ...(entry.approval ? { approval: { ...entry.approval, fingerprint: 'SHA256:x' } } : {}) };
      },
      'bad-signature',
    ],
    [
      'approved by its own operator',
      (prev) => {
        const { by, ...rest } = approvalBy(alice, { ...APPROVED, begin: prev });
        const approval = { ...rest, fingerprint: alice.fingerprint ?? '', publicKey: alice.publicKey ?? '' };
        return { type: 'guard.satisfied', guard: 'approve', how: 'approve', approval, by };
      },
      'bad-signature',
    ],
  ];
  test.each(forged)('%s is caught, although the run key signed it', (_, guard, verdict) => {
    expect(verifyJournal(written(guard), { allowedSigners: known })).toMatchObject({ verdict, at: 2 });
  });
});
