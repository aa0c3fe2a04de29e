import { expect, test } from 'vitest';
import { commitList, rollbackTargets } from '../../../tasks/compose/commits.ts';

const hash = (letter: string): string => letter.repeat(40);
const line = (letter: string, subject: string): string =>
  `${hash(letter)}\t${letter.repeat(7)}\t2026-11-2${letter.charCodeAt(0) % 10}T10:00:00+09:00\t${subject}`;

test('a commit a line; a subject may have anything, a tab too', () => {
  expect(
    commitList(`${line('a', 'レビュー返信: 下書き')}\n${line('b', 'one\ttwo')}\n\nfatal: nothing\n`),
  ).toMatchObject([
    { hash: hash('a'), short: 'aaaaaaa', subject: 'レビュー返信: 下書き' },
    { hash: hash('b'), subject: 'one two' },
  ]);
});

test('where this checkout has been comes first, the latest first; then history; never where it is', () => {
  const history = commitList(['c', 'b', 'a'].map((letter) => line(letter, letter)).join('\n'));
  // Deployed a, rolled forward to c over b; then came back to a, and forward again.
  const reflog = commitList(['c', 'a', 'c', 'a'].map((letter) => line(letter, letter)).join('\n'));
  expect(rollbackTargets(history, reflog).map(({ subject, wasHere }) => [subject, wasHere])).toEqual([
    ['a', true],
    ['b', false],
  ]);
});

test('on a detached HEAD the branch that was left is offered too', () => {
  const history = commitList(line('a', 'a'));
  const reflog = commitList([line('a', 'a'), line('b', 'b')].join('\n'));
  expect(rollbackTargets(history, reflog).map(({ subject }) => subject)).toEqual(['b']);
});

test('a checkout with one commit has nowhere to go', () => {
  expect(rollbackTargets(commitList(line('a', 'a')), commitList(line('a', 'a')))).toEqual([]);
});
