/**
 * Who signs a run. The operator's own key is asked once, at the start, to certify a key that is made for this run and
 * kept in memory; that key then signs, also after a forwarded agent is gone, and is forgotten at the end.
 *
 * No failure here stops a run: whatever does not work is passed over and named in `note`.
 */
import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { EXIT, Problem } from '../problem.ts';
import { type Authority, agentKeys, type KeySearch, keyFiles, ownKey, reasonOf, unlockedKey } from './authorities.ts';
import { certificateBody, certificateOf, parseCertificate, refusesPrincipal } from './certificate.ts';
import type { Entry, SignerSource } from './records.ts';
import { AgentFault } from './ssh-agent.ts';
import { encodePublicKey, fingerprint, formatPublicKey, signSsh } from './ssh-key.ts';
import { armor, digestOf, signedData } from './sshsig.ts';
import type { PrefixSigner } from './writer.ts';

export interface SignerRequest extends KeySearch {
  /** Who signs, e.g. `alice@ops`. Characters that an allowed_signers file cannot hold become `-`. */
  principal: string;
  /** Id of the run: the certificate is for this run only. */
  run: string;
  /** How long the run key may sign; default 8, at most 24. */
  hours?: number;
  /** Default: the wall clock. */
  now?: Date;
}

export interface Signer extends PrefixSigner {
  source: SignerSource;
  /** The principal, as it stands in the certificate. */
  by: string;
  /** SHA256:… of the operator's key. */
  fingerprint?: string;
  /** The operator's public key, one OpenSSH line. */
  publicKey?: string;
  /** The run's public key, one OpenSSH line. */
  runKey?: string;
  /** The certificate, one OpenSSH line. */
  certificate?: string;
  /** Why a better signer was not used, or what the operator should know of this one. */
  note?: string;
  /** An armored SSHSIG of `bytes`; throws a `Problem` as `signDigest` does. */
  sign(bytes: Uint8Array, namespace: string, at?: Date): string;
  /** Whether it cannot sign at `at`: there is no key, or its certificate does not cover that time. */
  lapses(at: Date): boolean;
  /** Drops the run key: nothing can be signed any more, by anybody. */
  forget(): void;
}

const DEFAULT_HOURS = 8;
const LONGEST_HOURS = 24;
/** A verifier's clock may be a little behind. */
const EARLIER_SECONDS = 60;

/**
 * Finds who signs: the agent, else a key in ~/.ssh whose passphrase was given or that needs none, else tejun's own key (made on first use), else
 * nobody (`source: 'none'`). Never throws.
 */
export async function chooseSigner(request: SignerRequest): Promise<Signer> {
  const by = cleanPrincipal(request.principal);
  const notes: string[] = [];
  if (by !== request.principal) notes.push(`signs as ${by}`);
  for (const find of [agentKeys, unlockedKey, keyFiles, ownKey]) {
    for await (const authority of find(request, notes)) {
      try {
        return await certify(authority, by, request, notes);
      } catch (error) {
        notes.push(`${authority.comment || fingerprint(authority.blob)}: ${reasonOf(error)}`);
        if (error instanceof AgentFault && error.slow) break;
      }
    }
  }
  return nobody(by, notes);
}

/** The `signer` record of a journal. */
export function signerEntry(signer: Signer): Extract<Entry, { type: 'signer' }> {
  const { source, by, fingerprint, publicKey, runKey, certificate, note } = signer;
  return {
    type: 'signer',
    source,
    by,
    ...(fingerprint === undefined ? {} : { fingerprint }),
    ...(publicKey === undefined ? {} : { publicKey }),
    ...(runKey === undefined ? {} : { runKey }),
    ...(certificate === undefined ? {} : { certificate }),
    ...(note === undefined ? {} : { note }),
  };
}

async function certify(authority: Authority, by: string, request: SignerRequest, notes: string[]): Promise<Signer> {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const now = Math.floor((request.now?.getTime() ?? Date.now()) / 1000);
  const hours = Math.min(Math.max(request.hours ?? DEFAULT_HOURS, 1), LONGEST_HOURS);
  const body = certificateBody({
    runKey: encodePublicKey(publicKey),
    keyId: request.run,
    principal: by,
    validAfter: now - EARLIER_SECONDS,
    validBefore: now + Math.round(hours * 3600),
    authority: authority.blob,
  });
  const blob = certificateOf(body, await authority.sign(body));
  const certificate = parseCertificate(blob);
  if (!certificate.genuine) throw new Error('it gave a signature that does not verify');
  let key: KeyObject | undefined = privateKey;
  const signDigest = (sha512: Uint8Array, namespace: string, at: Date): string => {
    if (!key) throw cannotSign('the key of this run was forgotten');
    const refusal = refusesPrincipal(certificate, by, Math.floor(at.getTime() / 1000));
    if (refusal) throw cannotSign(refusal);
    const signature = signSsh(key, signedData(namespace, 'sha512', sha512));
    return armor({ publicKey: blob, namespace, hash: 'sha512', signature });
  };
  return {
    source: authority.source,
    by,
    fingerprint: fingerprint(authority.blob),
    publicKey: formatPublicKey(authority.blob, authority.source === 'agent' ? authority.comment : ''),
    runKey: formatPublicKey(encodePublicKey(publicKey)),
    certificate: formatPublicKey(blob),
    ...noted(notes),
    signDigest,
    sign: (bytes, namespace, at = new Date()) => signDigest(digestOf(bytes), namespace, at),
    lapses: (at) => refusesPrincipal(certificate, by, Math.floor(at.getTime() / 1000)) !== undefined,
    forget: () => {
      key = undefined;
    },
  };
}

function nobody(by: string, notes: string[]): Signer {
  const refuse = (): never => {
    throw cannotSign('there is no key to sign with');
  };
  return {
    source: 'none',
    by,
    ...noted(notes),
    signDigest: refuse,
    sign: refuse,
    lapses: () => true,
    forget: () => {},
  };
}

function noted(notes: readonly string[]): { note?: string } {
  return notes.length === 0 ? {} : { note: notes.join('; ') };
}

function cannotSign(why: string): Problem {
  return new Problem(
    { code: 'cannot-sign', what: why, means: 'The journal goes on, unsigned from here.' },
    EXIT.journal,
  );
}

/** A principal stands in an allowed_signers file, where these characters mean something else. */
function cleanPrincipal(principal: string): string {
  return principal.replace(/[\s,"'`$\\*?!#\x00-\x1f\x7f]+/g, '-') || 'operator';
}
