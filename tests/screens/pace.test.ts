import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Pace } from '../../screens/pace.ts';

test('a drawing waits for a quarter of a second, and until what was sent is paid for', () => {
  const pace = new Pace();
  expect(pace.wait(0)).toBe(0);
  pace.shown(1000);
  pace.sent(96, 1000);
  expect(pace.wait(1000)).toBe(250);
  pace.sent(1440, 1000);
  expect(pace.wait(1000)).toBe(1000);
  expect(pace.wait(1900)).toBe(100);
  expect(pace.wait(5000)).toBe(0);
});

test('whatever the drawings cost, they take at most 1.5 KiB a second and one drawing more', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 3000 }), { minLength: 1 }), (drawings) => {
      const pace = new Pace();
      let [now, sent] = [0, 0];
      for (const bytes of drawings) {
        now += pace.wait(now);
        expect(sent).toBeLessThanOrEqual((now / 1000) * 1536 + 0.001);
        pace.shown(now);
        pace.sent(bytes, now);
        sent += bytes;
      }
    }),
  );
});
