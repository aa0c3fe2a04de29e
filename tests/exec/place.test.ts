import { execFileSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import type { Command } from '../../src/exec/command.ts';
import { atPlace } from '../../src/exec/place.ts';
import { shellLine, shellQuote } from '../../src/exec/quote.ts';
import { Secret } from '../../src/secrets/secret.ts';

const ls: Command = { file: 'ls', args: ['-l', "it's $HOME"], env: { LANG: 'C', WHO: 'a b' } };
const password = new Secret('PGPASSWORD', Buffer.from('hunter2hunter2'));

describe('the same command elsewhere', () => {
  test('local: as it is', () => {
    expect(atPlace({ kind: 'local' }, ls)).toBe(ls);
  });

  test('ssh: one quoted line, its variables exported before it', () => {
    expect(atPlace({ kind: 'ssh', host: 'ops@vps.example.com' }, { ...ls, stdin: 'in', timeoutMs: 9 })).toEqual({
      file: 'ssh',
      args: [
        ...['-T', '-o', 'BatchMode=yes', 'ops@vps.example.com', '--'],
        `export LANG=C; export WHO='a b'; exec ls -l 'it'\\''s $HOME'`,
      ],
      stdin: 'in',
      timeoutMs: 9,
    });
  });

  test('fly: in a shell, since -C has none', () => {
    expect(atPlace({ kind: 'fly', app: 'booking-stg' }, { file: 'alembic', args: ['upgrade', 'head'] })).toEqual({
      file: 'flyctl',
      args: ['ssh', 'console', '-a', 'booking-stg', '-C', `sh -lc 'exec alembic upgrade head'`],
    });
    const { args } = atPlace({ kind: 'fly', app: 'booking-stg' }, ls);
    expect(args.at(-1)).toBe(
      `sh -lc 'export LANG=C; export WHO='\\''a b'\\''; exec ls -l '\\''it'\\''\\'\\'''\\''s $HOME'\\'''`,
    );
  });

  test('compose: variables by name, so that a secret stays off the command line', () => {
    const command = atPlace(
      { kind: 'compose', service: 'db' },
      { file: 'psql', args: ['-c', 'select 1'], env: { PGPASSWORD: password } },
    );
    expect(command.file).toBe('docker');
    expect(command.args).toEqual(['compose', 'exec', '-T', '-e', 'PGPASSWORD', 'db', 'psql', '-c', 'select 1']);
    expect(command.env).toEqual({ PGPASSWORD: password });
  });

  test.each([
    [{}, 'docker', ['compose', 'exec', '-T', 'api', 'alembic', 'heads']],
    [
      { compose_file: 'deploy/prod.yml', compose_env_file: '.env', compose_project: 'salon', other: 'x' },
      'docker',
      [
        ...['compose', '-p', 'salon', '-f', 'deploy/prod.yml', '--env-file', '.env'],
        ...['exec', '-T', 'api', 'alembic', 'heads'],
      ],
    ],
    [
      { compose_cli: 'docker-compose', compose_file: 'prod.yml' },
      'docker-compose',
      ['-f', 'prod.yml', 'exec', '-T', 'api', 'alembic', 'heads'],
    ],
  ] as const)('compose: the project is that of the values %j', (values, file, args) => {
    const command = atPlace({ kind: 'compose', service: 'api' }, { file: 'alembic', args: ['heads'] }, values);
    expect(command).toEqual({ file, args });
  });

  test.each([{ kind: 'ssh', host: 'vps' } as const, { kind: 'fly', app: 'stg' } as const])(
    'a secret variable is refused over $kind, and goes by standard input',
    (place) => {
      expect(() => atPlace(place, { file: 'psql', args: [], env: { PGPASSWORD: password } })).toThrow(
        expect.objectContaining({ code: 'secret-over-ssh' }),
      );
      expect(atPlace(place, { file: 'psql', args: [], stdin: password }).stdin).toBe(password);
    },
  );

  test.each([
    { kind: 'ssh', host: '-oProxyCommand=evil' } as const,
    { kind: 'fly', app: '--help' } as const,
    { kind: 'compose', service: '-u0' } as const,
  ])('a name that is an option is refused: $kind', (place) => {
    expect(() => atPlace(place, ls)).toThrow(expect.objectContaining({ code: 'bad-place' }));
  });

  test('a variable that a shell cannot have is refused', () => {
    const command = { file: 'ls', args: [], env: { 'A; rm -rf /': 'x' } };
    expect(() => atPlace({ kind: 'ssh', host: 'vps' }, command)).toThrow(
      expect.objectContaining({ code: 'bad-place' }),
    );
  });

  test('the line for the other host means the same to its shell', () => {
    const command = { file: 'printf', args: ['%s|', "it's $HOME", '`id`', '"\\', ''], env: { WHO: "a'b $(id)" } };
    const remote = atPlace({ kind: 'ssh', host: 'vps' }, command).args.at(-1) ?? '';
    expect(execFileSync('sh', ['-c', remote], { encoding: 'utf8' })).toBe(`it's $HOME|\`id\`|"\\||`);
    const inside = atPlace({ kind: 'fly', app: 'stg' }, { ...command, file: 'sh', args: ['-c', 'printf %s "$WHO"'] });
    expect(execFileSync('sh', ['-c', inside.args.at(-1) ?? ''], { encoding: 'utf8' })).toBe("a'b $(id)");
  });
});

describe('quoting', () => {
  test.each(['', 'plain', 'a b', "it's", '$HOME', '`id`', '"', '\\', '*', '~', 'é\n2', '-n', '!x'])(
    '%j means itself to sh',
    (text) => {
      expect(execFileSync('sh', ['-c', `printf %s ${shellQuote(text)}`], { encoding: 'utf8' })).toBe(text);
    },
  );

  test('what needs no quotes has none', () => {
    expect(shellLine(['alembic', 'upgrade', 'head', '--sql', 'a=b'])).toBe('alembic upgrade head --sql a=b');
  });
});
