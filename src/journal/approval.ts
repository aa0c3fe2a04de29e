/**
 * A second person's consent to one plan of one run: an SSHSIG, in a namespace of its own, over a text that names the run, its
 * first record and the plan that was shown. `ssh-keygen -Y verify` can check it (docs/journal.md). Pure.
 */
import { createHash } from 'node:crypto';
import { parseCertificate, refusesPrincipal } from './certificate.ts';
import type { JournalRecord } from './records.ts';
import type { Signatory } from './signature-check.ts';
import { fingerprint, formatPublicKey, parsePublicKey, verifySsh } from './ssh-key.ts';
import { digestOf, parseArmor, signedData } from './sshsig.ts';

/** A signature for a journal is never one for an approval, nor the other way round. */
export const APPROVAL_NAMESPACE = 'approval@tejun';

/** What is approved. */
export interface Approved {
  run: string;
  /** SHA-256, hex, of the line of the run's first record: no other run has it, not even one of the same id. */
  begin: string;
  /** SHA-256, hex, of the plan that was shown: `planDigest`. */
  plan: string;
}

/** A signed approval, on its way to the run. */
export interface Approval extends Approved {
  /** The approver's principal, e.g. `bob@ops`. */
  by: string;
  /** SSHSIG, armored. */
  sig: string;
}

/** SHA-256, hex, of a plan as JSON: what was shown to the approver is what the engine will run. */
export function planDigest(plan: object): string {
  return createHash('sha256').update(JSON.stringify(plan)).digest('hex');
}

/** The bytes that are signed. */
export function approvalText({ run, begin, plan }: Approved): Buffer {
  return Buffer.from(`tejun-approval v1\nrun ${run}\nbegin sha256:${begin}\nplan sha256:${plan}\n`);
}

/** The run's own side, so far: who must not be the approver. */
export class Requesters {
  /** The principals that began, resumed or operated it. */
  readonly names = new Set<string>();
  /** The public keys that it was signed with, each one OpenSSH line. */
  readonly publicKeys = new Set<string>();

  /** Takes up whom a record names. What is no text is passed over: the file is anybody's. */
  add(record: JournalRecord): void {
    if (record.type === 'begin') this.#addName(record.operator?.name);
    if (record.type === 'resumed' || record.type === 'signer') this.#addName(record.by);
    if (record.type === 'screens' && record.state === 'attached') this.#addName(record.by);
    if (record.type === 'signer' && typeof record.publicKey === 'string') this.publicKeys.add(record.publicKey);
  }

  has(name: string, key: Uint8Array): boolean {
    return this.names.has(name) || [...this.publicKeys].some((line) => parsePublicKey(line)?.blob.equals(key));
  }

  #addName(name: unknown): void {
    if (typeof name === 'string') this.names.add(name);
  }
}

export type ApprovalCheck =
  | { ok: true; signatory: Signatory }
  | { ok: false; verdict: 'bad-signature' | 'other-run'; reason: string };

/**
 * Whether an approval is one of this plan of this run, by somebody else than its operator. Whether that somebody is known
 * is for `findAllowed` to say.
 *
 * @param time seconds since 1970: when it was taken
 */
export function checkApproval(
  { by, sig, ...named }: Omit<Approval, 'run'>,
  approved: Approved,
  requesters: Requesters,
  time: number,
): ApprovalCheck {
  const bad = (reason: string): ApprovalCheck => ({ ok: false, verdict: 'bad-signature', reason });
  if (named.begin !== approved.begin) return { ok: false, verdict: 'other-run', reason: 'it approves another run' };
  if (named.plan !== approved.plan) return bad('it approves another plan');
  try {
    const { publicKey, namespace, hash, signature } = parseArmor(sig);
    const certificate = parseCertificate(publicKey);
    const { keyId, runKey, authority } = certificate;
    if (keyId !== approved.run) return { ok: false, verdict: 'other-run', reason: `it was made for the run ${keyId}` };
    if (namespace !== APPROVAL_NAMESPACE) return bad(`it was made for the namespace ${namespace}`);
    if (hash !== 'sha512') return bad(`its hash is ${hash}, an approval uses sha512`);
    const refusal = refusesPrincipal(certificate, by, time);
    if (refusal !== undefined) return bad(refusal);
    const signed = signedData(namespace, hash, digestOf(approvalText(approved)));
    if (!verifySsh(runKey, signed, signature)) return bad('it is not a signature of this plan');
    if (requesters.has(by, authority)) return bad('an operator of the run made it');
    const line = formatPublicKey(authority);
    return {
      ok: true,
      signatory: { by, ns: namespace, time, authority, publicKey: line, fingerprint: fingerprint(authority) },
    };
  } catch (error) {
    return bad(error instanceof Error ? error.message : 'it cannot be read');
  }
}
