import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { recordSchema } from '../../src/journal/record-schema.ts';
import type { JournalRecord } from '../../src/journal/records.ts';
import { PROGRAM_ROOT } from '../../src/program.ts';
import { type OperatorHome, operatorHome, readRecords } from './home.ts';
import { endProcessesOf } from './processes.ts';
import { type Ended, runProgram } from './program.ts';

let home: OperatorHome;
let work: string;
beforeEach(() => {
  home = operatorHome();
  work = join(home.env['HOME'] ?? '', 'work');
  mkdirSync(work);
  copyFileSync(join(PROGRAM_ROOT, 'tests/e2e/a-runbook.md'), join(work, 'board.md'));
});
afterEach(() => {
  endProcessesOf(home.env['TEJUN_HOME'] ?? '');
  home.remove();
});

const tejun = (...args: string[]): Promise<Ended> => runProgram(args, home.env, work);
const run = (environment: string, ...flags: string[]) => tejun('run', 'board.md', '--env', environment, ...flags);
const journal = (): JournalRecord[] => readRecords(home.journals()[0] ?? '');
const runId = () => (journal()[0] as { run?: string }).run ?? '';
const parsed = (record: JournalRecord) => recordSchema.parse(record);
const notice = (board: string) => join(work, `${board}.txt`);

describe('a real environment without a terminal', () => {
  test('names every answer that is missing before it starts anything', async () => {
    const without = await run('staging');
    expect(without).toMatchObject({ code: 2, out: '' });
    expect(without.err).toContain('--set notice=');
    const unconfirmed = await run('production', '--set', 'notice=tea', '--yes');
    expect(unconfirmed).toMatchObject({ code: 2, out: '' });
    expect(unconfirmed.err).toContain('--confirm=production');
    expect(existsSync(join(home.env['TEJUN_HOME'] ?? '', 'runs'))).toBe(false);
  });

  test('walks as far as the flags answer, and goes on when they answer more', async () => {
    const first = await run('staging', '--set', 'notice=green tea', '--yes');
    expect(first.code).toBe(6);
    expect(first.err).toContain('--attest told=NOTE');
    expect(first.err).toContain(`tejun resume ${runId()}`);
    expect(readFileSync(notice('board-stg'), 'utf8')).toBe('green tea\n');
    expect(journal()).toContainEqual(
      expect.objectContaining({ type: 'guard.satisfied', guard: 'confirm', how: 'flag', by: 'alice@ops' }),
    );
    expect(journal().at(-2)).toMatchObject({ type: 'suspended' });

    expect((await tejun('runs', '--state', 'stopped', '--json')).out).toContain(runId());
    expect((await tejun('runs', '--state', 'live', '--json')).out).toBe('[]\n');
    const shown = JSON.parse((await tejun('show', runId(), '--json')).out);
    expect(shown).toMatchObject({ run: runId(), state: 'stopped', environment: 'staging' });
    expect(shown.steps.map(({ id, status }: { id: string; status: string }) => `${id} ${status}`)).toEqual([
      'place passed',
      'post passed',
      'told waiting',
      'read waiting',
      'take-down waiting',
    ]);
    expect((await tejun('show')).out).toContain('✔ Put it up: passed');

    const second = await tejun('resume', runId(), '--attest', 'told=in the channel', '--check', '2=done');
    expect(second).toMatchObject({ code: 0, err: '' });
    expect(second.out).toContain('sealed: completed; 0 checklist items are open');
    expect(journal().filter(({ type }) => type === 'step.intent')).toHaveLength(3);
    expect(journal()).toContainEqual(
      expect.objectContaining({ type: 'step.settled', step: 'told', how: 'by-hand', reason: 'in the channel' }),
    );
  });

  test('--confirm alone gives the name that has to be typed; --json is the journal', async () => {
    const flags = ['--set', 'notice=tea', '--confirm=production', '--skip', 'told=nobody is there', '--yes', '--json'];
    const { code, out } = await run('production', ...flags);
    expect(code).toBe(0);
    expect(out).toBe(readFileSync(home.journals()[0] ?? '', 'utf8'));
    // Strictly: a field that the schema does not know would be one that docs/journal.schema.json lacks.
    for (const record of journal()) expect(parsed(record)).toEqual(record);
    expect(journal()).toContainEqual(
      expect.objectContaining({ type: 'guard.satisfied', guard: 'typed', how: 'flag', by: 'alice@ops' }),
    );
  });

  test('stops at a failure, and goes back when it is told to', async () => {
    writeFileSync(join(work, 'broken'), '');
    const failed = await run('staging', '--set', 'notice=tea', '--yes', '--skip', 'told=x');
    expect(failed.code).toBe(5);
    expect(failed.err).toContain('--retry post');

    rmSync(join(work, 'broken'));
    const again = await tejun('resume', '--retry', 'post', '--skip', 'told=x', '--yes');
    expect(again.code).toBe(0);
    expect(existsSync(notice('board-stg'))).toBe(true);

    writeFileSync(join(work, 'broken'), '');
    const back = await run('staging', '--set', 'notice=tea', '--yes', '--on-failure', 'undo');
    expect(back.code).toBe(1);
    expect(back.out).toContain('sealed: rolled-back');
    expect(existsSync(notice('board-stg'))).toBe(false);
  });

  test('tells the hook what happened, and a hook that fails changes nothing', async () => {
    const heard = join(work, 'heard.jsonl');
    await tejun('config', 'set', 'hook', `cat >> '${heard}'; exit 3`);
    writeFileSync(join(work, 'broken'), '');
    const failed = await run('staging', '--set', 'notice=tea', '--yes');
    expect(failed.code).toBe(5);
    const notices = readFileSync(heard, 'utf8').trim().split('\n');
    expect(notices.map((line) => JSON.parse(line))).toMatchObject([
      { event: 'step-failed', step: 'post', environment: 'staging', run: runId() },
      { event: 'run-suspended', run: runId() },
    ]);
  });

  test('a check that fails has changed nothing', async () => {
    writeFileSync(join(work, 'board.md'), readFileSync(join(work, 'board.md'), 'utf8').replace('test -d .', 'false'));
    const { code, err } = await run('staging', '--set', 'notice=tea', '--yes');
    expect(code).toBe(3);
    expect(err).toContain('--skip place=REASON');
  });

  test('a misspelt answer is found before anything runs', async () => {
    const { code, err, out } = await run('staging', '--set', 'notice=tea', '--yes', '--skip', 'tolt=x');
    expect(code).toBe(2);
    expect(out).toBe('');
    expect(err).toContain('did you mean `told`?');
  });
});
