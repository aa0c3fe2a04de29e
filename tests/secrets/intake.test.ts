import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, describe, expect, test } from 'vitest';
import { createExec } from '../../src/exec/run.ts';
import { takeDotenv, takeSecret } from '../../src/secrets/intake.ts';
import { parseSecretOption } from '../../src/secrets/origin.ts';
import { createRedactor } from '../../src/secrets/redactor.ts';
import type { Secret } from '../../src/secrets/secret.ts';

const VALUE = 'S3cr3t-of-the-test';
const directory = mkdtempSync(join(tmpdir(), 'tejun-intake-'));
afterAll(() => rmSync(directory, { recursive: true }));

const exec = createExec({ redactor: createRedactor(), env: { PATH: process.env['PATH'] ?? '' }, cwd: directory });

function file(name: string, content: string, mode = 0o600): string {
  const path = join(directory, name);
  writeFileSync(path, content);
  chmodSync(path, mode);
  return path;
}

function take(
  option: string,
  { stdin = '', env = {} }: { stdin?: string; env?: Record<string, string | undefined> } = {},
) {
  return takeSecret(parseSecretOption(option), { stdin: Readable.from([Buffer.from(stdin)]), env, exec });
}

function textOf(secret: Secret | undefined): string | undefined {
  return secret?.use((bytes) => bytes.toString());
}

describe('--secret', () => {
  test.each([
    ['KEY=@/run/key', { name: 'KEY', origin: { kind: 'file', path: '/run/key' } }],
    ['KEY=env:OTHER', { name: 'KEY', origin: { kind: 'env', variable: 'OTHER' } }],
    ['KEY=cmd:op read "op://v/i"', { name: 'KEY', origin: { kind: 'command', line: 'op read "op://v/i"' } }],
    ['KEY=-', { name: 'KEY', origin: { kind: 'stdin' } }],
  ])('%s', (option, parsed) => {
    expect(parseSecretOption(option)).toEqual(parsed);
  });

  test.each([VALUE, `KEY=${VALUE}`, `=@${VALUE}`, 'KEY=', 'KEY=@', 'KEY=env:not a name', `not a name=@${VALUE}`])(
    'a value is refused and not repeated: %s',
    (option) => {
      const refused = () => parseSecretOption(option);
      expect(refused).toThrow(expect.objectContaining({ code: 'bad-secret-option' }));
      expect(refused).not.toThrow(VALUE);
    },
  );
});

describe('a secret is read', () => {
  test('from standard input', async () => {
    const { secret, source, trimmed } = await take('KEY=-', { stdin: VALUE });
    expect([secret.name, textOf(secret), source, trimmed]).toEqual(['KEY', VALUE, 'stdin', false]);
  });

  test.each(['\n', '\r\n'])('without the line break %j at its end, which is said', async (lineBreak) => {
    const { secret, trimmed } = await take('KEY=-', { stdin: `${VALUE}\n${lineBreak}` });
    expect([textOf(secret), trimmed]).toEqual([`${VALUE}\n`, true]);
  });

  test('from a file that nobody else can read', async () => {
    const { secret, source } = await take(`KEY=@${file('private', VALUE)}`);
    expect([textOf(secret), source]).toEqual([VALUE, 'file']);
  });

  test.each([0o640, 0o604, 0o644])('not from a file of mode %o', async (mode) => {
    await expect(take(`KEY=@${file('open', VALUE, mode)}`)).rejects.toMatchObject({ code: 'secret-file-open' });
  });

  test('from a variable, which is gone afterwards', async () => {
    const env = { TOKEN: VALUE };
    const { secret, source } = await take('KEY=env:TOKEN', { env });
    expect([textOf(secret), source, env]).toEqual([VALUE, 'env', {}]);
  });

  test('from a command', async () => {
    const { secret, source } = await take(`KEY=cmd:printf '%s\\n' ${VALUE}`);
    expect([textOf(secret), source]).toEqual([VALUE, 'command']);
  });

  test('from a .env file, which no shell runs', () => {
    const path = file('dotenv', `A="${VALUE} $(touch ${directory}/ran)"\nB=\nC='x\ny'\nexport D=d#d\n`);
    const taken = takeDotenv(path, ['A', 'B', 'C', 'MISSING', 'toString']);
    expect(taken.map(({ secret, source }) => [secret.name, textOf(secret), source])).toEqual([
      ['A', `${VALUE} $(touch ${directory}/ran)`, 'dotenv'],
      ['C', 'x\ny', 'dotenv'],
    ]);
  });
});

describe('what cannot be read', () => {
  test.each([
    ['an empty one', 'KEY=-', 'secret-empty'],
    ['a missing file', 'KEY=@/nowhere/key', 'secret-unreadable'],
    ['a directory', 'KEY=@/tmp/..', 'secret-file-open'],
    ['a variable that is not set', 'KEY=env:NOT_SET', 'secret-unreadable'],
    ['a command that fails', `KEY=cmd:echo ${VALUE}; echo vault is locked >&2; exit 3`, 'secret-command-failed'],
  ])('%s', async (_, option, code) => {
    const problem = take(option);
    await expect(problem).rejects.toMatchObject({ code });
    await expect(problem).rejects.not.toThrow(VALUE);
  });

  test('a command that prints the value and fails with it says nothing of it', async () => {
    const line = `echo '${VALUE}'; echo 'cannot unlock ${VALUE}' >&2; exit 3`;
    const problem: unknown = await take(`KEY=cmd:${line}`).catch((error: unknown) => error);
    expect(problem).toMatchObject({
      code: 'secret-command-failed',
      next: [expect.stringContaining('[KEY]'), expect.anything()],
    });
    expect(JSON.stringify(problem)).not.toContain(VALUE);
  });

  test('a command’s own words are in what to do next', async () => {
    await expect(take('KEY=cmd:echo vault is locked >&2; exit 3')).rejects.toMatchObject({
      next: expect.arrayContaining(['it said: vault is locked']),
    });
  });
});
