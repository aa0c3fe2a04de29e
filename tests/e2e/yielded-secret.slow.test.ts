import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { RecordOf } from '../../src/journal/records.ts';
import { type OperatorHome, operatorHome, readRecords } from './home.ts';
import { endProcessesOf } from './processes.ts';
import { runProgram } from './program.ts';
import { KEY, openTerminal, type TestTerminal } from './terminal.ts';

const PASSWORD = 'Wq7-canary-51f0';
const URL = `postgres://booking:${PASSWORD}@booking-db.flycast:5432/booking?sslmode=disable`;

/** What flyctl 0.4.87 answers to the three questions of an attach, beside the same URL on standard error; anything else fails. */
const FLYCTL = `#!/bin/sh
case "$1 $2" in
  'postgres list') echo '[{"name":"booking-db","status":"deployed"}]' ;;
  'secrets list') echo '[]' ;;
  'postgres attach') echo 'connecting with ${URL}' >&2; sleep 0.3; echo "  DATABASE_URL=${URL}" ;;
  *) exit 1 ;;
esac
`;

const RUNBOOK = `---
tejun: 1
title: An attached database
language: en
timezone: UTC
environments:
  staging: { guard: open, values: { log: LOG } }
secrets:
  DATABASE_URL: { from: attach }
---

# An attached database

\`\`\`yaml seed uses=fly/postgres id=attach title="The database is attached"
app: booking
name: booking-db
org: personal
region: nrt
\`\`\`

\`\`\`manual seed id=told
Tell the others.
\`\`\`

\`\`\`bash deploy id=migrate secrets=DATABASE_URL
sha256sum <<< "$DATABASE_URL" > "$log"
cat <<< "$DATABASE_URL"
\`\`\`
`;

let home: OperatorHome;
let work: string;
let terminal: TestTerminal | undefined;
beforeEach(() => {
  home = operatorHome();
  work = join(home.env['HOME'] ?? '', 'work');
  mkdirSync(work);
  writeFileSync(join(work, 'flyctl'), FLYCTL, { mode: 0o755 });
  writeFileSync(join(work, 'attached.md'), RUNBOOK.replace('LOG', join(work, 'log')));
});
afterEach(() => {
  terminal?.kill();
  endProcessesOf(home.env['TEJUN_HOME'] ?? '');
  home.remove();
});

const environment = () => ({ ...home.env, PATH: `${work}:${process.env['PATH']}` });
const tejun = (...args: string[]) => runProgram(args, environment(), work);
const records = () => readRecords(home.journals()[0] ?? '');
const runId = () => (records()[0] as RecordOf<'begin'>).run;

/** The run as far as the step that yields, stopped at what a person does. */
async function attachedAndStopped(): Promise<void> {
  const begun = await tejun('run', 'attached.md', '--env', 'staging', '--yes');
  expect(begun.err).toContain('--attest told=NOTE');
  expect(records()).toContainEqual(
    expect.objectContaining({ type: 'secret.set', name: 'DATABASE_URL', source: 'step' }),
  );
  for (const shown of [begun.out, begun.err, readFileSync(home.journals()[0] ?? '', 'utf8')]) {
    expect(shown).not.toContain(PASSWORD);
  }
}

test('by flags, a resumed run names the secret that is gone, who yielded it, and the flag', async () => {
  await attachedAndStopped();
  const missed = await tejun('resume', runId(), '--yes', '--attest', 'told=in the channel');
  expect(missed.code).toBe(6);
  expect(missed.err).toContain('The secret DATABASE_URL is asked for');
  expect(missed.err).toContain('"The database is attached" yields it');
  expect(missed.err).toContain('--secret DATABASE_URL=@FILE');
  expect(existsSync(join(work, 'log'))).toBe(false);

  writeFileSync(join(work, 'url'), URL, { mode: 0o600 });
  const over = await tejun(
    'resume',
    runId(),
    '--yes',
    '--attest',
    'told=in the channel',
    '--secret',
    'DATABASE_URL=@url',
  );
  expect(over).toMatchObject({ code: 0 });
  expect(readFileSync(join(work, 'log'), 'utf8')).toMatch(/^[0-9a-f]{64}/);
  expect(over.out + over.err).not.toContain(PASSWORD);
});

test.each([
  ['on the screens', { TERM: 'xterm-256color' }],
  ['in plain lines', { TERM: 'dumb' }],
])('%s it is asked for before the step that needs it', async (_, kind) => {
  await attachedAndStopped();
  terminal = openTerminal({
    args: ['resume', runId(), '--lang', 'en'],
    env: { ...environment(), ...kind },
    cwd: work,
    rows: 40,
  });
  const asked = await terminal.waitFor('secrets are kept nowhere');
  expect(asked).toContain('DATABASE_URL');
  expect(asked).toContain('“The database is attached” yields it');
  await terminal.press(`\x1b[200~${URL}\x1b[201~`);
  await terminal.waitFor('Enter takes it');
  await terminal.press(KEY.enter);
  await terminal.waitFor('I did it');
  const set = records().filter((record) => record.type === 'secret.set');
  expect(set.at(-1)).toMatchObject({ name: 'DATABASE_URL', source: 'typed' });
  expect(terminal.bytes()).not.toContain(PASSWORD);
});
