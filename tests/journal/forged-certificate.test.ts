/** Certificates that ssh-keygen would refuse, put into journals that are right in everything else. */
import { generateKeyPairSync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CertificateRequest, certificateBody, certificateOf } from '../../src/journal/certificate.ts';
import { signerEntry } from '../../src/journal/signer.ts';
import { encodePublicKey, formatPublicKey, signSsh } from '../../src/journal/ssh-key.ts';
import { generatePrivateKey, type PrivateKey } from '../../src/journal/ssh-private-key.ts';
import { armor, signedData } from '../../src/journal/sshsig.ts';
import { verifyJournal } from '../../src/journal/verify.ts';
import { openJournal, type PrefixSigner } from '../../src/journal/writer.ts';
import { ALICE, begin, giveKey, keep, scratch, seal, signerFor } from './a-journal.ts';
import { sshKeygenVerifies } from './openssh.ts';

let dir: ReturnType<typeof scratch>;
let alice: PrivateKey;
let mallory: PrivateKey;
beforeAll(() => {
  dir = scratch();
  alice = generatePrivateKey('alice');
  mallory = generatePrivateKey('mallory');
});
afterAll(() => dir.remove());

const NOW = new Date('2026-11-22T05:00:00Z');
const SECONDS = NOW.getTime() / 1000;

/** A run key whose certificate is `change`d from an honest one, and was signed by `signedBy`. */
function certified(change: Partial<CertificateRequest>, signedBy: PrivateKey) {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const body = certificateBody({
    ...{ runKey: encodePublicKey(publicKey), keyId: 'run-1', principal: ALICE, authority: alice.blob },
    ...{ validAfter: SECONDS - 60, validBefore: SECONDS + 3600 },
    ...change,
  });
  const blob = certificateOf(body, signSsh(signedBy.key, body));
  const signer: PrefixSigner = {
    by: ALICE,
    signDigest: (digest, namespace) => {
      const signature = signSsh(privateKey, signedData(namespace, 'sha512', digest));
      return armor({ publicKey: blob, namespace, hash: 'sha512', signature });
    },
  };
  return { signer, certificate: formatPublicKey(blob) };
}

/** A sealed journal whose `signer` record names `certificate`, signed with `signer`. */
function journalOf(name: string, certificate: string, signer: PrefixSigner): string {
  const path = join(dir.path, `${name.replaceAll(' ', '-')}.jsonl`);
  const journal = openJournal(path, { redact: keep, clock: { now: () => NOW, mono: () => 0 } });
  journal.append(begin());
  const publicKey = formatPublicKey(alice.blob);
  journal.append({ type: 'signer', source: 'agent', by: ALICE, publicKey, certificate });
  journal.append(seal);
  journal.signPrefix(signer);
  journal.close();
  return path;
}

const trusted = () => `${ALICE} cert-authority ${formatPublicKey(alice.blob)}\n`;

function stockSays(path: string): boolean {
  const file = readFileSync(path);
  const { over, sig } = JSON.parse(file.toString().trimEnd().split('\n').at(-1) ?? '');
  const message = file.subarray(0, over);
  const check = { sig, message, allowedSigners: trusted(), identity: ALICE, namespace: 'journal@tejun', at: NOW };
  return sshKeygenVerifies(check).good;
}

describe('the certificate of a run key', () => {
  it('is accepted when the operator made it for this run, this name and this hour', () => {
    const { signer, certificate } = certified({}, alice);
    const path = journalOf('honest', certificate, signer);
    expect(verifyJournal(path, { allowedSigners: trusted() })).toMatchObject({ verdict: 'sealed' });
    expect(stockSays(path)).toBe(true);
  });

  it.each<[string, Partial<CertificateRequest>, () => PrivateKey, string]>([
    ['names alice and was signed by mallory', {}, () => mallory, 'was not signed by the key it names'],
    ['is for another name', { principal: 'bob@ops' }, () => alice, 'is not for alice@ops'],
    ['was not valid yet', { validAfter: SECONDS + 1 }, () => alice, 'was not valid yet'],
    ['had expired', { validBefore: SECONDS }, () => alice, 'had expired'],
  ])('is refused when it %s, as ssh-keygen does', (name, change, signedBy, reason) => {
    const { signer, certificate } = certified(change, signedBy());
    const path = journalOf(name, certificate, signer);
    for (const options of [{ allowedSigners: trusted() }, {}])
      expect(verifyJournal(path, options)).toMatchObject({
        verdict: 'bad-signature',
        at: 3,
        reason: expect.stringContaining(reason),
      });
    expect(stockSays(path)).toBe(false);
  });

  it('is good until its last second, and from its first', () => {
    for (const change of [{ validAfter: SECONDS }, { validBefore: SECONDS + 1 }]) {
      const { signer, certificate } = certified(change, alice);
      const path = journalOf(Object.keys(change).join(), certificate, signer);
      expect(verifyJournal(path, { allowedSigners: trusted() }).verdict).toBe('sealed');
      expect(stockSays(path)).toBe(true);
    }
  });

  it('must be the one that the run names, though alice made both', () => {
    const [named, other] = [certified({}, alice), certified({}, alice)];
    const path = journalOf('another key', named.certificate, other.signer);
    expect(verifyJournal(path, { allowedSigners: trusted() })).toMatchObject({
      verdict: 'bad-signature',
      reason: 'it was made by another key than the one that this part of the run names',
    });
  });

  it('must be named before anything is signed', async () => {
    const home = join(dir.path, 'home');
    giveKey(home);
    const signer = await signerFor(home);
    const path = join(dir.path, 'unnamed.jsonl');
    const journal = openJournal(path, { redact: keep });
    journal.append(begin());
    journal.signPrefix(signer);
    journal.append(signerEntry(signer));
    journal.append(seal);
    journal.signPrefix(signer);
    journal.close();
    expect(verifyJournal(path)).toMatchObject({ verdict: 'bad-signature', at: 1 });
  });
});
