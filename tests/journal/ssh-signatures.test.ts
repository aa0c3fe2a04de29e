import { createPublicKey } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fingerprint, formatPublicKey, parsePublicKey, signSsh, verifySsh } from '../../src/journal/ssh-key.ts';
import { generatePrivateKey, PassphraseNeeded, parsePrivateKey } from '../../src/journal/ssh-private-key.ts';
import { armor, digestOf, parseArmor, signedData } from '../../src/journal/sshsig.ts';
import { scratch } from './a-journal.ts';
import { makeKey, run, sshKeygenVerifies } from './openssh.ts';

const KINDS = [
  ['ed25519', 'ed25519', undefined],
  ['rsa', 'rsa', 2048],
  ['ecdsa p-256', 'ecdsa', 256],
  ['ecdsa p-384', 'ecdsa', 384],
  ['ecdsa p-521', 'ecdsa', 521],
] as const;
const NS = 'journal@tejun';

let dir: ReturnType<typeof scratch>;
beforeAll(() => {
  dir = scratch();
  for (const [name, type, bits] of KINDS) makeKey(keyPath(name), type, bits === undefined ? {} : { bits });
});
afterAll(() => dir.remove());

const keyPath = (name: string) => join(dir.path, name.replace(' ', '-'));
const readKey = (name: string) => parsePrivateKey(readFileSync(keyPath(name), 'utf8'));

function sign(name: string, message: Uint8Array, namespace = NS): string {
  const { key, blob } = readKey(name);
  const signature = signSsh(key, signedData(namespace, 'sha512', digestOf(message)));
  return armor({ publicKey: blob, namespace, hash: 'sha512', signature });
}

/** `ssh-keygen -Y sign` of a message. */
function sshKeygenSigns(name: string, message: Uint8Array): string {
  const file = join(dir.path, `message-${name.replace(' ', '-')}`);
  writeFileSync(file, message);
  run('ssh-keygen', ['-q', '-Y', 'sign', '-f', keyPath(name), '-n', NS, file]);
  const sig = readFileSync(`${file}.sig`, 'utf8');
  run('rm', [`${file}.sig`]);
  return sig;
}

describe.each(KINDS)('%s keys', (name) => {
  it('are read from their files, and have the fingerprint that ssh-keygen shows', () => {
    const { blob } = readKey(name);
    const line = readFileSync(`${keyPath(name)}.pub`, 'utf8');
    expect(parsePublicKey(line)?.blob).toEqual(blob);
    expect(line).toContain(formatPublicKey(blob));
    expect(run('ssh-keygen', ['-l', '-f', `${keyPath(name)}.pub`])).toContain(fingerprint(blob));
  });

  it('make signatures that ssh-keygen accepts, and refuses for other bytes, another namespace, another person', () => {
    const message = Buffer.from('a line\nanother\n');
    const allowedSigners = `alice@ops ${formatPublicKey(readKey(name).blob)}\n`;
    const check = { sig: sign(name, message), message, allowedSigners, identity: 'alice@ops', namespace: NS };
    expect(sshKeygenVerifies(check)).toMatchObject({ good: true });
    expect(sshKeygenVerifies({ ...check, message: Buffer.from('a lime\nanother\n') }).good).toBe(false);
    expect(sshKeygenVerifies({ ...check, namespace: 'git' }).good).toBe(false);
    expect(sshKeygenVerifies({ ...check, identity: 'mallory@ops' }).good).toBe(false);
  });

  it('make signatures with ssh-keygen that are accepted here, and refused once a byte of them differs', () => {
    const message = Buffer.from('signed by OpenSSH\n');
    const sig = parseArmor(sshKeygenSigns(name, message));
    const signed = signedData(NS, sig.hash, digestOf(message));
    expect(verifySsh(sig.publicKey, signed, sig.signature)).toBe(true);
    expect(verifySsh(sig.publicKey, signedData('git', sig.hash, digestOf(message)), sig.signature)).toBe(false);
    for (let at = 0; at < sig.signature.length; at += 3) {
      const changed = Buffer.from(sig.signature);
      changed[at] = (changed[at] ?? 0) ^ 1;
      expect(verifySsh(sig.publicKey, signed, changed)).toBe(false);
    }
  });
});

describe('SSHSIG', () => {
  it('is the same bytes as ssh-keygen makes (ed25519 signs the same way each time)', () => {
    for (const message of ['', 'x', 'a line\n'.repeat(1000)])
      expect(sign('ed25519', Buffer.from(message))).toBe(sshKeygenSigns('ed25519', Buffer.from(message)));
  });

  it('is the same bytes as ssh-keygen makes with RSA too', () => {
    expect(sign('rsa', Buffer.from('m'))).toBe(sshKeygenSigns('rsa', Buffer.from('m')));
  });

  it('has one form: text that differs in a single character is refused or is another signature', () => {
    const text = sign('ed25519', Buffer.from('m'));
    const before = parseArmor(text);
    fc.assert(
      fc.property(fc.nat(text.length - 1), fc.integer({ min: 1, max: 127 }), (at, flip) => {
        const changed = `${text.slice(0, at)}${String.fromCharCode(text.charCodeAt(at) ^ flip)}${text.slice(at + 1)}`;
        let after: unknown;
        try {
          after = parseArmor(changed);
        } catch (error) {
          after = error;
        }
        expect(after).not.toEqual(before);
      }),
      { numRuns: 500 },
    );
  });

  it('never takes anything but a signature, and fails cleanly', () => {
    for (const text of ['', 'x', '-----BEGIN SSH SIGNATURE-----\nAAAA\n-----END SSH SIGNATURE-----\n'])
      expect(() => parseArmor(text)).toThrow();
  });
});

describe('private keys', () => {
  it('that are encrypted say that they need their passphrase', () => {
    for (const [type, format] of [['ed25519', undefined] as const, ['rsa', 'PEM'] as const]) {
      const path = join(dir.path, `locked-${type}`);
      const args = format === undefined ? [] : ['-m', format];
      run('ssh-keygen', ['-q', '-t', type, ...args, '-N', 'open sesame', '-f', path]);
      expect(() => parsePrivateKey(readFileSync(path, 'utf8'))).toThrow(PassphraseNeeded);
    }
  });

  it('in PEM are read too', () => {
    const path = join(dir.path, 'pem');
    run('ssh-keygen', ['-q', '-t', 'rsa', '-b', '2048', '-m', 'PEM', '-N', '', '-f', path]);
    const { blob } = parsePrivateKey(readFileSync(path, 'utf8'));
    expect(readFileSync(`${path}.pub`, 'utf8')).toContain(formatPublicKey(blob));
  });

  it('that tejun makes are OpenSSH files', () => {
    const { text, blob, key } = generatePrivateKey('tejun');
    const path = join(dir.path, 'own');
    writeFileSync(path, text, { mode: 0o600 });
    expect(run('ssh-keygen', ['-y', '-f', path]).trim()).toBe(formatPublicKey(blob, 'tejun'));
    expect(createPublicKey(parsePrivateKey(text).key).equals(createPublicKey(key))).toBe(true);
  });

  it('that are damaged are refused', () => {
    const body = readFileSync(keyPath('ed25519'), 'utf8').split('\n');
    // Line 3 begins inside the second check number; the key is a new one in each run, so its character may be an A already.
    const other = body[3]?.startsWith('A') ? 'B' : 'A';
    const changed = body.with(3, `${other}${body[3]?.slice(1)}`).join('\n');
    for (const text of ['', 'hello', body.with(2, '').join('\n'), changed])
      expect(() => parsePrivateKey(text)).toThrow();
  });
});

describe('public key lines', () => {
  it.each(['', 'ssh-ed25519', 'ssh-ed25519 AAAA', 'ssh-rsa AAAAC3NzaC1lZDI1NTE5AAAAIA== x'])('%j is none', (line) => {
    expect(parsePublicKey(line)).toBeUndefined();
  });
});
