import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { bytesForStdin, sweepSecretFiles, valueForEnvironment, withSecretFile } from '../../src/secrets/delivery.ts';
import { Secret } from '../../src/secrets/secret.ts';

const directory = mkdtempSync(join(tmpdir(), 'tejun-delivery-'));
afterAll(() => rmSync(directory, { recursive: true }));
const env = { XDG_RUNTIME_DIR: directory };
const secret = () => new Secret('KEY', Buffer.from('hunter2hunter2'));

test('for standard input: a copy that can be overwritten', () => {
  const kept = secret();
  bytesForStdin(kept).fill(0);
  expect(bytesForStdin(kept).toString()).toBe('hunter2hunter2');
  expect(bytesForStdin('script').toString()).toBe('script');
});

test('for the environment: text only', () => {
  expect(valueForEnvironment(secret())).toBe('hunter2hunter2');
  for (const bytes of [
    [0xff, 0x41],
    [0x41, 0, 0x42],
  ]) {
    expect(() => valueForEnvironment(new Secret('KEY', Buffer.from(bytes)))).toThrow(
      expect.objectContaining({ code: 'secret-not-text' }),
    );
  }
});

test('as a file: in the memory directory, for the owner only, and gone afterwards', async () => {
  let used = '';
  const result = await withSecretFile(secret(), env, async (path) => {
    used = path;
    expect(path.startsWith(`${directory}/`)).toBe(true);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    return readFileSync(path, 'utf8');
  });
  expect(result).toBe('hunter2hunter2');
  expect(existsSync(used)).toBe(false);
});

test('as a file: gone when the delivery fails, too', async () => {
  await expect(withSecretFile(secret(), env, () => Promise.reject(new Error('refused')))).rejects.toThrow('refused');
  expect(readdirSync(directory)).toEqual([]);
});

test('files of engines that were killed are swept, those of living ones are not', () => {
  const name = (pid: number) => join(directory, `tejun-secret-${pid}-${'a'.repeat(24)}`);
  // Beyond the kernel's largest process id.
  for (const pid of [2 ** 22 + 1, process.pid]) writeFileSync(name(pid), 'x');
  writeFileSync(join(directory, 'of-someone-else'), 'x');
  sweepSecretFiles(env);
  expect(readdirSync(directory).sort()).toEqual(['of-someone-else', `tejun-secret-${process.pid}-${'a'.repeat(24)}`]);
});
