/**
 * OpenSSH public keys, and signatures in the SSH encoding (RFC 4253 §6.6, RFC 5656, RFC 8332, RFC 8709 and
 * PROTOCOL.u2f of OpenSSH) made and checked with node:crypto. Pure.
 */
import { createHash, createPublicKey, type KeyObject, sign, verify } from 'node:crypto';
import { packMpint, packString, WireFault, WireReader } from './ssh-wire.ts';

export interface PublicKey {
  /** E.g. `ssh-ed25519`. */
  type: string;
  /** The key in the SSH encoding. */
  blob: Buffer;
  comment: string;
}

/** Curves by their SSH name: the name in a JWK, the hash that goes with the curve, and the length of a coordinate. */
export const CURVES: Readonly<Record<string, { jwk: string; hash: string; size: number }>> = {
  nistp256: { jwk: 'P-256', hash: 'sha256', size: 32 },
  nistp384: { jwk: 'P-384', hash: 'sha384', size: 48 },
  nistp521: { jwk: 'P-521', hash: 'sha512', size: 66 },
};

/** OpenSSH refuses RSA keys that are shorter (its SSH_RSA_MINIMUM_MODULUS_SIZE). */
const SHORTEST_RSA = 1024;

/** Reads `type base64 comment`; undefined when it is no public key line. */
export function parsePublicKey(line: string): PublicKey | undefined {
  const [, type, base64, comment] = /^(\S+)\s+([A-Za-z0-9+/]+={0,2})(?:\s+(.*))?$/.exec(line.trim()) ?? [];
  if (!type || !base64) return undefined;
  const blob = Buffer.from(base64, 'base64');
  return keyType(blob) === type ? { type, blob, comment: comment ?? '' } : undefined;
}

/** One OpenSSH line, without a newline. */
export function formatPublicKey(blob: Uint8Array, comment = ''): string {
  const line = `${keyType(blob) ?? 'unknown'} ${Buffer.from(blob).toString('base64')}`;
  return comment ? `${line} ${comment}` : line;
}

/** `SHA256:…` as ssh-keygen -l prints it. */
export function fingerprint(blob: Uint8Array): string {
  return `SHA256:${createHash('sha256').update(blob).digest('base64').replace(/=+$/, '')}`;
}

/** The type that a key's encoding begins with, e.g. `ssh-rsa`. */
export function keyType(blob: Uint8Array): string | undefined {
  try {
    return new WireReader(blob).text();
  } catch {
    return undefined;
  }
}

/** The SSH encoding of a public (or the public half of a private) ed25519, ECDSA or RSA key. */
export function encodePublicKey(key: KeyObject): Buffer {
  const jwk = (key.type === 'private' ? createPublicKey(key) : key).export({ format: 'jwk' });
  if (jwk.kty === 'OKP' && jwk.crv === 'Ed25519')
    return Buffer.concat([packString('ssh-ed25519'), packString(jwkBytes(jwk.x))]);
  if (jwk.kty === 'RSA')
    return Buffer.concat([packString('ssh-rsa'), packMpint(jwkBytes(jwk.e)), packMpint(jwkBytes(jwk.n))]);
  const curve = Object.entries(CURVES).find(([, { jwk: name }]) => name === jwk.crv)?.[0];
  if (!curve) throw new WireFault(`keys of the kind ${jwk.kty} ${jwk.crv} are not supported`);
  const point = Buffer.concat([Buffer.from([4]), jwkBytes(jwk.x), jwkBytes(jwk.y)]);
  return Buffer.concat([packString(`ecdsa-sha2-${curve}`), packString(curve), packString(point)]);
}

function jwkBytes(field: string | undefined): Buffer {
  return Buffer.from(field ?? '', 'base64url');
}

/** Signs `data`; gives the SSH signature blob (`string algorithm, string signature`). RSA signs with SHA-512. */
export function signSsh(key: KeyObject, data: Uint8Array): Buffer {
  const type = keyType(encodePublicKey(key)) ?? '';
  if (type === 'ssh-ed25519') return Buffer.concat([packString(type), packString(sign(null, data, key))]);
  if (type === 'ssh-rsa') return Buffer.concat([packString('rsa-sha2-512'), packString(sign('sha512', data, key))]);
  const curve = CURVES[type.replace('ecdsa-sha2-', '')];
  if (!curve) throw new WireFault(`keys of the type ${type} are not supported`);
  const raw = sign(curve.hash, data, { key, dsaEncoding: 'ieee-p1363' });
  const pair = [raw.subarray(0, curve.size), raw.subarray(curve.size)].map((half) => packMpint(half));
  return Buffer.concat([packString(type), packString(Buffer.concat(pair))]);
}

/**
 * Whether `signature` (an SSH signature blob) is one of `data` by the key `blob`. False for anything malformed, for
 * SHA-1 signatures, and for key types that are not supported.
 */
export function verifySsh(blob: Uint8Array, data: Uint8Array, signature: Uint8Array): boolean {
  try {
    const key = new WireReader(blob);
    const type = key.text();
    const reader = new WireReader(signature);
    const algorithm = reader.text();
    const raw = reader.string();
    const good = verifyAs(type, key, algorithm, raw, reader, data);
    key.end();
    reader.end();
    return good;
  } catch {
    return false;
  }
}

function verifyAs(
  type: string,
  key: WireReader,
  algorithm: string,
  raw: Buffer,
  rest: WireReader,
  data: Uint8Array,
): boolean {
  if (type === 'ssh-rsa') {
    const exponent = key.mpint();
    const modulus = key.mpint();
    const hash = { 'rsa-sha2-256': 'sha256', 'rsa-sha2-512': 'sha512' }[algorithm];
    const publicKey = jwkKey({ kty: 'RSA', n: modulus.toString('base64url'), e: exponent.toString('base64url') });
    const bits = publicKey.asymmetricKeyDetails?.modulusLength ?? 0;
    return hash !== undefined && bits >= SHORTEST_RSA && verify(hash, data, publicKey, raw);
  }
  if (algorithm !== type) return false;
  if (type === 'ssh-ed25519') return verify(null, data, ed25519Key(key.string()), raw);
  if (type === 'sk-ssh-ed25519@openssh.com') {
    const publicKey = ed25519Key(key.string());
    return verify(null, tokenData(key.string(), rest, data), publicKey, raw);
  }
  const token = type === 'sk-ecdsa-sha2-nistp256@openssh.com';
  if (!token && !type.startsWith('ecdsa-sha2-')) return false;
  const name = key.text();
  const curve = CURVES[name];
  if (!curve || (!token && type !== `ecdsa-sha2-${name}`)) return false;
  const publicKey = pointKey(curve.jwk, curve.size, key.string());
  const signed = token ? tokenData(key.string(), rest, data) : data;
  return verify(curve.hash, signed, { key: publicKey, dsaEncoding: 'ieee-p1363' }, rawPair(raw, curve.size));
}

/** What a FIDO token signs in the place of `data` (PROTOCOL.u2f). */
function tokenData(application: Buffer, rest: WireReader, data: Uint8Array): Buffer {
  const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest();
  return Buffer.concat([sha256(application), rest.take(5), sha256(data)]);
}

function jwkKey(jwk: Record<string, string>): KeyObject {
  return createPublicKey({ key: jwk, format: 'jwk' });
}

function ed25519Key(raw: Buffer): KeyObject {
  return jwkKey({ kty: 'OKP', crv: 'Ed25519', x: raw.toString('base64url') });
}

function pointKey(crv: string, size: number, point: Buffer): KeyObject {
  if (point.length !== 1 + 2 * size || point[0] !== 4) throw new WireFault('the point is not an uncompressed one');
  const [x, y] = [point.subarray(1, 1 + size), point.subarray(1 + size)].map((half) => half.toString('base64url'));
  return jwkKey({ kty: 'EC', crv, x: x ?? '', y: y ?? '' });
}

/** The two mpints of an ECDSA signature as the fixed-length pair that node:crypto reads. */
function rawPair(raw: Buffer, size: number): Buffer {
  const reader = new WireReader(raw);
  const halves = [reader.mpint(), reader.mpint()];
  reader.end();
  return Buffer.concat(halves.map((half) => Buffer.concat([Buffer.alloc(Math.max(0, size - half.length)), half])));
}
