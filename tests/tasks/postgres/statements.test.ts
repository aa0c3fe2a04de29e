import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bound, ownTransaction, statements } from '../../../tasks/postgres/statements.ts';

const texts = (sql: string) => statements(sql).map(({ text }) => text);

describe('statements', () => {
  test.each<[string, string, string[]]>([
    ['two', 'select 1; select 2;', ['select 1', 'select 2']],
    ['none', '  -- nothing here\n;;', []],
    ['a semicolon in quotes', `select ';' ; select "a;b"`, [`select ';'`, `select "a;b"`]],
    ['an escaped quote', `select 'it''s; one'; select 2`, [`select 'it''s; one'`, 'select 2']],
    ['a backslash in an E string', `select E'it\\'s; one'; select 2`, [`select E'it\\'s; one'`, 'select 2']],
    [
      'comments',
      'select 1 -- a;b\n; select /* c;d /* e;f */ g;h */ 2',
      ['select 1 -- a;b', 'select /* c;d /* e;f */ g;h */ 2'],
    ],
    [
      'dollar quotes',
      'do $$ begin perform 1; end $$; do $body$ select $$;$$; $body$',
      ['do $$ begin perform 1; end $$', 'do $body$ select $$;$$; $body$'],
    ],
    [
      'a body without quotes',
      'create function f() returns int begin atomic select case when true then 1 else 2 end; select 3; end; select 4',
      [
        'create function f() returns int begin atomic select case when true then 1 else 2 end; select 3; end',
        'select 4',
      ],
    ],
  ])('%s', (_, sql, expected) => {
    expect(texts(sql)).toEqual(expected);
  });

  test.each<[string, string, string, string[]]>([
    ['a variable', 'select $name', 'select $1', ['name']],
    ['in braces', 'select ${name}::date', 'select $1::date', ['name']],
    ['the same twice', 'select $a, $b, $a', 'select $1, $2, $1', ['a', 'b']],
    ['in quotes it is text', `select '$name', "$name", $name`, `select '$name', "$name", $1`, ['name']],
    ['in a comment it is nothing', 'select $a -- $b', 'select $1 -- $b', ['a']],
    ['in a dollar quote it is text', 'do $x$ $name $x$', 'do $x$ $name $x$', []],
    ['in a name it is a part', 'select a$b from t', 'select a$b from t', []],
  ])('%s', (_, sql, text, names) => {
    expect(statements(sql)).toEqual([{ text, names }]);
  });

  test('numbers begin again in each statement', () => {
    expect(statements('select $a; select $b')).toEqual([
      { text: 'select $1', names: ['a'] },
      { text: 'select $1', names: ['b'] },
    ]);
  });

  test('quoted text comes through whole, whatever is in it', () => {
    fc.assert(
      fc.property(fc.array(fc.string(), { minLength: 1 }), (parts) => {
        const quoted = parts.map((part) => `select '${part.replaceAll("'", "''")}'`);
        expect(texts(quoted.join(';\n'))).toEqual(quoted);
      }),
    );
  });

  test('an undefined name is an error, never an empty text', () => {
    const [statement = { text: '', names: [] }] = statements('delete from t where id = $toString');
    expect(() => bound(statement, { id: '1' })).toThrow('There is no value called toString.');
    expect(bound({ text: '', names: ['id'] }, { id: '' })).toEqual(['']);
  });

  test.each([
    ['begin; select 1; commit', true],
    ['-- one\nSTART TRANSACTION; select 1', true],
    ['select 1; select 2', false],
    ['create table beginners()', false],
  ])('%s has its own transaction: %s', (sql, own) => {
    expect(ownTransaction(statements(sql))).toBe(own);
  });
});
