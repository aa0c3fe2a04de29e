import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, describe, expect, test } from 'vitest';
import { type GivenSecrets, readGivenSecrets, type SecretOptions } from '../../src/commands/given-secrets.ts';
import type { SecretSpec } from '../../src/runbook/types.ts';

const VALUE = 'S3cr3t-of-the-test';
const directory = mkdtempSync(join(tmpdir(), 'tejun-given-'));
afterAll(() => rmSync(directory, { recursive: true }));

const spec = (name: string, over: Partial<SecretSpec> = {}): SecretSpec => ({
  ...{ name, ask: name, optional: false, position: { line: 1, column: 1 } },
  ...over,
});
const runbook = {
  digest: 'd'.repeat(64),
  environments: {},
  secrets: {
    TOKEN: spec('TOKEN'),
    KEY: spec('KEY', { format: { hex: 8 }, differsFrom: 'staging' }),
    OTHER: spec('OTHER'),
  },
};

function file(name: string, content: string): string {
  const path = join(directory, name);
  writeFileSync(path, content);
  chmodSync(path, 0o600);
  return path;
}

async function read(
  options: Partial<SecretOptions>,
  { stdin = '', isTTY = false, env = {} }: { stdin?: string; isTTY?: boolean; env?: Record<string, string> } = {},
) {
  const said: string[] = [];
  const lender = {
    stdin: Object.assign(Readable.from([Buffer.from(stdin)]), { isTTY }),
    env: { PATH: process.env['PATH'], ...env },
    cwd: () => directory,
  };
  const given = await readGivenSecrets(
    { secret: [], ...options },
    async () => runbook,
    lender,
    (line) => said.push(line),
  );
  return { given, said, lender };
}

function shown(given: GivenSecrets | undefined) {
  return given?.secrets.map(({ secret, source, environment }) => [
    ...[secret.name, secret.use((bytes) => bytes.toString()), source],
    ...(environment === undefined ? [] : [environment]),
  ]);
}

test('nothing is read, and no runbook, when nothing is named', async () => {
  const load = () => Promise.reject(new Error('not needed'));
  expect(await readGivenSecrets({ secret: [] }, load, process, () => {})).toBeUndefined();
});

test('every source, and what was noticed without an error', async () => {
  const path = file('s.env', `TOKEN=from the file\nOTHER='${VALUE}'\nNOT_OF_THE_RUNBOOK=x\n`);
  const secret = ['TOKEN=env:MINE', 'KEY=-', 'KEY@staging=cmd:echo 8899aabbccddeeff'];
  const { given, said, lender } = await read(
    { secret, secretsFrom: path },
    { stdin: '0011223344556677\n', env: { MINE: 'x7kq2m9' } },
  );
  expect(shown(given)).toEqual([
    ['TOKEN', 'x7kq2m9', 'env'],
    ['KEY', '0011223344556677', 'stdin'],
    ['KEY', '8899aabbccddeeff', 'command', 'staging'],
    ['OTHER', VALUE, 'dotenv'],
  ]);
  expect(said).toEqual([
    'TOKEN: it is shorter than 8 characters: masked only as a whole word',
    'KEY: the line break at its end was dropped',
    'KEY: the line break at its end was dropped',
  ]);
  expect(lender.env).not.toHaveProperty('MINE');
});

describe('refused before anything is started, without a word of the value', () => {
  test.each<[string, Partial<SecretOptions>, string]>([
    ['a value on the command line', { secret: [`TOKEN=${VALUE}`] }, 'bad-secret-option'],
    ['the same one twice', { secret: ['TOKEN=env:A', 'TOKEN=env:B'] }, 'secret-twice'],
    ['two from standard input', { secret: ['TOKEN=-', 'KEY=-'] }, 'secret-twice'],
    ['one that the runbook does not have', { secret: ['TOKN=env:A'] }, 'secret-undeclared'],
    ['one to compare that is not compared', { secret: ['TOKEN@staging=env:A'] }, 'secret-undeclared'],
    ['one of another format', { secret: [`KEY=cmd:echo ${VALUE}`] }, 'secret-rejected'],
    ['a file that is not there', { secretsFrom: '/nowhere/s.env' }, 'secret-unreadable'],
  ])('%s', async (_, options, code) => {
    const refused = read(options, { env: { A: VALUE } });
    await expect(refused).rejects.toMatchObject({ code });
    await expect(refused).rejects.not.toThrow(VALUE);
  });

  test('standard input that is a terminal: it would be shown as it is typed', async () => {
    await expect(read({ secret: ['TOKEN=-'] }, { isTTY: true })).rejects.toMatchObject({
      code: 'secret-from-terminal',
    });
  });

  test('the one that was meant is named', async () => {
    await expect(read({ secret: ['TOKN=env:A'] })).rejects.toMatchObject({
      next: expect.arrayContaining(['did you mean `TOKEN`?']),
    });
  });
});
