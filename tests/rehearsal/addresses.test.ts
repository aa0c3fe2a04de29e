import { expect, test } from 'vitest';
import { EXIT } from '../../src/problem.ts';
import { appHosts, atThisMachine } from '../../src/rehearsal/addresses.ts';

const origins = { 'booking.fly.dev': 'http://127.0.0.1:4001', 'web.fly.dev': 'http://127.0.0.1:4002' };

test.each([
  ['https://booking.fly.dev', 'http://127.0.0.1:4001'],
  ['https://booking.fly.dev/', 'http://127.0.0.1:4001/'],
  ['https://Booking.fly.dev/api/v1?x=1#y', 'http://127.0.0.1:4001/api/v1?x=1#y'],
  ['http://web.fly.dev/a', 'http://127.0.0.1:4002/a'],
  ['http://127.0.0.1:4001/a', 'http://127.0.0.1:4001/a'],
  ['booking.fly.dev', 'booking.fly.dev'],
  ['2025-11-15', '2025-11-15'],
])('%s becomes %s', (value, local) => {
  expect(atThisMachine({ value }, origins)).toEqual({ value: local });
});

test.each(['https://api.example.com/x', 'https://other.fly.dev', 'https://booking.fly.dev.example.com'])(
  '%s is refused: a rehearsal reaches nothing beyond this machine',
  (value) => {
    expect(() => atThisMachine({ hook: value }, origins)).toThrow(
      expect.objectContaining({ code: 'rehearsal-no-stand-in', exit: EXIT.rehearsal }),
    );
  },
);

test('the hosts of Fly apps are found once each', () => {
  const values = { a: 'https://booking.fly.dev', b: 'https://booking.fly.dev/x', c: 'https://web.fly.dev', d: 'x' };
  expect(appHosts(values)).toEqual(['booking.fly.dev', 'web.fly.dev']);
});
