import { EventEmitter } from 'node:events';
import { expect, it, vi } from 'vitest';
import { holdRawMode } from '../../../screens/keyboard/raw.ts';

function terminal() {
  const modes: boolean[] = [];
  return Object.assign(new EventEmitter(), {
    isTTY: true,
    modes,
    setRawMode: (on: boolean) => modes.push(on),
    resume: vi.fn(),
    pause: vi.fn(),
    ref: vi.fn(),
    unref: vi.fn(),
  });
}

it('holds raw mode from the first call to the release, once', () => {
  const stdin = terminal();
  const hold = holdRawMode(stdin);
  expect(holdRawMode(stdin)).toBe(hold);
  hold.handOver();
  hold.release();
  hold.release();
  expect(stdin.modes).toEqual([true, false]);
  expect(stdin.listenerCount('data')).toBe(0);
});

it('throws away what is typed before the keyboard is there, but Ctrl-C cancels', () => {
  const stdin = terminal();
  const cancel = vi.fn();
  holdRawMode(stdin, cancel);
  stdin.emit('data', Buffer.from('hunter2\r'));
  expect(cancel).not.toHaveBeenCalled();
  stdin.emit('data', Buffer.from('a\x03'));
  expect(cancel).toHaveBeenCalledOnce();
  expect(stdin.modes).toEqual([true, false]);
});

it('does not keep a program alive that ends before a screen opens', () => {
  const stdin = terminal();
  const hold = holdRawMode(stdin);
  expect(stdin.unref).toHaveBeenCalled();
  hold.handOver();
  expect(stdin.ref).toHaveBeenCalled();
  hold.release();
});

it('does nothing without a terminal', () => {
  const stdin = { ...terminal(), isTTY: false };
  holdRawMode(stdin).release();
  expect(stdin.modes).toEqual([]);
});
