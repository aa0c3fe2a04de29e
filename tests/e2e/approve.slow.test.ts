import { mkdirSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { verifyJournal } from '../../src/journal/verify.ts';
import { type OperatorHome, operatorHome, readRecords } from './home.ts';
import { endProcessesOf } from './processes.ts';
import { KEY, openTerminal, type TestTerminal } from './terminal.ts';

const RUNBOOK = `---
tejun: 1
title: Four eyes
language: en
timezone: UTC
environments:
  production: { guard: approve, reason: guests book here }
---

# Four eyes

\`\`\`bash deploy id=first
echo first
\`\`\`
`;

let alice: OperatorHome;
let bob: OperatorHome;
let runbook: string;
let known: string;
let open: TestTerminal[];
beforeEach(() => {
  open = [];
  alice = operatorHome();
  bob = operatorHome();
  const project = join(alice.env['HOME'] ?? '', 'project');
  mkdirSync(project);
  runbook = join(project, 'four.md');
  writeFileSync(runbook, RUNBOOK);
  const namespaces = 'cert-authority,namespaces="*@tejun"';
  known = `alice@ops ${namespaces} ${alice.publicKey}\nbob@ops ${namespaces} ${bob.publicKey}\n`;
  mkdirSync(alice.env['TEJUN_HOME'] ?? '', { mode: 0o700 });
  writeFileSync(join(alice.env['TEJUN_HOME'] ?? '', 'allowed_signers'), known);
});
afterEach(() => {
  for (const terminal of open) terminal.kill();
  endProcessesOf(alice.env['TEJUN_HOME'] ?? '');
  for (const home of [alice, bob]) home.remove();
});

function terminal(args: readonly string[], env: Readonly<Record<string, string>>): TestTerminal {
  const opened = openTerminal({ args, env, rows: 40 });
  open.push(opened);
  return opened;
}

/** Alice walks to the guard. */
async function waiting(): Promise<{ at: TestTerminal; run: string; journal: string }> {
  const at = terminal([runbook, '--env', 'production', '--flow', 'setup', '--lang', 'en'], alice.env);
  await at.waitFor('Where?');
  await at.press(KEY.enter);
  await at.waitFor('Waiting for a second person');
  const [journal = ''] = alice.journals();
  return { at, journal, run: basename(dirname(journal)) };
}

describe('a guard that asks for a second person', () => {
  test('waits for tejun approve on its host; nobody approves their own run', async () => {
    const { at, run, journal } = await waiting();
    const own = terminal(['approve', run], alice.env);
    expect(await own.ended()).toBe(7);
    await own.waitFor('alice@ops began this run, and cannot approve it');

    // A shared account on the host of the run: Bob has his own key there, through his agent or his home.
    const second = terminal(['approve', run], { ...alice.env, HOME: bob.env['HOME'] ?? '', TEJUN_OPERATOR: 'bob@ops' });
    await second.waitFor('To approve it, type its id');
    expect(second.screen()).toContain('echo first');
    await second.press(run, KEY.enter);
    expect(await second.ended()).toBe(0);

    await at.waitFor('Enter runs: Four eyes');
    await at.press(KEY.enter);
    await at.waitFor('Enter goes on');
    const [record] = readRecords(journal).filter(({ type }) => type === 'guard.satisfied');
    expect(record).toMatchObject({ guard: 'approve', by: 'bob@ops', approval: { publicKey: bob.publicKey } });
    expect(verifyJournal(journal, { allowedSigners: known }).approvals).toMatchObject([
      { by: 'bob@ops', trust: 'known' },
    ]);
  });

  test('holds up a run that flags answer, until it is given', async () => {
    const run = terminal(['run', runbook, '--env', 'production', '--approval', 'wait', '--yes'], alice.env);
    await run.waitFor('Waiting for a second person');
    const id = basename(dirname(alice.journals()[0] ?? ''));
    const second = terminal(['approve', id], { ...alice.env, HOME: bob.env['HOME'] ?? '', TEJUN_OPERATOR: 'bob@ops' });
    await second.waitFor('To approve it, type its id');
    await second.press(id, KEY.enter);
    expect(await second.ended()).toBe(0);
    expect(await run.ended()).toBe(0);
  });

  test('takes an approval that was made elsewhere, from a file that was sent there', async () => {
    const { at, run } = await waiting();
    const [ask, answer] = ['ask.json', 'approval.json'].map((name) => join(alice.env['HOME'] ?? '', name));
    expect(await terminal(['approve', run, '--request', ask ?? ''], alice.env).ended()).toBe(0);

    const wrong = terminal(['approve', ask ?? ''], { ...bob.env, TEJUN_OPERATOR: 'bob@ops' });
    await wrong.waitFor('To approve it, type its id');
    await wrong.press('y', 'e', 's', KEY.enter);
    expect(await wrong.ended()).toBe(7);

    const elsewhere = terminal(['approve', ask ?? '', '--out', answer ?? ''], {
      ...bob.env,
      TEJUN_OPERATOR: 'bob@ops',
    });
    await elsewhere.waitFor('To approve it, type its id');
    await elsewhere.press(run, KEY.enter);
    expect(await elsewhere.ended()).toBe(0);
    expect(await terminal(['approve', run, '--give', answer ?? ''], alice.env).ended()).toBe(0);
    await at.waitFor('Enter runs: Four eyes');
  });
});
