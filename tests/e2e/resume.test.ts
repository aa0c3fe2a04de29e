import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { foldAll } from '../../src/engine/state.ts';
import type { RecordOf } from '../../src/journal/records.ts';
import { type OperatorHome, operatorHome, readRecords } from './home.ts';
import { endProcessesOf } from './processes.ts';
import { KEY, openTerminal, type TestTerminal } from './terminal.ts';

const RUNBOOK = `---
tejun: 1
title: Two effects
language: en
timezone: UTC
environments:
  staging: { guard: open, values: { log: LOG } }
---

# Two effects

\`\`\`bash preflight id=ready
echo ready
\`\`\`

\`\`\`bash deploy id=first
echo first >> "$log"
\`\`\`

\`\`\`bash deploy id=second probe=seen timeout=60s
echo second >> "$log"
sleep 50
\`\`\`

\`\`\`bash verify id=seen
grep -c second "$log"
\`\`\`
`;

let home: OperatorHome;
let terminal: TestTerminal | undefined;
let runbook: string;
let log: string;

beforeEach(() => {
  home = operatorHome();
  const directory = join(home.env['HOME'] ?? '', 'project');
  mkdirSync(directory);
  log = join(directory, 'effects.log');
  runbook = join(directory, 'two.md');
  writeFileSync(runbook, RUNBOOK.replace('LOG', log));
});
afterEach(() => {
  terminal?.kill();
  endProcessesOf(home.env['TEJUN_HOME'] ?? '');
  home.remove();
});

/** Walks to the second effect and kills the engine while it runs. */
async function killedInTheMiddle(): Promise<string> {
  const at = openTerminal({ args: [runbook, '--env', 'staging', '--flow', 'setup', '--lang', 'en'], env: home.env });
  terminal = at;
  await at.waitFor('Where?');
  await at.press(KEY.enter);
  await at.waitFor('Enter runs 1 check');
  await at.press(KEY.enter);
  await at.waitFor('passed. Enter goes on');
  await at.press(KEY.enter);
  await at.waitFor('Enter runs: Two effects');
  await at.press('a');
  const [journal = ''] = home.journals();
  for (
    let tries = 0;
    tries < 200 && !readFileSync(log, { encoding: 'utf8', flag: 'a+' }).includes('second');
    tries += 1
  ) {
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  process.kill((readRecords(journal)[0] as RecordOf<'begin'>).pid, 'SIGKILL');
  await at.waitFor('tejun resume', 20_000);
  at.kill();
  return journal;
}

describe('an engine that was killed in the middle of a step', () => {
  test('is resumed: the step is unknown, its probe says what it did, and it does not run again by itself', async () => {
    const journal = await killedInTheMiddle();
    const at = openTerminal({ args: ['resume', '--lang', 'en'], env: home.env });
    terminal = at;
    const unknown = await at.waitFor('Its probe:');
    expect(unknown).toContain('Outcome unknown');
    expect(unknown).toMatch(/Its probe: .* · passed/);
    const state = foldAll(readRecords(journal));
    expect(state.steps).toMatchObject({ first: { status: 'passed' }, second: { status: 'unknown', attempts: 1 } });
    expect(state.steps['seen']?.status).toBe('passed');
    expect(readFileSync(log, 'utf8')).toBe('first\nsecond\n');

    // The operator saw what it did, and says so; the run goes on from there.
    await at.press('h');
    await at.waitFor(/by hand|Done/i);
    await at.press(...'the log has it');
    await at.press(KEY.enter);
    await at.waitFor('Enter goes on');
    expect(foldAll(readRecords(journal)).steps['second']).toMatchObject({
      status: 'passed',
      settled: { how: 'by-hand' },
    });
    expect(readFileSync(log, 'utf8')).toBe('first\nsecond\n');
  });

  test('is not resumed with another runbook, and the steps that differ are named', async () => {
    await killedInTheMiddle();
    writeFileSync(
      runbook,
      RUNBOOK.replace('LOG', log).replace('id=second', 'id=other').replace('second probe', 'other probe'),
    );
    const at = openTerminal({ args: ['resume', '--lang', 'en'], env: home.env, rows: 40 });
    terminal = at;
    const refused = await at.waitFor('has changed since this run began');
    expect(refused).toContain('- second');
    expect(refused).toContain('+ other');
    expect(readFileSync(log, 'utf8')).toBe('first\nsecond\n');
  });
});
