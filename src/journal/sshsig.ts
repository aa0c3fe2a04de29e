/**
 * SSHSIG: the signature format of `ssh-keygen -Y` (PROTOCOL.sshsig of OpenSSH). Pure.
 *
 * What is signed is a hash of the message, so that signing costs the same whatever the journal's size.
 */
import { createHash } from 'node:crypto';
import { packString, packU32, WireFault, WireReader } from './ssh-wire.ts';

const MAGIC = 'SSHSIG';
const VERSION = 1;
const BEGIN = '-----BEGIN SSH SIGNATURE-----';
const END = '-----END SSH SIGNATURE-----';
/** As ssh-keygen wraps, so that the same signature is the same bytes. */
const WRAP = 70;

export interface SshSig {
  /** Public key or certificate, in the SSH encoding. */
  publicKey: Buffer;
  namespace: string;
  /** Hash of the message: `sha512` or `sha256`. */
  hash: string;
  /** SSH signature blob, over `signedData`. */
  signature: Buffer;
}

/** The bytes that the key signs, for a message whose hash is `digest`. */
export function signedData(namespace: string, hash: string, digest: Uint8Array): Buffer {
  return Buffer.concat([
    Buffer.from(MAGIC),
    ...[packString(namespace), packString(''), packString(hash), packString(digest)],
  ]);
}

/** The signature as text, as ssh-keygen writes it, with a newline at the end. */
export function armor(sig: SshSig): string {
  const blob = Buffer.concat([
    Buffer.from(MAGIC),
    packU32(VERSION),
    packString(sig.publicKey),
    ...[packString(sig.namespace), packString(''), packString(sig.hash), packString(sig.signature)],
  ]);
  const lines = blob.toString('base64').match(new RegExp(`.{1,${WRAP}}`, 'g')) ?? [];
  return [BEGIN, ...lines, END, ''].join('\n');
}

/** Reads an armored signature; throws `WireFault` when it is none, or not in the form that `armor` writes. */
export function parseArmor(text: string): SshSig {
  if (!text.startsWith(`${BEGIN}\n`) || !text.endsWith(`\n${END}\n`)) throw new WireFault('it is not an SSH signature');
  const reader = new WireReader(Buffer.from(text.slice(BEGIN.length, -END.length - 1), 'base64'));
  if (reader.take(MAGIC.length).toString('latin1') !== MAGIC) throw new WireFault('it is not an SSH signature');
  if (reader.u32() !== VERSION) throw new WireFault('its version is not known');
  const publicKey = reader.string();
  const namespace = reader.text();
  reader.string();
  const sig = { publicKey, namespace, hash: reader.text(), signature: reader.string() };
  reader.end();
  if (armor(sig) !== text) throw new WireFault('it is not written in the one form that a journal uses');
  return sig;
}

/** SHA-512 of a message that is at hand as a whole. */
export function digestOf(message: Uint8Array): Buffer {
  return createHash('sha512').update(message).digest();
}
