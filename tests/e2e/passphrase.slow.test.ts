import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type OperatorHome, operatorHome, readRecords, verifyWithSshKeygen } from './home.ts';
import { endProcessesOf } from './processes.ts';
import { KEY, openTerminal, type TestTerminal } from './terminal.ts';

const RUNBOOK = `---
tejun: 1
title: One step
language: en
timezone: UTC
environments:
  staging: { guard: open }
---

# One step

\`\`\`bash deploy id=first
echo first
\`\`\`
`;

const PASSPHRASE = 'correct horse';

let alice: OperatorHome;
let runbook: string;
let open: TestTerminal[];
beforeEach(() => {
  open = [];
  alice = operatorHome();
  const home = alice.env['HOME'] ?? '';
  const key = join(home, '.ssh', 'id_ed25519');
  execFileSync('ssh-keygen', ['-q', '-p', '-P', '', '-N', PASSPHRASE, '-f', key], { stdio: 'ignore' });
  mkdirSync(join(home, 'project'));
  runbook = join(home, 'project', 'one.md');
  writeFileSync(runbook, RUNBOOK);
});
afterEach(() => {
  for (const terminal of open) terminal.kill();
  endProcessesOf(alice.env['TEJUN_HOME'] ?? '');
  alice.remove();
});

function terminal(args: readonly string[]): TestTerminal {
  const opened = openTerminal({ args, env: alice.env, rows: 30 });
  open.push(opened);
  return opened;
}

test.each([
  ['the screens', []],
  ['plain lines', ['--plain']],
])('the passphrase of a key file is asked for before %s open, is not shown, and the key signs', async (_, plain) => {
  const at = terminal([runbook, '--env', 'staging', '--flow', 'setup', '--lang', 'en', ...plain]);
  await at.waitFor('Passphrase:');
  await at.press('wrong', KEY.enter);
  await at.waitFor('That is not it. 2 tries left.');
  await at.press(PASSPHRASE, KEY.enter);
  await at.waitFor('Where?');
  expect(at.screen()).not.toMatch(/horse|wrong/);
  if (plain.length > 0) return;
  await at.press(KEY.enter);
  await at.waitFor('Enter runs: One step');
  const [journal = ''] = alice.journals();
  const signer = readRecords(journal).find(({ type }) => type === 'signer');
  expect(signer).toMatchObject({ source: 'file', publicKey: alice.publicKey });
  expect(readFileSync(journal, 'utf8')).not.toContain('horse');
});

test('a run by flags reads it from where --passphrase-from says', async () => {
  const file = join(alice.env['HOME'] ?? '', 'passphrase');
  writeFileSync(file, `${PASSPHRASE}\n`, { mode: 0o600 });
  const run = terminal(['run', runbook, '--env', 'staging', '--passphrase-from', `@${file}`]);
  expect(await run.ended()).toBe(0);
  const [journal = ''] = alice.journals();
  expect(verifyWithSshKeygen(journal, alice.publicKey, 'journal@tejun')).toContain('Good');
});
