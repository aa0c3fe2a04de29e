import { describe, expect, it } from 'vitest';
import { clock, duration, latency, optionLabel, share, wallClock } from '../../../screens/layout/format.ts';
import { plainProse } from '../../../screens/layout/prose.ts';

const en = { decimal: '.' };
const es = { decimal: ',' };

describe('times', () => {
  it.each([
    [812, '0.8 s'],
    [9_999, '10.0 s'],
    [42_400, '42 s'],
    [187_000, '3:07'],
    [3_723_000, '1:02:03'],
  ])('%i ms took %s', (ms, text) => expect(duration(ms, en)).toBe(text));

  it('uses the language’s decimal mark', () => expect(duration(812, es)).toBe('0,8 s'));
  it('never runs backwards', () => expect(clock(-5)).toBe('0:00'));
  it.each([
    [87.4, '87 ms'],
    [1400, '1.40 s'],
    [12_340, '12.3 s'],
  ])('a latency of %d ms is %s', (ms, text) => expect(latency(ms, en)).toBe(text));
  it.each([
    [0, '0 %'],
    [0.004, '0.4 %'],
    [0.25, '25 %'],
  ])('%d is %s', (part, text) => expect(share(part, en)).toBe(text));

  it('shows the wall clock of the runbook’s time zone, and of UTC where the zone is unknown', () => {
    expect(wallClock('2025-11-15T06:12:00Z', 'America/Argentina/Buenos_Aires')).toBe('2025-11-15 03:12');
    expect(wallClock('2025-11-15T06:12:00Z', 'Mars/Olympus')).toBe('2025-11-15 06:12');
  });
});

it.each([
  ['The app is created **once**.', 'The app is created once.'],
  ['one\ntwo\n\nthree', 'one two\nthree'],
  ['手順を\n確認する', '手順を確認する'],
  ['see [the page](https://example.com/x)', 'see the page (https://example.com/x)'],
  ['- one\n- two', '- one\n- two'],
  ['run `flyctl status`', 'run flyctl status'],
])('%j reads %j', (markdown, text) => expect(plainProse(markdown)).toBe(text));

it('an option of a choice has its moment in the runbook’s time zone behind its label', () => {
  const release = { label: 'release 12', at: '2025-11-14T21:02:33.506Z', more: 'Release · ana@example.com' };
  expect(optionLabel(release, 'Asia/Tokyo')).toBe(
    'release 12 · 2025-11-15 06:02 (2025-11-14 21:02 UTC) · Release · ana@example.com',
  );
  expect(optionLabel({ label: 'older than 168h: 2 images' }, 'UTC')).toBe('older than 168h: 2 images');
});
