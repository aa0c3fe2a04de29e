import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { chooseSigner, type Signer, type SignerRequest } from '../../src/journal/signer.ts';
import { encodePublicKey, keyType } from '../../src/journal/ssh-key.ts';
import { packString, packU32, WireReader } from '../../src/journal/ssh-wire.ts';
import { ALICE, allow, scratch } from './a-journal.ts';
import { type Agent, makeKey, run, sshKeygenVerifies, startAgent } from './openssh.ts';

const NS = 'journal@tejun';
const MESSAGE = Buffer.from('{"seq":0}\n');

let dir: ReturnType<typeof scratch>;
let agent: Agent | undefined;
beforeEach(() => {
  dir = scratch();
  mkdirSync(join(dir.path, '.ssh'));
});
afterEach(async () => {
  await agent?.stop();
  agent = undefined;
  dir.remove();
});

function choose(request: Partial<SignerRequest> = {}): Promise<Signer> {
  const tejunHome = join(dir.path, 'tejun');
  return chooseSigner({ env: {}, home: dir.path, tejunHome, principal: ALICE, run: 'run-1', ...request });
}

const inSsh = (name: string) => join(dir.path, '.ssh', name);

function verifies(signer: Signer, sig: string, change: Partial<Parameters<typeof sshKeygenVerifies>[0]> = {}): boolean {
  const allowedSigners = allow(signer);
  return sshKeygenVerifies({ sig, message: MESSAGE, allowedSigners, identity: ALICE, namespace: NS, ...change }).good;
}

describe('who signs', () => {
  it("is the operator's agent, with its ed25519 key whatever else it has", async () => {
    agent = await startAgent(dir.path);
    for (const [type, bits] of [
      ['rsa', 2048],
      ['ecdsa', 256],
      ['ed25519', undefined],
    ] as const)
      agent.add(makeKey(join(dir.path, type), type, bits === undefined ? {} : { bits }));
    makeKey(inSsh('id_ed25519'), 'ed25519');
    const signer = await choose({ env: { SSH_AUTH_SOCK: agent.socket } });
    expect(signer).toMatchObject({ source: 'agent', by: ALICE });
    expect(signer.publicKey).toBe(readFileSync(join(dir.path, 'ed25519.pub'), 'utf8').trim());
    expect(run('ssh-keygen', ['-l', '-f', join(dir.path, 'ed25519.pub')])).toContain(signer.fingerprint);
    expect(signer.note).toBeUndefined();
  });

  it.each(['id_ed25519', 'id_ecdsa', 'id_rsa'])(
    'is ~/.ssh/%s when there is no agent, and the note says so',
    async (name) => {
      makeKey(inSsh(name), name.slice(3));
      const signer = await choose();
      expect(signer).toMatchObject({ source: 'file', note: 'no SSH agent' });
      expect(verifies(signer, signer.sign(MESSAGE, NS))).toBe(true);
    },
  );

  it('passes over a key that is encrypted, and says what would help', async () => {
    makeKey(inSsh('id_ed25519'), 'ed25519', { passphrase: 'open sesame' });
    makeKey(inSsh('id_rsa'), 'rsa', { bits: 2048 });
    const signer = await choose();
    expect(keyType(Buffer.from(signer.publicKey?.split(' ')[1] ?? '', 'base64'))).toBe('ssh-rsa');
    expect(signer.note).toContain('id_ed25519: it needs its passphrase: add it to an agent (ssh-add)');
  });

  it("is tejun's own key when there is no other; it is made once, for its owner only", async () => {
    const signer = await choose();
    const path = join(dir.path, 'tejun', 'keys', 'id_ed25519');
    expect(signer).toMatchObject({ source: 'own' });
    expect(signer.note).toContain(`tejun made its own, ${path}`);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(statSync(join(path, '..')).mode & 0o777).toBe(0o700);
    expect(readFileSync(`${path}.pub`, 'utf8')).toContain(signer.publicKey);
    const again = await choose();
    expect(again.fingerprint).toBe(signer.fingerprint);
    expect(again.note).not.toContain('made');
  });

  it('is nobody when even that cannot be written: the run goes on, and says that it is not signed', async () => {
    writeFileSync(join(dir.path, 'tejun'), 'a file where the directory should be');
    const signer = await choose();
    expect(signer).toMatchObject({ source: 'none', by: ALICE });
    expect(signer.note).toContain('tejun/keys/id_ed25519');
    expect(() => signer.sign(MESSAGE, NS)).toThrow('there is no key to sign with');
  });

  it('is found in little time when the agent is frozen', async () => {
    agent = await startAgent(dir.path);
    process.kill(agent.pid, 'SIGSTOP');
    const asked = performance.now();
    const signer = await choose({ env: { SSH_AUTH_SOCK: agent.socket }, patience: { list: 100, sign: 100 } });
    expect(performance.now() - asked).toBeLessThan(2000);
    expect(signer).toMatchObject({ source: 'own' });
    expect(signer.note).toContain('SSH agent: the agent did not answer within 0.1 s');
  });

  it('is the next one when the agent lists a key and then refuses to sign with it', async () => {
    agent = await startAgent(dir.path);
    agent.add('-c', makeKey(join(dir.path, 'confirmed'), 'ed25519'));
    const signer = await choose({ env: { SSH_AUTH_SOCK: agent.socket } });
    expect(signer.source).toBe('own');
    expect(signer.note).toContain('alice-ed25519: the agent refused');
  });

  it('is named without characters that an allowed_signers file cannot hold', async () => {
    const signer = await choose({ principal: 'Alice "the, boss" *@ops' });
    expect(signer.by).toBe('Alice-the-boss-@ops');
    expect(signer.note).toContain('signs as Alice-the-boss-@ops');
    expect(
      verifies(signer, signer.sign(MESSAGE, NS), { identity: signer.by, allowedSigners: allow(signer, signer.by) }),
    ).toBe(true);
  });
});

describe('the run key', () => {
  it.each([
    ['ed25519', undefined],
    ['rsa', 2048],
    ['ecdsa', 256],
  ] as const)('certified by an %s key in an agent signs after the agent is dead', async (type, bits) => {
    agent = await startAgent(dir.path);
    agent.add(makeKey(join(dir.path, type), type, bits === undefined ? {} : { bits }));
    const signer = await choose({ env: { SSH_AUTH_SOCK: agent.socket } });
    await agent.stop();
    expect(existsSync(join(dir.path, 'tejun'))).toBe(false);
    const sig = signer.sign(MESSAGE, NS);
    expect(verifies(signer, sig)).toBe(true);
    expect(verifies(signer, sig, { namespace: 'rehearsal@tejun' })).toBe(false);
    expect(verifies(signer, sig, { allowedSigners: allow(signer, ALICE, 'rehearsal@tejun') })).toBe(false);
    expect(verifies(signer, sig, { identity: 'mallory@ops', allowedSigners: allow(signer, 'mallory@ops') })).toBe(
      false,
    );
    expect(verifies(signer, sig, { message: Buffer.from('{"seq":1}\n') })).toBe(false);
    expect(verifies(signer, sig, { at: new Date(Date.now() + 9 * 3600_000) })).toBe(false);
    expect(verifies(signer, sig, { at: new Date(Date.now() - 120_000) })).toBe(false);
    expect(verifies(signer, sig, { at: new Date(Date.now() + 7 * 3600_000) })).toBe(true);
  });

  it('has a certificate for this run, this person and these hours, that opens no session', async () => {
    const signer = await choose({ hours: 2, now: new Date('2026-11-22T05:00:00Z') });
    writeFileSync(join(dir.path, 'cert.pub'), `${signer.certificate}\n`);
    const shown = run('ssh-keygen', ['-L', '-f', join(dir.path, 'cert.pub')], { TZ: 'UTC' });
    expect(shown).toContain('ssh-ed25519-cert-v01@openssh.com user certificate');
    expect(shown).toContain('Key ID: "run-1"');
    expect(shown).toContain('Valid: from 2026-11-22T04:59:00 to 2026-11-22T07:00:00');
    expect(shown).toMatch(/Principals: \n\s+alice@ops\n\s+Critical Options: \(none\)\n\s+Extensions: \(none\)/);
  });

  it.each([
    [0, '05:00', '06:00'],
    [100, '05:00', '05:00'],
  ])('is valid for an hour at least and a day at most (asked for %i)', async (hours, from, to) => {
    const signer = await choose({ hours, now: new Date('2026-11-22T05:00:00Z') });
    const at = (time: string, day = '22') => new Date(`2026-11-${day}T${time}:00Z`);
    expect(() => signer.sign(MESSAGE, NS, at(from))).not.toThrow();
    const end = at(to, hours > 24 ? '23' : '22');
    expect(() => signer.sign(MESSAGE, NS, new Date(end.getTime() - 1000))).not.toThrow();
    expect(() => signer.sign(MESSAGE, NS, end)).toThrow('the certificate had expired');
  });

  it('signs nothing once it was forgotten', async () => {
    const signer = await choose();
    signer.forget();
    expect(() => signer.sign(MESSAGE, NS)).toThrow('the key of this run was forgotten');
  });
});

describe('a FIDO token', () => {
  it('can vouch for the run key with one touch (played by an agent that signs as PROTOCOL.u2f says)', async () => {
    const { publicKey, privateKey } = generateKeyPairSync('ed25519');
    const raw = new WireReader(encodePublicKey(publicKey));
    raw.string();
    const type = 'sk-ssh-ed25519@openssh.com';
    const blob = Buffer.concat([packString(type), packString(raw.string()), packString('ssh:')]);
    const socket = join(dir.path, 'token.sock');
    const close = await serveToken(socket, blob, (data) => touch(type, privateKey, data));
    const signer = await choose({ env: { SSH_AUTH_SOCK: socket } });
    await close();
    expect(signer).toMatchObject({ source: 'agent' });
    expect(verifies(signer, signer.sign(MESSAGE, NS))).toBe(true);
  });

  function touch(type: string, key: KeyObject, data: Buffer): Buffer {
    const sha256 = (bytes: string | Buffer) => createHash('sha256').update(bytes).digest();
    const counter = Buffer.concat([Buffer.from([1]), randomBytes(4)]);
    const signature = sign(null, Buffer.concat([sha256('ssh:'), counter, sha256(data)]), key);
    return Buffer.concat([packString(type), packString(signature), counter]);
  }

  async function serveToken(
    path: string,
    blob: Buffer,
    answer: (data: Buffer) => Buffer,
  ): Promise<() => Promise<void>> {
    const server = createServer((socket) => {
      socket.on('data', (bytes) => {
        const question = new WireReader(new WireReader(bytes as Buffer).string());
        if (question.u8() === 11) {
          const list = [Buffer.from([12]), packU32(1), packString(blob), packString('token')];
          socket.write(packString(Buffer.concat(list)));
        } else {
          question.string();
          socket.write(packString(Buffer.concat([Buffer.from([14]), packString(answer(question.string()))])));
        }
      });
    });
    await new Promise<void>((resolve) => server.listen(path, resolve));
    return () => new Promise((resolve) => server.close(() => resolve()));
  }
});
