import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { PROGRAM_ROOT } from '../../src/program.ts';
import { type OperatorHome, operatorHome, readRecords } from './home.ts';
import { endProcessesOf } from './processes.ts';
import { KEY, openTerminal, type TestTerminal } from './terminal.ts';

let home: OperatorHome;
let work: string;
let terminal: TestTerminal | undefined;
beforeEach(() => {
  home = operatorHome();
  work = join(home.env['HOME'] ?? '', 'work');
  mkdirSync(work);
  copyFileSync(join(PROGRAM_ROOT, 'tests/e2e/a-runbook.md'), join(work, 'board.md'));
});
afterEach(() => {
  terminal?.kill();
  endProcessesOf(home.env['TEJUN_HOME'] ?? '');
  home.remove();
});

function open(args: readonly string[], env: Readonly<Record<string, string>> = { TERM: 'dumb' }): TestTerminal {
  terminal = openTerminal({ args, env: { ...home.env, ...env }, cwd: work, rows: 60 });
  return terminal;
}

const records = () => readRecords(home.journals()[0] ?? '');

/** Takes the choice of this name, by its number, once the question that has it is asked. */
async function choose(label: string, asked: string | RegExp = 'Number ('): Promise<void> {
  const screen = await terminal?.waitFor(asked);
  const open = new RegExp(`(\\d+)\\) ${label}[^]*?Number \\([^)]*\\):$`);
  const lines = (await terminal?.waitFor(open)) ?? screen ?? '';
  const numbers = [...lines.matchAll(new RegExp(`^(\\d+)\\) ${label}`, 'gm'))];
  await terminal?.press(...(numbers.at(-1)?.[1] ?? ''), KEY.enter);
}

/** Answers a question for one line. */
async function write(title: string, text: string): Promise<void> {
  await terminal?.waitFor(new RegExp(`${title}[^\\n]*:$`));
  await terminal?.press(...text, KEY.enter);
}

describe('the plain front end', () => {
  test('walks from the home screen to the seal on a terminal that cannot move its cursor', async () => {
    const { bytes, ended, waitFor } = open(['board.md']);
    await choose('First set-up');
    await choose('production');
    await write('What the notice says', 'green teax\x7f');
    await choose('run the checks');
    await choose('go on');
    await write('Type its name', 'staging');
    await waitFor('That is not production.');
    await terminal?.press(...'\x7f'.repeat(7), ...'production', KEY.enter);
    await choose('run it');
    await choose('I did it');
    await write('what did you see', 'in the channel');
    await choose('go on');
    await choose('run it');
    await choose('go on');
    await choose('Nobody complained: open');
    await choose('done');
    await write('what did you see', 'nobody called');
    await choose('seal the run');
    expect(await ended()).toBe(0);

    expect(readFileSync(join(work, 'board-prd.txt'), 'utf8')).toBe('green tea\n');
    expect(records()).toContainEqual(expect.objectContaining({ type: 'guard.satisfied', how: 'typed' }));
    expect(records()).toContainEqual(expect.objectContaining({ type: 'step.settled', reason: 'in the channel' }));
    expect(records().find(({ type }) => type === 'seal')).toMatchObject({ outcome: 'completed', open: [] });
    // Nothing is drawn again: no sequence at all, but a backspace over what was typed.
    expect(bytes()).not.toContain('\x1b');
    expect(bytes()).toContain('tejun-receipt v1');
  });

  test('goes back after a failure, and goes on with a run that was left', async () => {
    writeFileSync(join(work, 'broken'), '');
    const first = open(['board.md', '--plain', '--env', 'staging', '--flow', 'setup'], {});
    await choose('staging');
    await write('What the notice says', 'tea');
    await choose('run the checks');
    await choose('go on');
    await choose('yes', 'Is this the right environment?');
    await choose('run it');
    await first.waitFor('Failed: Put it up');
    await choose('leave');
    await choose('Suspend the run');
    expect(await first.ended()).toBe(6);

    const second = open(['resume'], { ACCESSIBLE: '1' });
    await second.waitFor('Failed: Put it up');
    await choose('roll back');
    await choose('run it');
    await choose('yes');
    await second.waitFor('Went back.');
    await choose('go on');
    await choose('seal the run');
    await choose('yes');
    expect(await second.ended()).toBe(1);
    expect(existsSync(join(work, 'board-stg.txt'))).toBe(false);
    expect(records().find(({ type }) => type === 'seal')).toMatchObject({ outcome: 'rolled-back' });
  });

  test('Ctrl-C asks once, and what is typed between two questions answers nothing', async () => {
    const { press, waitFor, ended, bytes } = open(['board.md']);
    // In one piece, so that the second answer is there before its question.
    await press('1\r2\r');
    await waitFor('What do you want to do?');
    expect(bytes()).not.toContain('Where?');
    await press(KEY.ctrlC);
    await choose('Stay');
    await waitFor(/What do you want to do.*Leave\?.*What do you want to do/s);
    await press(KEY.ctrlC);
    await choose('Leave tejun');
    expect(await ended()).toBe(130);
  });
});
