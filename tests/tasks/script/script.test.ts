import { describe, expect, test } from 'vitest';
import { bash, sh } from '../../../tasks/script/bash.ts';
import { manual } from '../../../tasks/script/manual.ts';
import { python } from '../../../tasks/script/python.ts';
import type { AnyTask } from '../../../tasks/task.ts';
import { contextFor, type Given } from '../context.ts';

const run = (task: AnyTask, body: string, given: Given = {}) => {
  const context = contextFor(given);
  return { context, result: task.run({ language: task.name, body }, context) };
};

describe('bash and sh', () => {
  test.each([bash, sh])('$name: values are variables, and never part of the script', async (task) => {
    const { context, result } = run(task, 'printf "%s\\n" "$base_url"', { values: { base_url: 'a b; $(id) "c"' } });
    expect(await result).toMatchObject({
      outcome: 'passed',
      exit: 0,
      text: 'a b; $(id) "c"\n',
      summary: 'a b; $(id) "c"',
    });
    expect(context.ran[0]?.args.at(-1)).toBe('printf "%s\\n" "$base_url"');
  });

  test('secrets reach the child by its environment, and neither its arguments nor its output', async () => {
    const body = 'test ${#TOKEN} -eq 19; echo "token: $TOKEN"; tr "\\0" " " < /proc/$$/cmdline | grep -c 3f9a || true';
    const { context, result } = run(bash, body, { secrets: { TOKEN: 'tok-3f9a-1c7e-88d22' } });
    const { text, outcome } = await result;
    expect(outcome).toBe('passed');
    expect(text).not.toContain('3f9a-1c7e');
    // The script names `3f9a` itself, once; the token would make the line hold more.
    expect(JSON.stringify(context.ran[0]?.args)).not.toContain('tok-');
    expect(context.ran[0]?.env?.['TOKEN']?.toString()).toBe('$TOKEN');
  });

  test.each([
    [bash, 'false | cat; echo on', 1],
    [bash, 'echo "$no_such_value"', 127],
    [sh, 'echo "$no_such_value"', 2],
    [sh, 'exit 9', 9],
  ])('%# stops at the first failure', async (task, body, exit) => {
    const { result } = run(task, body);
    const found = await result;
    expect(found).toMatchObject({ outcome: 'failed', problem: { code: 'script-failed' } });
    // Bash ends with 1 or 127 for an unset variable, by its version.
    expect([exit, exit === 127 ? 1 : exit]).toContain(found.exit);
    expect(found.text).not.toContain('on\n');
  });

  test('the script can read its own input: it is not on it', async () => {
    const { result } = run(bash, 'echo one | { read -r word; echo "got $word"; }; cat; echo end');
    expect((await result).text).toBe('got one\nend\n');
  });

  test('cut short, it says how', async () => {
    const timeout = new AbortController();
    setTimeout(() => timeout.abort('timeout'), 200);
    const { result } = run(bash, 'echo begun; sleep 30', { signal: timeout.signal });
    expect(await result).toMatchObject({
      outcome: 'failed',
      summary: 'it timed out',
      text: 'begun\n',
      problem: { code: 'script-cut-short', what: 'The script timed out before it ended.' },
    });
  });

  test("a value cannot take the place of the host's own variable", async () => {
    const { context, result } = run(bash, 'echo "$PATH"', { values: { PATH: '/nowhere' } });
    expect((await result).text).not.toContain('/nowhere');
    expect(context.ran[0]?.env).toEqual({});
  });
});

describe('python', () => {
  test('the script is on standard input', async () => {
    const { context, result } = run(python, 'import os\nprint(os.environ["app"].upper())\n', {
      values: { app: 'booking' },
    });
    expect(await result).toMatchObject({ outcome: 'passed', text: 'BOOKING\n' });
    expect(context.ran[0]).toMatchObject({ file: 'python3', args: ['-'] });
  });

  test('an exception is its last line', async () => {
    const { result } = run(python, 'raise SystemExit("no rooms left")');
    expect(await result).toMatchObject({ outcome: 'failed', exit: 1, summary: 'exit code 1 · no rooms left' });
  });
});

test('manual never passes by itself', async () => {
  const { result } = run(manual, 'Tell the on-call person.');
  expect(await result).toMatchObject({ outcome: 'failed', problem: { code: 'manual-not-attested' } });
});
