import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { KEYS } from '../../screens/key-table.ts';
import { type Seat, takeSeat, toTheCommand, WAYS_IN } from './ways-in.ts';

/** Longer than bytes of one key are apart on a bad link, shorter than what is taken for Esc alone. */
const APART_MS = 30;

const ESC = '\x1b';

/** What terminals send for the keys of the table that are no letters: xterm's, the VT220's and the application mode's. */
const BYTES: Readonly<Record<string, readonly string[]>> = {
  up: [`${ESC}[A`, `${ESC}OA`],
  down: [`${ESC}[B`, `${ESC}OB`],
  left: [`${ESC}[D`, `${ESC}OD`, '\x02'],
  right: [`${ESC}[C`, `${ESC}OC`, '\x06'],
  home: [`${ESC}[H`, `${ESC}OH`, `${ESC}[1~`, '\x01'],
  end: [`${ESC}[F`, `${ESC}OF`, `${ESC}[4~`, '\x05'],
  delete: [`${ESC}[3~`, '\x04'],
  pageup: [`${ESC}[5~`],
  pagedown: [`${ESC}[6~`],
  tab: ['\t'],
  'shift+tab': [`${ESC}[Z`],
};

/** Others that a hand may fall on: F1 and F5, Insert, Alt-x, an arrow with Ctrl held. */
const STRAY = [`${ESC}OP`, `${ESC}[15~`, `${ESC}[2~`, `${ESC}x`, `${ESC}[1;5A`];

/** What each does to a text with the caret where `|` is. */
const CASES: readonly [key: string, before: string, after: string][] = [
  ['left', 'ab|', 'a|b'],
  ['right', '|ab', 'a|b'],
  ['home', 'ab|', '|ab'],
  ['end', '|ab', 'ab|'],
  ['delete', '|ab', '|b'],
  ['up', 'a\ncd|', 'a|\ncd'],
  ['down', 'a|\ncd', 'a\nc|d'],
  ['pageup', 'a|b', 'a|b'],
  ['pagedown', 'a|b', 'a|b'],
  ['tab', 'a|b', 'a|b'],
  ['shift+tab', 'a|b', 'a|b'],
];

describe.each(WAYS_IN)('through %s', (way) => {
  let seat: Seat;
  beforeAll(async () => {
    seat = await takeSeat(way);
    await toTheCommand(seat.at);
    await seat.at.press('e');
    await seat.at.waitFor('Edit the command');
    await sleep(100);
  });
  afterAll(() => seat.close());

  const paste = (text: string) => `${ESC}[200~${text.replaceAll('\n', '\r')}${ESC}[201~`;
  /** The rows of the editor, without their bar. */
  const shown = (text: string) =>
    text
      .split('\n')
      .map((row) => `│ ${row.replace('|', '▏')}`)
      .join('\n');
  /** Puts a text there, with the caret where `|` is. */
  const put = (text: string) => {
    const [before = '', after = ''] = text.split('|');
    seat.at.write(`\x15${paste(before + after)}`);
    const lines = (before + after).split('\n');
    const line = before.split('\n').length - 1;
    seat.at.write(
      `${`${ESC}[A`.repeat(lines.length - 1 - line)}${ESC}[H${`${ESC}[C`.repeat(before.length - before.lastIndexOf('\n') - 1)}`,
    );
  };
  const see = (text: string) => seat.at.waitFor(shown(text), 5000);
  /** Another letter each time: what an attempt before has left on the screen is not taken for this one's. */
  let attempts = 0;
  const letter = () => 'ABCDEFGH'.charAt(attempts++ % 8);
  /** All that terminals send; over another hop, which takes them alike, the first. */
  const sent = (key: string) => (BYTES[key] ?? []).slice(0, way === 'a terminal' ? undefined : 1);

  test.each(CASES)('%s is itself, whole and split at every byte', async (key, before, after) => {
    for (const bytes of sent(key)) {
      for (let at = bytes.length; at > 0; at -= 1) {
        const typed = letter();
        put(before);
        seat.at.write(bytes.slice(0, at));
        if (at < bytes.length) await sleep(APART_MS);
        seat.at.write(bytes.slice(at) + typed);
        await see(after.replace('|', `${typed}|`));
      }
    }
  });

  test('a key that means nothing puts nothing into a text', async () => {
    for (const bytes of STRAY) {
      for (let at = bytes.length; at > 0; at -= 1) {
        const typed = letter();
        put('ab|');
        seat.at.write(bytes.slice(0, at));
        if (at < bytes.length) await sleep(APART_MS);
        seat.at.write(bytes.slice(at));
        // So that an Alt is not held over what follows.
        await sleep(APART_MS);
        seat.at.write(typed);
        await see(`ab${typed}|`);
      }
    }
  });

  test('Japanese and an emoji, cut inside their bytes, are what was typed', async () => {
    const typed = Buffer.from('手順😀é');
    for (let at = 1; at < typed.length; at += 1) {
      const before = letter();
      put(`${before}|`);
      seat.at.write(typed.subarray(0, at));
      await sleep(APART_MS);
      seat.at.write(typed.subarray(at));
      await see(`${before}手順😀é|`);
    }
  });

  test('a paste is data, wherever its marks are cut: its line ends submit nothing', async () => {
    const bytes = paste('x\ny');
    for (let at = 1; at < bytes.length; at += 1) {
      const before = letter();
      put(`${before}|`);
      seat.at.write(bytes.slice(0, at));
      await sleep(APART_MS);
      seat.at.write(bytes.slice(at));
      await see(`${before}x\ny|`);
    }
  });

  test('many keys in one chunk are as many keys', async () => {
    put('|');
    seat.at.write(`echo ok\x7f\x7fno${ESC}[D${ESC}[Dx${ESC}[H# ${ESC}[F!${ESC}[D${ESC}[3~\x0fz`);
    await see('# echo xno\nz|');
  });

  test('Ctrl-C behind other bytes of its chunk asks, and Esc stays', async () => {
    put('|');
    seat.at.write('left\x03');
    await seat.at.waitFor('Leave?');
    await seat.at.press(ESC);
    await seat.at.waitFor('Enter runs: A command');
    await seat.at.press('e');
    await seat.at.waitFor('Edit the command');
    await sleep(100);
  });

  test('every key of the table that is no letter is among these', () => {
    const named = Object.values(KEYS).flatMap(({ keys }) => [...keys]);
    const letters = named.filter((key) => [...key].length === 1 || key === 'space');
    const chords = named.filter((key) => key.startsWith('ctrl+'));
    const known = [...Object.keys(BYTES), ...letters, ...chords, 'enter', 'esc'];
    expect(named.filter((key) => !known.includes(key))).toEqual([]);
  });

  test('Esc alone goes back; Enter takes the text, and a second one in the same chunk runs nothing', async () => {
    seat.at.write(ESC);
    await seat.at.waitFor('Enter runs: A command');
    await seat.at.press('e');
    await seat.at.waitFor('Edit the command');
    await sleep(100);
    seat.at.write(`\x15echo taken${'\r'.repeat(3)}`);
    await seat.at.waitFor('EDITED by you');
    await sleep(300);
    expect(seat.at.screen()).toContain('Enter runs: A command');
    await seat.at.press('\r');
    await seat.at.waitFor(/✔ A command {2}taken/);
    expect(seat.at.bytes()).not.toContain(`${ESC}[3J`);
  });
});
