import { expect, test } from 'vitest';
import { createRedactor } from '../../src/secrets/redactor.ts';
import { Secret } from '../../src/secrets/secret.ts';
import { createVault } from '../../src/secrets/vault.ts';

function secret(name: string, value: string): Secret {
  return new Secret(name, Buffer.from(value));
}

test('what is in the vault is masked, under its name', () => {
  const redactor = createRedactor();
  const vault = createVault(redactor);
  expect(vault.set(secret('TOKEN', 'hunter2hunter2'), 'typed')).toEqual({ maskable: true, weak: false });
  expect(redactor.text('hunter2hunter2')).toBe('[TOKEN]');
  expect([vault.has('TOKEN'), vault.sourceOf('TOKEN'), vault.names()]).toEqual([true, 'typed', ['TOKEN']]);
  expect(vault.get('TOKEN').use((bytes) => bytes.length)).toBe(14);
});

test('a secret that was not given is a problem that says how to give it', () => {
  expect(() => createVault(createRedactor()).get('TOKEN')).toThrow(expect.objectContaining({ code: 'secret-missing' }));
});

test('a new value wipes the old one, and both stay masked', () => {
  const redactor = createRedactor();
  const vault = createVault(redactor);
  const before = secret('TOKEN', 'before-before');
  vault.set(before, 'typed');
  vault.set(secret('TOKEN', 'after-after-after'), 'file');
  expect(before.wiped).toBe(true);
  expect(vault.sourceOf('TOKEN')).toBe('file');
  expect(redactor.text('before-before after-after-after')).toBe('[TOKEN] [TOKEN]');
});

test('wiping overwrites every secret; they stay masked', () => {
  const redactor = createRedactor();
  const vault = createVault(redactor);
  const bytes = Buffer.from('hunter2hunter2');
  vault.set(new Secret('TOKEN', bytes), 'typed');
  vault.wipe();
  expect(bytes.every((byte) => byte === 0)).toBe(true);
  expect(vault.has('TOKEN')).toBe(false);
  expect(redactor.text('hunter2hunter2')).toBe('[TOKEN]');
});

test('a secret does not show itself', () => {
  const shown = secret('TOKEN', 'hunter2hunter2');
  expect(`${shown} ${JSON.stringify({ shown })}`).toBe('$TOKEN {"shown":"$TOKEN"}');
});
