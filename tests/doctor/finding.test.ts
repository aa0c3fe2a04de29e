import { expect, test } from 'vitest';
import { formatFindings } from '../../src/doctor/finding.ts';

test('what is fine takes a line; what is not says what needs it and how to mend it', () => {
  const text = formatFindings([
    { name: 'disk', state: 'fine', what: '900 MiB free' },
    { name: 'flyctl', state: 'missing', what: 'not found', why: 'Booking: deploy', next: ['install it', 'or so'] },
    { name: 'locale', state: 'weak', what: 'not set' },
  ]);
  expect(text.split('\n')).toEqual([
    '✔ disk    900 MiB free',
    '✖ flyctl  not found',
    '    for: Booking: deploy',
    '    → install it',
    '    → or so',
    '! locale  not set',
    '',
    '1 missing, 1 could be better.',
    '',
  ]);
});
