import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { type OperatorHome, operatorHome, readRecords } from '../e2e/home.ts';
import { endProcessesOf } from '../e2e/processes.ts';
import { KEY, openTerminal, type TestTerminal } from '../e2e/terminal.ts';

/** What it may take from the last key to the picture, beside the slowest check. */
const BESIDE_THE_SLOWEST_MS = 5000;

let home: OperatorHome | undefined;
let at: TestTerminal | undefined;
let other: TestTerminal | undefined;
afterEach(() => {
  at?.kill();
  other?.kill();
  other = undefined;
  endProcessesOf(home?.env['TEJUN_HOME'] ?? '');
  home?.remove();
});

/** A deploy that takes its time, a symptom with a check that fails, and what mends it. */
const RUNBOOK = (mended: string) => `---
tejun: 1
title: Slow
environments:
  here: { guard: open }
---

## Ship

\`\`\`bash deploy id=ship
sleep 4; echo shipped
\`\`\`

## It does not answer

\`\`\`bash triage id=look
test -e ${mended}
\`\`\`

\`\`\`bash remedy id=mend
touch ${mended}
\`\`\`
`;

test('from `tejun incident` to what is wrong in three keys, to its remedy, and to a sealed timeline', async () => {
  home = operatorHome();
  at = openTerminal({
    args: ['incident', 'cabanas-staging', '--env', 'rehearsal', '--lang', 'en'],
    env: home.env,
  });
  // Where, which drill, what is wrong: in a real environment there is no drill, and two keys are enough.
  await at.waitFor('Where?');
  await at.press(KEY.enter);
  const drills = await at.waitFor('Practise a failure?');
  const rows = drills.split('\n').filter((row) => /^[❯ ] \S/.test(row));
  const down = rows.findIndex((row) => row.includes('wrong-database-password'));
  await at.press(...Array<string>(down).fill(KEY.down));
  await at.press(KEY.enter);
  await at.waitFor('What is wrong?', 60_000);
  await at.press(KEY.enter);
  const asked = performance.now();
  await at.waitFor(/[1-9]\d* wrong/);
  await at.waitFor('Enter shows what this check found');
  const shown = performance.now() - asked;

  const [journal = ''] = home.journals();
  const results = readRecords(journal).flatMap((record) => (record.type === 'step.result' ? [record] : []));
  const slowest = Math.max(...results.map(({ ms }) => ms));
  expect(shown).toBeLessThan(BESIDE_THE_SLOWEST_MS + slowest);
  // What is wrong stands first, and what can be done about it is offered before what mends other symptoms.
  const picture = at.screen();
  expect(picture).toMatch(/❯ ✖ [^\n]*WRONG/);
  expect(picture).toMatch(/What can be done\n\s+→ Reiniciar las máquinas/);

  await at.press('n');
  await at.waitFor('Do not write secrets here');
  await at.press(...'called Ana', KEY.enter);
  await at.press('\t', KEY.down, KEY.enter);
  await at.waitFor('Enter runs: Darle a la app un usuario nuevo');
  await at.press(KEY.enter);
  await at.waitFor('Enter goes on: Incident', 60_000);
  await at.press(KEY.enter);
  await at.waitFor(/0 wrong/, 30_000);
  await at.waitFor('Enter shows what this check found');
  await at.press('t');
  const timeline = await at.waitFor('Timeline');
  expect(timeline).toMatch(/\d\d:\d\d:\d\d {2}\d\d:\d\d:\d\dZ {2}\S/);
  await at.press(KEY.escape);
  await at.press('o');
  await at.waitFor('Over: what was it?');
  await at.press(...'somebody changed the password', KEY.enter);
  await at.waitFor('The incident is over');
  await at.press(KEY.enter);
  await at.waitFor('Enter leaves tejun', 30_000);
  await at.press(KEY.enter);
  expect(await at.ended()).toBe(0);

  const told = readRecords(journal).filter(({ type }) => /^(incident|note|seal)/.test(type));
  expect(told).toMatchObject([
    { type: 'incident.opened', by: 'alice@ops' },
    { type: 'note', text: 'called Ana' },
    { type: 'incident.closed', finding: 'somebody changed the password' },
    { type: 'seal', outcome: 'completed' },
  ]);
  expect(at.bytes()).not.toContain('\x1b[3J');
});

test('I during a deploy opens an incident in the same run, and it goes back to the path when it is over', async () => {
  home = operatorHome();
  at = openTerminal({ args: ['rehearse', 'cabanas-staging', '--flow', 'redeploy', '--lang', 'en'], env: home.env });
  await at.waitFor('Where?');
  await at.press(KEY.enter);
  await at.waitFor('No drill');
  await at.press(KEY.enter);
  await at.waitFor('Número de la cabaña');
  await at.press(KEY.enter, KEY.enter, KEY.enter);
  await at.waitFor('Enter runs 3 checks', 60_000);
  await at.press('I');
  await at.waitFor('What is wrong?');
  await at.press(KEY.escape);
  await at.waitFor('Enter runs 3 checks');
  await at.press('I', KEY.down, KEY.enter);
  await at.waitFor('Incident  La app no arranca');
  await at.waitFor('Enter shows what this check found', 30_000);
  await at.press('o');
  await at.waitFor('Over: what was it?');
  await at.press(...'a false alarm', KEY.enter);
  await at.waitFor('Enter runs 3 checks');
  const [journal = '', ...others] = home.journals();
  expect(others).toEqual([]);
  expect(readRecords(journal).filter(({ type }) => type.startsWith('incident'))).toMatchObject([
    { type: 'incident.opened', symptom: 'La app no arranca' },
    { type: 'incident.closed', finding: 'a false alarm' },
  ]);
  await at.press(KEY.ctrlC, KEY.down, KEY.down, KEY.enter);
  expect(await at.ended()).toBe(6);
});

test('`tejun incident` goes into the run that is deploying, waits for its step, and both operators see what is found', async () => {
  home = operatorHome();
  const directory = home.env['HOME'] ?? '';
  const runbook = join(directory, 'slow.md');
  writeFileSync(runbook, RUNBOOK(join(directory, 'mended')));
  at = openTerminal({ args: [runbook, '--env', 'here', '--flow', 'setup', '--lang', 'en'], env: home.env });
  await at.waitFor('Enter chooses here');
  await at.press(KEY.enter);
  await at.waitFor('Enter runs: Ship', 60_000);
  await at.press(KEY.enter);
  await at.waitFor(/Ship · 0:0\d of at most/);

  const bob = { ...home.env, TEJUN_OPERATOR: 'bob@ops' };
  other = openTerminal({ args: ['incident', runbook, '--env', 'here', '--lang', 'en'], env: bob });
  // From here to the first finding: where, and what is wrong. Two keys.
  await other.waitFor('Enter chooses here');
  await other.press(KEY.enter);
  await other.waitFor('What is wrong?');
  await other.press(KEY.enter);
  const [journal = '', ...others] = home.journals();
  expect(others).toEqual([]);
  await other.waitFor('1 wrong', 30_000);
  await at.waitFor('1 wrong');
  // The deploy was let end before anything was looked at.
  const order = readRecords(journal).flatMap((record) => ('step' in record ? [`${record.type} ${record.step}`] : []));
  expect(order).toEqual(['step.intent ship', 'step.result ship', 'step.intent look', 'step.result look']);

  await other.press('\t', KEY.enter);
  await other.waitFor('Enter runs: It does not answer');
  await other.press(KEY.enter);
  await other.waitFor('Enter goes on: Incident');
  await other.press(KEY.enter);
  await other.waitFor(/0 wrong · 1 to read/);
  await other.waitFor('Enter shows what this check found');
  await other.press('o');
  await other.waitFor('Over: what was it?');
  await other.press(...'no file', KEY.enter);
  // The first operator is where the path was left, and the journal says who did what.
  await at.waitFor('Enter goes on: Checklist');
  const told = readRecords(journal).filter(({ type }) => /^incident/.test(type) || type === 'step.intent');
  expect(told.map((record) => [record.type, 'by' in record ? record.by : ''])).toEqual([
    ['step.intent', 'alice@ops'],
    ['incident.opened', 'bob@ops'],
    ['step.intent', 'bob@ops'],
    ['step.intent', 'bob@ops'],
    ['step.intent', 'bob@ops'],
    ['incident.closed', 'bob@ops'],
  ]);
});
