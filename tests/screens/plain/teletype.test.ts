import { PassThrough } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { askLine } from '../../../screens/plain/prompt.ts';

/** Types keys one by one into the real prompt; gives what was printed and what was answered. */
async function ask(keys: readonly string[], wrong: (text: string) => string | undefined = () => undefined) {
  const input = new PassThrough();
  const withdrawn = new AbortController();
  let printed = '';
  const answer = askLine('Name:', {
    wrong,
    keys: input,
    write: (text) => {
      printed += text;
    },
    withdraw: withdrawn.signal,
  });
  for (const key of keys) {
    await sleep(5);
    if (key === 'withdraw') withdrawn.abort();
    else input.write(key);
  }
  return { answer: await answer, printed };
}

describe('a prompt on a teletype', () => {
  test.each([
    ['prints each character once', ['a', 'b', '\r'], 'Name: ab\n', { text: 'ab' }],
    ['takes one back', ['a', 'x', '\x7f', 'b', '\r'], 'Name: ax\b \bb\n', { text: 'ab' }],
    ['takes back both columns of a wide one', ['手', '\x7f', 'b', '\r'], 'Name: 手\b \b\b \b\b \b b\n', { text: 'b' }],
    ['takes keys that came together', ['abc\r'], 'Name: abc\n', { text: 'abc' }],
    ['hears Ctrl-C', ['a', '\x03'], 'Name: a\n', 'interrupted'],
    ['can be withdrawn', ['a', 'withdraw'], 'Name: a\n', 'withdrawn'],
  ])('%s', async (_, keys, printed, answer) => {
    expect(await ask(keys)).toEqual({ printed, answer });
  });

  test('says why a text is refused, and keeps it', async () => {
    const wrong = (text: string) => (text === 'ab' ? undefined : 'Not that.');
    const { printed, answer } = await ask(['a', '\r', 'b', '\r'], wrong);
    expect(answer).toEqual({ text: 'ab' });
    expect(printed).toBe('Name: a\nNot that.\nName: ab\n');
  });

  test('edits its line under TERM=dumb, too, and leaves the variable as it was', async () => {
    const before = process.env['TERM'];
    process.env['TERM'] = 'dumb';
    try {
      expect((await ask(['a', 'x', '\x7f', '\r'])).answer).toEqual({ text: 'a' });
      expect(process.env['TERM']).toBe('dumb');
    } finally {
      if (before === undefined) delete process.env['TERM'];
      else process.env['TERM'] = before;
    }
  });
});
