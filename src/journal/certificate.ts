/**
 * OpenSSH user certificates (PROTOCOL.certkeys of OpenSSH) for run keys: the operator's key says once, at the start,
 * that a key made in memory may sign for him for some hours, in this run. Pure.
 */
import { randomBytes } from 'node:crypto';
import { keyType, verifySsh } from './ssh-key.ts';
import { packString, packU32, packU64, WireFault, WireReader } from './ssh-wire.ts';

const TYPE = 'ssh-ed25519-cert-v01@openssh.com';
const USER = 1;

export interface CertificateRequest {
  /** The run key, ed25519, in the SSH encoding. */
  runKey: Uint8Array;
  /** The run's id: the certificate is for this run only. */
  keyId: string;
  principal: string;
  /** Seconds since 1970; valid from the first, and not at the second any more. */
  validAfter: number;
  validBefore: number;
  /** The operator's public key, in the SSH encoding. */
  authority: Uint8Array;
}

export interface Certificate {
  keyId: string;
  principals: readonly string[];
  validAfter: bigint;
  validBefore: bigint;
  user: boolean;
  /** The key that is certified, in the SSH encoding. */
  runKey: Buffer;
  /** The key that vouches for it, in the SSH encoding. */
  authority: Buffer;
  /** Whether the authority's signature is good. */
  genuine: boolean;
}

/** The bytes for the operator's key to sign; the certificate is these bytes and `packString(signature)`. */
export function certificateBody(request: CertificateRequest): Buffer {
  const runKey = new WireReader(request.runKey);
  if (runKey.text() !== 'ssh-ed25519') throw new WireFault('a run key is an ed25519 key');
  return Buffer.concat([
    packString(TYPE),
    packString(randomBytes(32)),
    packString(runKey.string()),
    packU64(0n),
    packU32(USER),
    packString(request.keyId),
    packString(packString(request.principal)),
    packU64(BigInt(request.validAfter)),
    packU64(BigInt(request.validBefore)),
    // No critical options, no extensions (it opens no session), nothing reserved.
    ...[packString(''), packString(''), packString('')],
    packString(request.authority),
  ]);
}

/** The certificate in the SSH encoding, from its body and the authority's signature of it. */
export function certificateOf(body: Uint8Array, signature: Uint8Array): Buffer {
  return Buffer.concat([body, packString(signature)]);
}

/** Reads an ed25519 certificate and checks who signed it; throws `WireFault` when it is none. */
export function parseCertificate(blob: Uint8Array): Certificate {
  if (keyType(blob) !== TYPE) throw new WireFault('it is not an ed25519 certificate');
  const reader = new WireReader(blob);
  reader.string();
  reader.string();
  const runKey = Buffer.concat([packString('ssh-ed25519'), packString(reader.string())]);
  reader.u64();
  const user = reader.u32() === USER;
  const keyId = reader.text();
  const principals: string[] = [];
  const list = new WireReader(reader.string());
  while (!list.done) principals.push(list.text());
  const validAfter = reader.u64();
  const validBefore = reader.u64();
  for (let unused = 0; unused < 3; unused++) reader.string();
  const authority = reader.string();
  const body = blob.subarray(0, reader.offset);
  const signature = reader.string();
  reader.end();
  const genuine = verifySsh(authority, body, signature);
  return { keyId, principals, validAfter, validBefore, user, runKey, authority, genuine };
}

/**
 * Whether the certificate lets `principal` sign at `time` (seconds since 1970): the rules of OpenSSH's
 * `sshkey_cert_check_authority`, which `ssh-keygen -Y verify` applies. Gives the reason when it does not.
 */
export function refusesPrincipal(certificate: Certificate, principal: string, time: number): string | undefined {
  if (!certificate.genuine) return 'the certificate of the run key was not signed by the key it names';
  if (!certificate.user) return 'the certificate is not one for a user';
  if (BigInt(time) < certificate.validAfter) return 'the certificate was not valid yet';
  if (BigInt(time) >= certificate.validBefore) return 'the certificate had expired';
  if (!certificate.principals.includes(principal)) return `the certificate is not for ${principal}`;
  return undefined;
}
