import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { withKeyOpen } from '../../src/commands/passphrase.ts';
import { unlockKeyFile } from '../../src/commands/unlocked-key.ts';
import { UNLOCKED_KEY } from '../../src/journal/authorities.ts';
import { chooseSigner } from '../../src/journal/signer.ts';
import { parsePublicKey } from '../../src/journal/ssh-key.ts';
import { Secret } from '../../src/secrets/secret.ts';
import { ALICE, scratch } from '../journal/a-journal.ts';
import { makeKey, sshKeygenVerifies } from '../journal/openssh.ts';

/** With what a shell or a printf would trip over. */
const PASSPHRASE = "it's $(mine) \\n %s -n 合言葉";

let dir: ReturnType<typeof scratch>;
let keys: { close(): Promise<void> }[];
beforeEach(() => {
  dir = scratch();
  keys = [];
});
afterEach(async () => {
  for (const key of keys) await key.close();
  dir.remove();
});

async function unlock(path: string, passphrase: string) {
  const key = await unlockKeyFile(path, new Secret('PASSPHRASE', Buffer.from(passphrase)));
  if (key) keys.push(key);
  return key;
}

describe('an encrypted key file', () => {
  test.each(['ed25519', 'rsa', 'ecdsa'])(
    'of the type %s signs a journal once its passphrase was given',
    async (type) => {
      const path = makeKey(join(dir.path, 'key'), type, { passphrase: PASSPHRASE });
      const key = await unlock(path, PASSPHRASE);
      const signer = await chooseSigner({
        ...{ env: { [UNLOCKED_KEY]: key?.socket }, home: dir.path, tejunHome: join(dir.path, 'tejun') },
        ...{ principal: ALICE, run: 'run-1' },
      });
      const { publicKey } = signer;
      expect(signer).toMatchObject({ source: 'file', publicKey: expect.stringMatching(/^\S+ \S+$/) });
      expect(parsePublicKey(publicKey ?? '')?.blob).toEqual(parsePublicKey(readFileSync(`${path}.pub`, 'utf8'))?.blob);
      const message = Buffer.from('a journal');
      const said = sshKeygenVerifies({
        ...{ sig: signer.sign(message, 'journal@tejun'), message, identity: ALICE, namespace: 'journal@tejun' },
        allowedSigners: `${ALICE} cert-authority ${publicKey}\n`,
      });
      expect(said).toMatchObject({ good: true });
    },
  );

  test('stays shut for another passphrase', async () => {
    const path = makeKey(join(dir.path, 'key'), 'ed25519', { passphrase: PASSPHRASE });
    for (const wrong of ['', ' ', PASSPHRASE.slice(1)]) {
      expect(await unlock(path, wrong)).toBeUndefined();
    }
  });

  test('is shut again when the one who opened it is done', async () => {
    const path = makeKey(join(dir.path, 'key'), 'ed25519', { passphrase: PASSPHRASE });
    const key = await unlock(path, PASSPHRASE);
    expect(existsSync(key?.socket ?? '')).toBe(true);
    await key?.close();
    expect(existsSync(dirname(key?.socket ?? '/'))).toBe(false);
  });
});

describe('the passphrase of the operator’s key', () => {
  const home = () => ({ HOME: dir.path, TEJUN_HOME: join(dir.path, 'tejun') }) as NodeJS.ProcessEnv;
  const asked = (...answers: (string | undefined)[]) => {
    const left: number[] = [];
    const ask = async (_: string, tries: number) => {
      left.push(tries);
      const answer = answers.shift();
      return answer === undefined ? undefined : Buffer.from(answer).toString('base64');
    };
    return { left, ask };
  };
  let before: string | undefined;
  beforeEach(() => {
    before = process.env['HOME'];
    process.env['HOME'] = dir.path;
    makeKey(join(sshOf(dir.path), 'id_ed25519'), 'ed25519', { passphrase: PASSPHRASE });
  });
  afterEach(() => {
    process.env['HOME'] = before;
  });

  test('is asked for until it is right, three times at most; then the work is done without it', async () => {
    const [right, wrong] = [asked('no', PASSPHRASE), asked('no', 'no', 'no')];
    const env = home();
    const used = () => Promise.resolve(env[UNLOCKED_KEY]);
    expect(await withKeyOpen(env, right, used)).toMatch(/agent$/);
    expect(right.left).toEqual([3, 2]);
    expect(await withKeyOpen(env, wrong, used)).toBeUndefined();
    expect(wrong.left).toEqual([3, 2, 1, 0]);
    expect(env[UNLOCKED_KEY]).toBeUndefined();
  });

  test('can be left out', async () => {
    const { ask, left } = asked(undefined);
    const env = home();
    expect(await withKeyOpen(env, { ask }, async () => env[UNLOCKED_KEY])).toBeUndefined();
    expect(left).toEqual([3]);
  });

  test('is read from where --passphrase-from says; a wrong one ends it before anything starts', async () => {
    process.env['PASS_FOR_TEST'] = PASSPHRASE;
    const env = home();
    expect(await withKeyOpen(env, { from: 'env:PASS_FOR_TEST' }, async () => env[UNLOCKED_KEY])).toMatch(/agent$/);
    expect(process.env['PASS_FOR_TEST']).toBeUndefined();
    process.env['PASS_FOR_TEST'] = 'no';
    let worked = false;
    const work = async () => {
      worked = true;
    };
    await expect(withKeyOpen(env, { from: 'env:PASS_FOR_TEST' }, work)).rejects.toMatchObject({
      code: 'passphrase-wrong',
      exit: 2,
    });
    await expect(withKeyOpen(env, { from: PASSPHRASE }, work)).rejects.toMatchObject({ code: 'bad-secret-option' });
    expect(worked).toBe(false);
  });
});

function sshOf(home: string): string {
  const ssh = join(home, '.ssh');
  mkdirSync(ssh, { mode: 0o700 });
  return ssh;
}
