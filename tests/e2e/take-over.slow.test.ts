import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type OperatorHome, operatorHome, readRecords } from './home.ts';
import { endProcessesOf } from './processes.ts';
import { runProgram } from './program.ts';
import { KEY, openTerminal, type TestTerminal } from './terminal.ts';

const RUNBOOK = `---
tejun: 1
title: One effect
language: en
timezone: UTC
environments:
  staging: { guard: open }
---

# One effect

\`\`\`bash preflight id=ready
echo ready
\`\`\`

\`\`\`bash deploy id=effect
echo done
\`\`\`
`;

let home: OperatorHome;
let runbook: string;
const terminals: TestTerminal[] = [];

beforeEach(() => {
  home = operatorHome();
  const directory = join(home.env['HOME'] ?? '', 'project');
  mkdirSync(directory);
  runbook = join(directory, 'one.md');
  writeFileSync(runbook, RUNBOOK);
});
afterEach(() => {
  for (const terminal of terminals.splice(0)) terminal.kill();
  endProcessesOf(home.env['TEJUN_HOME'] ?? '');
  home.remove();
});

/** An operator at the question of the environment, with the cursor on staging. */
async function operatorAt(name: string): Promise<TestTerminal> {
  const args = [runbook, '--env', 'staging', '--flow', 'setup', '--lang', 'en'];
  const at = openTerminal({ args, env: { ...home.env, TEJUN_OPERATOR: name } });
  terminals.push(at);
  await at.waitFor('Where?');
  return at;
}

const run = (journal: string) => journal.split('/').at(-2) ?? '';
const typed = (journal: string, type: string) => readRecords(journal).find((record) => record.type === type);

test('the second operator sees who holds the environment, and takes it over by typing the id of that run', async () => {
  const alice = await operatorAt('alice@ops');
  await alice.press(KEY.enter);
  await alice.waitFor('Enter runs 1 check');
  const [first = ''] = home.journals();

  const bob = await operatorAt('bob@ops');
  await bob.press(KEY.enter);
  const held = await bob.waitFor('To take it over');
  for (const shown of ['alice@ops', run(first), 'at “One effect”']) expect(held).toContain(shown);
  await bob.press(...'yes', KEY.enter);
  await bob.waitFor(`The run that holds it is ${run(first)}`);
  expect(typed(first, 'lock.lost')).toBeUndefined();

  await bob.press('\x15', ...run(first), KEY.enter);
  await bob.waitFor('Enter runs 1 check', 20_000);
  expect(await alice.ended()).toBe(6);
  const second = home.journals().find((journal) => journal !== first) ?? '';
  expect(typed(second, 'lock.taken')).toMatchObject({ scope: 'host', by: 'bob@ops', from: { run: run(first) } });
  expect(typed(first, 'lock.lost')).toMatchObject({ scope: 'host', to: { run: run(second) } });
});

test('without a terminal the flag says whose place is taken', async () => {
  const alice = await operatorAt('alice@ops');
  await alice.press(KEY.enter);
  await alice.waitFor('Enter runs 1 check');
  const [first = ''] = home.journals();
  const walk = ['run', runbook, '--env', 'staging', '--flow', 'setup', '--yes'];

  const refused = await runProgram(walk, home.env);
  expect(refused.code).toBe(7);
  expect(refused.err).toContain(`--take-over ${run(first)}`);
  expect(await runProgram([...walk, '--take-over', run(first)], home.env)).toMatchObject({ code: 0 });
  expect(await alice.ended()).toBe(6);
});
