/** Private key files: reads those that need no passphrase, and writes tejun's own. Pure. */
import { createPrivateKey, generateKeyPairSync, type KeyObject, randomBytes } from 'node:crypto';
import { CURVES, encodePublicKey } from './ssh-key.ts';
import { packString, packU32, WireFault, WireReader } from './ssh-wire.ts';

const MAGIC = 'openssh-key-v1\0';
const ARMOR = /-----BEGIN OPENSSH PRIVATE KEY-----([\s\S]+?)-----END OPENSSH PRIVATE KEY-----/;

/** The key file is encrypted: OpenSSH's own tools open it (src/commands/unlocked-key.ts). */
export class PassphraseNeeded extends Error {
  constructor() {
    super('it needs its passphrase: add it to an agent (ssh-add), or name one with --passphrase-from');
  }
}

export interface PrivateKey {
  key: KeyObject;
  /** The public half in the SSH encoding. */
  blob: Buffer;
}

/**
 * Reads the text of a private key file: OpenSSH's format (ed25519, ECDSA, RSA) or PEM. Throws `PassphraseNeeded`
 * when it is encrypted, and `WireFault` or an error of node:crypto when it cannot be read.
 */
export function parsePrivateKey(text: string): PrivateKey {
  const armored = ARMOR.exec(text)?.[1];
  if (armored === undefined) {
    if (/ENCRYPTED/.test(text)) throw new PassphraseNeeded();
    const key = createPrivateKey(text);
    return { key, blob: encodePublicKey(key) };
  }
  const file = new WireReader(Buffer.from(armored, 'base64'));
  if (file.take(MAGIC.length).toString('latin1') !== MAGIC) throw new WireFault('it is not an OpenSSH private key');
  const cipher = file.text();
  file.string();
  file.string();
  if (cipher !== 'none') throw new PassphraseNeeded();
  if (file.u32() !== 1) throw new WireFault('it holds more than one key');
  const blob = Buffer.from(file.string());
  const body = new WireReader(file.string());
  const check = body.u32();
  if (body.u32() !== check) throw new WireFault('its two check numbers differ');
  const key = readKey(body);
  if (!encodePublicKey(key).equals(blob)) throw new WireFault('its public and private halves do not belong together');
  return { key, blob };
}

function readKey(body: WireReader): KeyObject {
  const type = body.text();
  if (type === 'ssh-ed25519') {
    const x = body.string();
    return fromJwk({ kty: 'OKP', crv: 'Ed25519', x: b64(x), d: b64(body.string().subarray(0, 32)) });
  }
  if (type === 'ssh-rsa') {
    const [n, e, d, qi, p, q] = [body.mpint(), body.mpint(), body.mpint(), body.mpint(), body.mpint(), body.mpint()];
    const dp = modulo(d, p);
    const dq = modulo(d, q);
    return fromJwk({ kty: 'RSA', n: b64(n), e: b64(e), d: b64(d), p: b64(p), q: b64(q), dp, dq, qi: b64(qi) });
  }
  const name = body.text();
  const curve = CURVES[name];
  if (!curve || type !== `ecdsa-sha2-${name}`) throw new WireFault(`keys of the type ${type} are not supported`);
  const point = body.string();
  const d = body.mpint();
  return fromJwk({
    kty: 'EC',
    crv: curve.jwk,
    x: b64(point.subarray(1, 1 + curve.size)),
    y: b64(point.subarray(1 + curve.size)),
    d: b64(Buffer.concat([Buffer.alloc(Math.max(0, curve.size - d.length)), d])),
  });
}

function fromJwk(jwk: Record<string, string>): KeyObject {
  return createPrivateKey({ key: jwk, format: 'jwk' });
}

function b64(bytes: Buffer): string {
  return bytes.toString('base64url');
}

/** `d mod (p − 1)`: the exponents that OpenSSH leaves out and JWK wants. */
function modulo(d: Buffer, p: Buffer): string {
  const hex = (BigInt(`0x${d.toString('hex')}`) % (BigInt(`0x${p.toString('hex')}`) - 1n)).toString(16);
  return b64(Buffer.from(hex.length % 2 ? `0${hex}` : hex, 'hex'));
}

/** A new ed25519 key, and the text of an unencrypted OpenSSH file that holds it. */
export function generatePrivateKey(comment: string): PrivateKey & { text: string } {
  const { privateKey: key } = generateKeyPairSync('ed25519');
  const blob = encodePublicKey(key);
  const { x, d } = key.export({ format: 'jwk' });
  const pub = Buffer.from(x ?? '', 'base64url');
  const check = randomBytes(4);
  const parts = [check, check, blob, packString(Buffer.concat([Buffer.from(d ?? '', 'base64url'), pub]))];
  const body = Buffer.concat([...parts, packString(comment)]);
  const padding = Buffer.from(Array.from({ length: (8 - (body.length % 8)) % 8 }, (_, i) => i + 1));
  const none = packString('none');
  const file = Buffer.concat([
    Buffer.from(MAGIC, 'latin1'),
    ...[none, none, packString(''), packU32(1), packString(blob), packString(Buffer.concat([body, padding]))],
  ]);
  const base64 = file.toString('base64').replace(/.{1,70}/g, '$&\n');
  return { key, blob, text: `-----BEGIN OPENSSH PRIVATE KEY-----\n${base64}-----END OPENSSH PRIVATE KEY-----\n` };
}
