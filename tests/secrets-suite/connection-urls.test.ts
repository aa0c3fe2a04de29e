import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { createExec } from '../../src/exec/run.ts';
import { faultText, Problem } from '../../src/problem.ts';
import { checkSecret } from '../../src/secrets/format.ts';
import { takeSecret } from '../../src/secrets/intake.ts';
import { createRedactor } from '../../src/secrets/redactor.ts';
import { Secret } from '../../src/secrets/secret.ts';
import { withDatabase } from '../../tasks/postgres/connect.ts';
import { contextFor } from '../tasks/context.ts';

const directory = mkdtempSync(join(tmpdir(), 'tejun-urls-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

/** Each has `S3cr3tPw` in its password, beside what parsers stumble over. Nothing listens at port 1. */
const URLS = [
  'postgresql+asyncpg://app:S3cr3tPw@127.0.0.1:1/db',
  'postgres://app:S3cr3tPw/x@127.0.0.1:1/db',
  'postgres://app:/S3cr3tPw@127.0.0.1:1/db',
  'postgres://app:S3cr3tPw@x@127.0.0.1:1/db',
  'postgres://app:x@S3cr3tPw@127.0.0.1:1/db',
  'postgres://app:x:S3cr3tPw@127.0.0.1:1/db',
  'postgres://app:S3cr3tPw%ZZ@127.0.0.1:1/db',
  'postgres://app:%S3cr3tPw@127.0.0.1:1/db',
  'postgres://app:S3cr3tPw?x@127.0.0.1:1/db',
  'postgres://app:S3cr3tPw#x@127.0.0.1:1/db',
  'postgres://app:#S3cr3tPw@127.0.0.1:1/db',
  'postgres://app:S3cr3tPw@[::1/db',
  'postgres://app:S3cr3tPw@[nonsense]:1/db',
  'postgres://app:S3cr3tPw@127.0.0.1:port/db',
  'postgres://app:S3cr3tPw@127.0.0.1:99999/db',
  'postgres://app:S3cr3tPw@/db',
  'postgres:/app:S3cr3tPw@127.0.0.1:1/db',
  'postgresql+asyncpg://app:S3cr3tPw with blank@127.0.0.1:1/db',
  'postgres://app:S3cr3tPw@127.0.0.1:1/db?sslmode=S3cr3tPw',
  'postgres://app:S3cr3tPw@127.0.0.1:1/db?password=S3cr3tPw&port=x',
  'http://app:S3cr3tPw@127.0.0.1:1/db',
  'app:S3cr3tPw@127.0.0.1:1/db',
];

const FORMATS = [
  {},
  { url: ['postgres', 'postgresql'] },
  { url: ['redis'], requireQuery: { ssl: 'require' } },
  { hex: 16, base64: 32, pattern: 'x' },
];

/** Clients that get the URL in their environment, and say what is wrong with it in their own words. */
const CLIENTS = [
  `node -e 'new URL(process.env.DATABASE_URL.replace("://", "://:"))'`,
  ...(spawnSync('psql', ['--version']).status === 0 ? ['psql -w -c "select 1" "$DATABASE_URL"'] : []),
];

test.each(URLS.map((url, index) => [index + 1, url] as const))('URL %i through every error path', async (_, url) => {
  const said: unknown[] = [];
  const file = join(directory, 'url');
  writeFileSync(file, url);
  chmodSync(file, 0o644);
  const secret = new Secret('DATABASE_URL', Buffer.from(url));
  const redactor = createRedactor();
  redactor.register(secret);

  for (const format of FORMATS) said.push(checkSecret(Buffer.from(url), format));
  const exec = createExec({ redactor, env: { PATH: process.env['PATH'] ?? '' }, cwd: directory });
  const intake = { stdin: process.stdin, env: {}, exec };
  for (const origin of [
    { kind: 'file', path: file },
    { kind: 'command', line: `cat ${file}; exit 3` },
  ] as const) {
    await takeSecret({ name: 'DATABASE_URL', origin }, intake).catch((error) => said.push(shown(error)));
  }
  const context = contextFor({ secrets: { DATABASE_URL: url }, timeoutMs: 5000 });
  await withDatabase(context, 'DATABASE_URL', async () => {}).catch((error) => said.push(shown(error)));
  for (const line of CLIENTS) {
    said.push(await exec({ file: 'sh', args: ['-c', line], env: { DATABASE_URL: secret }, timeoutMs: 20_000 }));
  }
  // As every record and every message leaves the engine.
  const left = JSON.stringify(redactor.value(said));
  expect(said.length).toBeGreaterThan(6);
  // The password's own letters, in pieces of four: enough to recognise it by.
  for (const piece of ['S3cr3tPw', 'S3cr3t', 'cr3tPw'])
    if (left.includes(piece)) expect.fail(`${piece.length} characters of the password are shown`);
});

function shown(error: unknown): unknown {
  return error instanceof Problem ? error.detail : faultText(error);
}
