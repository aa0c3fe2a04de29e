import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  ArchiveError,
  readArchive,
  readContents,
  writeArchive,
} from '../../../src/rehearsal/compose/inside/archive.ts';
import { splitStatements } from '../../../src/rehearsal/compose/inside/statements.ts';

const head = { database: 'salon_gbp', version: '18.4', at: '2026-11-22T06:30:00.000Z' };
const entries = [
  {
    id: 1,
    kind: 'TABLE',
    schema: 'public',
    name: 'app_users',
    owner: 'salon_gbp',
    sql: 'create table app_users (id int)',
  },
  {
    id: 2,
    kind: 'TABLE DATA',
    schema: 'public',
    name: 'app_users',
    owner: 'salon_gbp',
    sql: 'insert …',
    rows: ['(1)', '(2)'],
  },
];
const whole = writeArchive(head, entries);
/** Where the table of contents ends. */
const LISTED = 5 + 4 + whole.readUInt32BE(5);

test('what is written is read again', () => {
  expect(readArchive(whole)).toEqual({
    contents: { ...head, entries: entries.map(({ sql: _, rows: __, ...rest }) => rest) },
    entries,
  });
});

test('wherever its tail is cut off, reading all of it finds out; the list does not, once the list is whole', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: whole.length - 1 }), (length) => {
      const cut = whole.subarray(0, length);
      expect(() => readArchive(cut)).toThrow(ArchiveError);
      if (length >= LISTED) expect(readContents(cut).database).toBe('salon_gbp');
      else expect(() => readContents(cut)).toThrow(ArchiveError);
    }),
  );
});

test('what is no dump is told apart', () => {
  expect(() => readContents(readFileSync(import.meta.filename))).toThrow('does not appear to be a valid archive');
});

test.each([
  ['select 1; select 2', ['select 1', 'select 2']],
  ["select ';' ; x", ["select ';'", 'x']],
  ["select 'it''s; fine'", ["select 'it''s; fine'"]],
  ['do $$ begin; end $$; next', ['do $$ begin; end $$', 'next']],
  ['create function f() as $body$ a; $$ b; $body$; c', ['create function f() as $body$ a; $$ b; $body$', 'c']],
  ['-- a; b\nselect 1', ['-- a; b\nselect 1']],
  ['/* a; b */ select 1;', ['/* a; b */ select 1']],
  ['\\restrict abc\nselect 1;', ['\\restrict abc', 'select 1']],
  ['select "a;b" from t;;', ['select "a;b" from t']],
  ['  -- only a comment\n', []],
])('statements of %j', (script, statements) => {
  expect(splitStatements(script)).toEqual(statements);
});
