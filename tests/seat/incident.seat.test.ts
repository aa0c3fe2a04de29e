import { afterEach, expect, test } from 'vitest';
import { type OperatorHome, operatorHome, readRecords } from '../e2e/home.ts';
import { KEY, openTerminal, type TestTerminal } from '../e2e/terminal.ts';

/** What it may take from the last key to the picture, beside the slowest check. */
const BESIDE_THE_SLOWEST_MS = 5000;

let home: OperatorHome | undefined;
let at: TestTerminal | undefined;
afterEach(() => {
  at?.kill();
  home?.remove();
});

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
