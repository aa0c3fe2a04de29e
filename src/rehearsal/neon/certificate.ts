/** A certificate that signs itself, for this machine and one rehearsal: Neon speaks TLS only. */
import { generateKeyPairSync, randomBytes, sign } from 'node:crypto';

export interface Certificate {
  /** PEM. */
  cert: string;
  key: string;
}

const DAY_MS = 86_400_000;

// DER (X.690): a tag, the length, the content.
const SEQUENCE = 0x30;
const SET = 0x31;
const INTEGER = 0x02;
const BIT_STRING = 0x03;
const OCTET_STRING = 0x04;
const UTF8_STRING = 0x0c;
const UTC_TIME = 0x17;

/** `1.2.840.10045.4.3.2`, ecdsa-with-SHA256. */
const ECDSA_SHA256 = Buffer.from('06082a8648ce3d040302', 'hex');
/** `2.5.4.3`, commonName. */
const COMMON_NAME = Buffer.from('0603550403', 'hex');
/** `2.5.29.17`, subjectAltName. */
const ALTERNATIVE_NAME = Buffer.from('0603551d11', 'hex');

/** Makes one for 127.0.0.1 (RFC 5280), good for two days. */
export function selfSigned(name: string, now = new Date()): Certificate {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const who = der(SEQUENCE, der(SET, der(SEQUENCE, COMMON_NAME, der(UTF8_STRING, Buffer.from(name)))));
  const algorithm = der(SEQUENCE, ECDSA_SHA256);
  const address = der(SEQUENCE, der(0x87, Buffer.from([127, 0, 0, 1])));
  const body = der(
    SEQUENCE,
    der(0xa0, der(INTEGER, Buffer.from([2]))),
    der(INTEGER, Buffer.concat([Buffer.from([0x01]), randomBytes(15)])),
    algorithm,
    who,
    der(SEQUENCE, time(new Date(now.getTime() - DAY_MS)), time(new Date(now.getTime() + 2 * DAY_MS))),
    who,
    publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, der(SEQUENCE, der(SEQUENCE, ALTERNATIVE_NAME, der(OCTET_STRING, address)))),
  );
  const signature = der(BIT_STRING, Buffer.from([0]), sign('sha256', body, privateKey));
  const text = der(SEQUENCE, body, algorithm, signature).toString('base64').replaceAll(/.{64}/g, '$&\n');
  return {
    cert: `-----BEGIN CERTIFICATE-----\n${text.trimEnd()}\n-----END CERTIFICATE-----\n`,
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  };
}

function der(tag: number, ...parts: readonly Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  const size = content.length;
  const length = size < 0x80 ? [size] : size < 0x100 ? [0x81, size] : [0x82, size >> 8, size & 0xff];
  return Buffer.concat([Buffer.from([tag, ...length]), content]);
}

function time(at: Date): Buffer {
  return der(UTC_TIME, Buffer.from(`${at.toISOString().replaceAll(/[-:T]/g, '').slice(2, 14)}Z`));
}
