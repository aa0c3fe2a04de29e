import { expect, test } from 'vitest';
import { ClockWatch } from '../../src/engine/clock-watch.ts';

/** A host whose clocks a test sets, in milliseconds. */
function host() {
  const at = { wall: 1_000_000, mono: 0 };
  const watch = new ClockWatch({ now: () => new Date(at.wall), mono: () => at.mono });
  const pass = (ms: number, set = 0) => {
    at.wall += ms + set;
    at.mono += ms;
  };
  return { watch, pass };
}

test.each([
  { set: 0, jump: undefined },
  { set: 400, jump: undefined },
  { set: -1_999, jump: undefined },
  { set: -3_600_000, jump: -3_600_000 },
  { set: 10 * 365 * 86_400_000, jump: 10 * 365 * 86_400_000 },
])('a clock that is set by $set ms is a jump of $jump', ({ set, jump }) => {
  const { watch, pass } = host();
  pass(60_000);
  expect(watch.jump()).toBeUndefined();
  pass(60_000, set);
  expect(watch.jump()).toBe(jump);
  pass(8 * 3_600_000);
  expect(watch.jump()).toBeUndefined();
});
