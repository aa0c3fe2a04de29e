import { PassThrough } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { escapeTimeout, type Keyboard, type KeyPress, openKeyboard } from '../../../screens/keyboard/keys.ts';

let keyboard: Keyboard | undefined;
afterEach(() => keyboard?.close());

/** The keys that come of these chunks, `gap` milliseconds apart. */
async function keysOf(chunks: readonly (string | Buffer)[], gap = 0, options = {}): Promise<KeyPress[]> {
  const stdin = new PassThrough();
  const keys: KeyPress[] = [];
  keyboard?.close();
  keyboard = openKeyboard(stdin, { escapeMs: 50, pasteSilenceMs: 60, ...options });
  keyboard.listen((key) => keys.push(key));
  for (const chunk of chunks) {
    stdin.write(chunk);
    if (gap > 0) await sleep(gap);
  }
  await sleep(gap > 0 ? 80 : 15);
  return keys;
}

const names = (keys: readonly KeyPress[]) => keys.map((key) => (key.kind === 'key' ? key.name : `paste:${key.text}`));

describe('what a slow link does to keys', () => {
  it.each([
    ['text and Enter in one chunk', ['abc\r'], ['a', 'b', 'c', 'enter']],
    ['three keys in one chunk', ['jjj'], ['j', 'j', 'j']],
    ['text and Ctrl-C in one chunk', ['abc\x03'], ['a', 'b', 'c', 'ctrl+c']],
    ['three backspaces in one chunk', ['\x7f\x7f\x7f'], ['backspace', 'backspace', 'backspace']],
    ['an arrow in one chunk', ['\x1b[A'], ['up']],
    ['shift and tab', ['\x1b[Z'], ['shift+tab']],
    ['a capital letter', ['R'], ['R']],
    ['a question mark', ['?'], ['?']],
    ['a space', [' '], ['space']],
    ['line feed, as some terminals send Enter', ['\n'], ['enter']],
    ['the wide letter of an input method', ['ｙ'], ['y']],
    ['a word of Japanese', ['手順'], ['手', '順']],
    ['reports of focus', ['\x1b[I\x1b[Oa'], ['a']],
    ['a late report of the cursor', ['\x1b[24;80Ra'], ['a']],
    ['a report of the mouse', ['\x1b[<0;10;20Ma'], ['a']],
    ['what the terminal is', ['\x1b[?1;2ca'], ['a']],
    ['its colour', ['\x1b]11;rgb:ffff/ffff/ffff\x07a'], ['a']],
    ['its name', ['\x1bP>|xterm(390)\x1b\\a'], ['a']],
  ])('%s', async (_, chunks, expected) => {
    expect(names(await keysOf(chunks))).toEqual(expected);
  });

  it('puts an arrow together that was split for 30 ms', async () => {
    expect(names(await keysOf(['\x1b', '[', 'A'], 30))).toEqual(['up']);
  });

  it('takes a lone Esc for Esc', async () => {
    expect(names(await keysOf(['\x1b'], 70))).toEqual(['esc']);
  });

  it('puts a character together whose bytes were split', async () => {
    const bytes = Buffer.from('順');
    expect(names(await keysOf([bytes.subarray(0, 1), bytes.subarray(1)]))).toEqual(['順']);
  });

  it('waits longer for the rest of a sequence over SSH', () => {
    expect([escapeTimeout({}), escapeTimeout({ SSH_CONNECTION: '192.0.2.1 1 192.0.2.2 22' })]).toEqual([50, 100]);
  });
});

describe('a paste', () => {
  it('is one piece of data; its line ends submit nothing', async () => {
    expect(names(await keysOf(['\x1b[200~one\rtwo\r\n\x1b[201~x']))).toEqual(['paste:one\ntwo\n', 'x']);
  });

  it('may hold what would be keys', async () => {
    expect(names(await keysOf(['\x1b[200~a\x03b?q\x1b[201~']))).toEqual(['paste:a\x03b?q']);
  });

  it('ends by itself when its end was lost on the way', async () => {
    expect(names(await keysOf(['\x1b[200~abc']))).toEqual([]);
    await sleep(80);
    expect(await keysOf(['\x1b[200~abc'], 90)).toEqual([{ kind: 'paste', text: 'abc', cut: true }]);
  });

  it('is the same however it is split', async () => {
    const text = 'postgres://u:p@h/db?x=1';
    const bytes = `\x1b[200~${text}\x1b[201~`;
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: bytes.length - 1 }), async (at) => {
        expect(names(await keysOf([bytes.slice(0, at), bytes.slice(at)], 1))).toEqual([`paste:${text}`]);
      }),
      { numRuns: 10 },
    );
  });
});

it('drops keys while nobody listens', async () => {
  const stdin = new PassThrough();
  const keys: KeyPress[] = [];
  keyboard = openKeyboard(stdin);
  stdin.write('abc');
  await sleep(10);
  keyboard.listen((key) => keys.push(key));
  stdin.write('d');
  await sleep(10);
  expect(names(keys)).toEqual(['d']);
});

it('takes keys again when a report never ended', async () => {
  expect(names(await keysOf(['\x1bP', 'x'], 130))).toEqual(['x']);
});
