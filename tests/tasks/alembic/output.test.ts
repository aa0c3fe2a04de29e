import { describe, expect, test } from 'vitest';
import { Secret } from '../../../src/secrets/secret.ts';
import { alembic, withSecrets } from '../../../tasks/alembic/command.ts';
import { isAtHead, ranIn, revisionsIn, revisionWord } from '../../../tasks/alembic/output.ts';
import { alembicRefusal } from '../../../tasks/alembic/refusal.ts';
import { contextFor, ENDED } from '../context.ts';

const plain = { command: 'alembic' };

test.each([
  ['at head', 'bbb222 (head)\n', ['bbb222']],
  ['behind', 'aaa111\n', ['aaa111']],
  ['an empty database', '', []],
  ['two heads', 'bbb222 (head)\nccc333 (head)\n', ['bbb222', 'ccc333']],
  ['a merge with its marks', 'ddd444 (head) (mergepoint)\n', ['ddd444']],
  ['what flyctl adds', 'No machine specified, using 148e in region nrt\nbbb222 (head)\n', ['bbb222']],
])('the revisions of %s', (_, stdout, ids) => {
  expect(revisionsIn(stdout)).toEqual(ids);
});

test('what ran is in the log on standard error', () => {
  const stderr = `INFO  [alembic.runtime.migration] Context impl PostgresqlImpl.
INFO  [alembic.runtime.migration] Running upgrade  -> aaa111, create users
INFO  [alembic.runtime.migration] Running upgrade aaa111 -> bbb222, add col
`;
  expect(ranIn(stderr)).toEqual(['-> aaa111, create users', 'aaa111 -> bbb222, add col']);
});

test.each([
  [['a'], ['a'], true],
  [['a', 'b'], ['b', 'a'], true],
  [['a'], ['a', 'b'], false],
  [['b'], ['a'], false],
  [[], ['a'], false],
  [[], [], false],
])('current %j and heads %j', (current, heads, at) => {
  expect(isAtHead(current, heads)).toBe(at);
});

test('a database without migrations is at base', () => {
  expect(revisionWord([])).toBe('base');
  expect(revisionWord(['a', 'b'])).toBe('a,b');
});

describe('the command', () => {
  test.each([
    [plain, ['upgrade', 'head'], 'alembic', ['upgrade', 'head']],
    [
      { command: 'python -m alembic', config: 'db/alembic.ini' },
      ['current'],
      'python',
      ['-m', 'alembic', '-c', 'db/alembic.ini', 'current'],
    ],
    [
      { ...plain, directory: '/app' },
      ['heads'],
      'sh',
      ['-c', 'cd -- "$1" && shift && exec "$@"', 'sh', '/app', 'alembic', 'heads'],
    ],
  ])('%j %j', (how, words, file, args) => {
    expect(alembic(how, ...words)).toEqual({ file, args });
  });

  test('a secret is a variable of the child, and none of its words', () => {
    const command = withSecrets(alembic(plain, 'current'), contextFor({ secrets: { DATABASE_URL: 'postgresql://x' } }));
    expect(command.args).toEqual(['current']);
    expect(command.env?.['DATABASE_URL']).toBeInstanceOf(Secret);
  });
});

test.each([
  [
    'alembic-revision-unknown',
    { code: 255, stdout: "FAILED: Can't locate revision identified by 'zzz999'\n" },
    'zzz999',
  ],
  [
    'alembic-revision-unknown',
    {
      code: 1,
      stdout: "  FAILED: Can't locate revision identified by 'zzz999'\n",
      stderr: 'Error: ssh shell: Process exited with status 255\n',
    },
    'zzz999',
  ],
  [
    'alembic-multiple-heads',
    { code: 255, stdout: "FAILED: Multiple head revisions are present for given argument 'head'; please\n" },
    'several heads',
  ],
  [
    'alembic-failed',
    { code: 255, stdout: "FAILED: Relative revision -1 didn't produce 1 migrations\n" },
    'Relative revision',
  ],
  ['alembic-missing', { code: 127, stderr: 'sh: 1: exec: alembic: not found\n' }, 'no alembic'],
  ['alembic-missing', { code: 1, stderr: '/usr/bin/python: No module named alembic\n' }, 'no alembic'],
  [
    'alembic-database-url',
    {
      code: 1,
      stderr: "Traceback (most recent call last):\nTypeError: connect() got an unexpected keyword argument 'sslmode'\n",
    },
    'sslmode',
  ],
  [
    'alembic-database-url',
    { code: 1, stderr: "sqlalchemy.exc.NoSuchModuleError: Can't load plugin: sqlalchemy.dialects:postgres\n" },
    'postgres',
  ],
  [
    'alembic-database-unreachable',
    { code: 1, stderr: 'Traceback\nsqlalchemy.exc.OperationalError: (psycopg2.OperationalError) connection refused\n' },
    'cannot be reached',
  ],
  [
    'alembic-failed',
    {
      code: 1,
      stderr:
        'Traceback\nsqlalchemy.exc.ProgrammingError: (psycopg2.errors.UndefinedTable) relation "x" does not exist\n\n[SQL: alter]\n',
    },
    'UndefinedTable',
  ],
  [
    'fly-asleep',
    {
      code: 1,
      stderr:
        'Error: app booking-stg has no started VMs.\nIt may be unhealthy or not have been deployed yet.\nTry the following command to verify:\n\nfly status\n',
    },
    'No machine of booking-stg is started',
  ],
  ['alembic-interrupted', { code: null, timedOut: true }, 'timed out'],
])('%s', (code, exit, said) => {
  const problem = alembicRefusal('alembic upgrade head', { ...ENDED, ...exit }, new AbortController().signal);
  expect(problem.code).toBe(code);
  expect(problem.what).toContain(said);
});
