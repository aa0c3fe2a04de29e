import { describe, expect, test } from 'vitest';
import { judge } from '../../src/engine/judge.ts';
import type { TaskResult } from '../../tasks/task.ts';

const step = { id: 's', exit: [0], capture: [] };
const passed: TaskResult = { outcome: 'passed', summary: 'ok', exit: 0, text: 'shop=12\nready\n' };
const failed: TaskResult = {
  outcome: 'failed',
  summary: 'exit 3',
  exit: 3,
  problem: { code: 'script-failed', what: 'exit code 3' },
};

describe('exit=', () => {
  test('an exit code that is not allowed fails with the task’s own problem', () => {
    expect(judge(step, failed)).toMatchObject({ outcome: 'failed', problem: { what: 'exit code 3' } });
  });
  test('an exit code that the runbook allows is a success', () => {
    expect(judge({ ...step, exit: [0, 3] }, failed).outcome).toBe('passed');
  });
  test('zero is a failure where the runbook does not allow it', () => {
    expect(judge({ ...step, exit: [1] }, passed)).toMatchObject({
      outcome: 'failed',
      problem: { code: 'unexpected-exit' },
    });
  });
  test('a failure that zero does not show stays one: curl exits 0 on 500', () => {
    const lying: TaskResult = {
      outcome: 'failed',
      summary: 'status 500',
      exit: 0,
      problem: { code: 'http-assertion-failed', what: '500' },
    };
    expect(judge(step, lying)).toMatchObject({ outcome: 'failed', problem: { code: 'http-assertion-failed' } });
  });
  test('a child ended by a signal never counts as allowed', () => {
    const killed: TaskResult = { outcome: 'failed', summary: 'killed', exit: 1, signal: 'SIGKILL' };
    expect(judge({ ...step, exit: [1] }, killed).outcome).toBe('failed');
  });
});

describe('expect=', () => {
  test.each([
    ['ready', 'passed'],
    ['healthy', 'failed'],
  ] as const)('the output must contain %j: %s', (text, outcome) => {
    expect(judge(step, passed, text).outcome).toBe(outcome);
  });
});

describe('capture=', () => {
  const table: [string, { name: string; pointer?: string }, Partial<TaskResult>, string | undefined][] = [
    ['the line name=value', { name: 'shop' }, { text: 'shop=12\nready\n' }, '12'],
    ['the last of several', { name: 'shop' }, { text: 'shop=1\nshop=2\n' }, '2'],
    ['a whole output of one line', { name: 'id' }, { text: '  abc \n' }, 'abc'],
    ['nothing from several lines without the name', { name: 'id' }, { text: 'a\nb\n' }, undefined],
    [
      'a pointer into JSON output',
      { name: 'id', pointer: '/items/1/id' },
      { text: '{"items":[{"id":1},{"id":7}]}' },
      '7',
    ],
    ['a pointer into the evidence', { name: 'v', pointer: '/version' }, { text: '', evidence: { version: 4 } }, '4'],
    ['an escaped pointer', { name: 'v', pointer: '/a~1b' }, { text: '{"a/b":"x"}' }, 'x'],
    ['nothing where the pointer leads nowhere', { name: 'v', pointer: '/no' }, { text: '{}' }, undefined],
  ];
  test.each(table)('takes %s', (_, capture, result, value) => {
    const judged = judge({ ...step, capture: [capture] }, { ...passed, ...result });
    expect(judged.outcome).toBe(value === undefined ? 'failed' : 'passed');
    expect(judged.captured[capture.name]).toBe(value);
  });
});
