/** What a verifier can say of a journal. Its shape in JSON is a stable interface (docs/journal.md). */
import type { SignerSource } from './records.ts';

export type VerdictName =
  /** Everything is signed, and nothing is missing at the end. */
  | 'sealed'
  /** A rehearsal that is sealed: it proves nothing of a real environment. */
  | 'rehearsal'
  /** All that is there is signed, but the run did not end, or its end was cut off. */
  | 'unsealed'
  /** The records from `at` on are signed by nobody. */
  | 'unsigned-tail'
  /** The last line is a part of a record, as a crash leaves it. */
  | 'torn'
  /** Record `at` does not follow the one before it. */
  | 'chain-broken'
  | 'bad-signature'
  /** The signatures are good, but not by a key that is known as the signer's. */
  | 'unknown-signer'
  /** A signature or the receipt belongs to another run. */
  | 'other-run'
  /** The journal is not the one, or only an older copy of the one, that the receipt was printed for. */
  | 'older-than-receipt';

/** From the gravest to the mildest: the first that was found is the verdict. */
export const GRAVITY: readonly VerdictName[] = [
  'chain-broken',
  'other-run',
  'bad-signature',
  'unknown-signer',
  'older-than-receipt',
  'torn',
  'unsigned-tail',
  'unsealed',
  'rehearsal',
];

/** A key that vouched for signatures. */
export interface VerifiedSigner {
  by: string;
  /** SHA256:… of the operator's key. */
  fingerprint: string;
  /** One OpenSSH line. */
  publicKey: string;
  source: SignerSource;
  /** `known`: an allowed_signers file says whose it is; `self-declared`: there was no such file. */
  trust: 'known' | 'unknown' | 'self-declared' | 'revoked';
}

/** A signature to show: where it is and what it covers. */
export interface SignaturePlace {
  /** `seq` of its record; its line in the file is one more. */
  seq: number;
  over: number;
  by: string;
  ns: string;
  /** Of the record that it follows: when it was made. */
  at: string;
  /** The operator's key, one OpenSSH line. */
  publicKey: string;
}

/** A second person's approval of the plan. */
export type VerifiedApproval = Omit<VerifiedSigner, 'source'> & {
  /** `seq` of its record. */
  seq: number;
};

export interface Verdict {
  verdict: VerdictName;
  /** The record (as `seq` counts) that the verdict speaks of. */
  at?: number;
  reason?: string;
  run: string;
  rehearsal: boolean;
  runbook: { title: string; path: string; digest: string };
  environment: string;
  operator: string;
  /** Wall clock of the first and the last good record. */
  begun: string;
  ended: string;
  /** Outcome of the seal, when it is the last thing that happened. */
  outcome?: string;
  /** When it was sealed, when that was afterwards: it proves nothing of the time before. */
  late?: string;
  /** Good records, their size in bytes and the hash of the last line. */
  records: number;
  bytes: number;
  head: string;
  /** Good signatures; one that a good later one by the same certificate covers is as good as that. */
  signatures: number;
  /** First record that no good signature covers; absent when there is none. */
  unsignedFrom?: number;
  signers: readonly VerifiedSigner[];
  /** The approvals that the guard `approve` asked for. */
  approvals?: readonly VerifiedApproval[];
  /** Whether the receipt that was given fits. */
  receipt?: 'fits' | 'differs' | 'older' | 'other-run';
  /** The signature that the verdict rests on: the first bad one, else the last. */
  signature?: SignaturePlace;
}
