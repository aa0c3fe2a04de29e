import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, expect, test } from 'vitest';
import { type OperatorHome, operatorHome } from '../e2e/home.ts';
import { endProcessesOf } from '../e2e/processes.ts';
import { KEY, openTerminal, type TestTerminal } from '../e2e/terminal.ts';

const RUNBOOK = `---
tejun: 1
title: Notices
environments:
  here: { guard: open }
---

\`\`\`bash deploy id=ship
sleep 2; echo shipped
\`\`\`

\`\`\`bash verify id=look
false
\`\`\`
`;

let home: OperatorHome;
let at: TestTerminal | undefined;
afterEach(() => {
  at?.kill();
  endProcessesOf(home.env['TEJUN_HOME'] ?? '');
  home.remove();
});

test('a command of the operator hears when a long step has ended, when one failed, and when the run waits', async () => {
  home = operatorHome();
  const root = home.env['HOME'] ?? '';
  const state = home.env['TEJUN_HOME'] ?? '';
  const [runbook, heard] = [join(root, 'notices.md'), join(root, 'heard')];
  writeFileSync(runbook, RUNBOOK);
  mkdirSync(state, { mode: 0o700 });
  const preferences = { 'notify-after': 1, bell: false, hook: `cat >> ${heard}; echo >> ${heard}` };
  writeFileSync(join(state, 'config.json'), JSON.stringify(preferences), { mode: 0o600 });
  const events = () =>
    existsSync(heard)
      ? readFileSync(heard, 'utf8')
          .split('\n')
          .filter(Boolean)
          .map((line) => JSON.parse(line) as { event: string; step?: string })
      : [];

  at = openTerminal({ args: [runbook, '--env', 'here', '--flow', 'setup', '--lang', 'en'], env: home.env });
  await at.waitFor('Enter chooses here');
  await at.press(KEY.enter);
  await at.waitFor('Enter runs: Notices', 60_000);
  await at.press(KEY.enter);
  await at.waitFor('Enter goes on: Verify', 30_000);
  // Nobody presses anything.
  for (let tries = 0; tries < 200 && !events().some(({ event }) => event === 'run-waits'); tries += 1) await sleep(50);
  expect(events()).toMatchObject([{ event: 'step-ended', step: 'ship' }, { event: 'run-waits' }]);
  await at.press(KEY.enter);
  await at.waitFor('Enter runs: Notices');
  await at.press(KEY.enter);
  await at.waitFor('You decide', 30_000);
  for (let tries = 0; tries < 200 && events().length < 4; tries += 1) await sleep(50);
  expect(events().slice(2)).toMatchObject([{ event: 'step-failed', step: 'look' }, { event: 'run-waits' }]);
});
