import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { patternsOf } from '../../src/secrets/patterns.ts';
import { createRedactor } from '../../src/secrets/redactor.ts';
import { Secret } from '../../src/secrets/secret.ts';
import { cases, expectSame, inChunks, knowing } from './redactor-cases.ts';

const NASTY = 'p#s"s\'w\\o$r&d/<é>%41+ =?';
const URL_SECRET = 'postgresql+asyncpg://app:S3cr3t%2FPw%40rd@db.example.com:5432/booking?ssl=require';
const PEM = '-----BEGIN KEY-----\nMC4CAQAwBQYDK2VwBCIEIJ5m\nq1YzW8sT0uVwXyZ0123456789\n-----END KEY-----\n';

describe('what is masked', () => {
  const redactor = knowing({ PASSWORD: NASTY, DATABASE_URL: URL_SECRET, KEY: PEM, PIN: 'k3y-7' });
  const base64 = (text: string) => Buffer.from(text).toString('base64');
  const encoded = encodeURIComponent(NASTY);

  test.each([
    ['as it is', `psql: ${NASTY} was refused`, 'psql: [PASSWORD] was refused'],
    ['JSON', `{"p":${JSON.stringify(NASTY)}}`, '{"p":"[PASSWORD]"}'],
    ['JSON of Python', `"p#s\\"s'w\\\\o$r&d/<\\u00e9>%41+ =?"`, '"[PASSWORD]"'],
    ['JSON of Go', `"p#s\\"s'w\\\\o$r\\u0026d/\\u003cé\\u003e%41+ =?"`, '"[PASSWORD]"'],
    ['JSON of PHP', `"p#s\\"s'w\\\\o$r&d\\/<\\u00e9>%41+ =?"`, '"[PASSWORD]"'],
    ['JSON in JSON', JSON.stringify(JSON.stringify({ p: NASTY })), '"{\\"p\\":\\"[PASSWORD]\\"}"'],
    ['percent-encoded', `?p=${encoded}&x=1`, '?p=[PASSWORD]&x=1'],
    ['percent-encoded twice', `?p=${encodeURIComponent(encoded)}`, '?p=[PASSWORD]'],
    ['a form', `p=${new URLSearchParams([['', NASTY]]).toString().slice(1)}&x`, 'p=[PASSWORD]&x'],
    ['lower-case escapes', encoded.replace(/%../g, (code) => code.toLowerCase()), '[PASSWORD]'],
    ['XML', `<p>p#s"s'w\\o$r&amp;d/&lt;é&gt;%41+ =?</p>`, '<p>[PASSWORD]</p>'],
    ['shell, single quotes', `'${NASTY.replaceAll("'", "'\\''")}'`, "'[PASSWORD]'"],
    ['shell, double quotes', `"${NASTY.replace(/["$\\]/g, '\\$&')}"`, '"[PASSWORD]"'],
    ['SQL', `'${NASTY.replaceAll("'", "''")}'`, "'[PASSWORD]'"],
    ['Compose', NASTY.replaceAll('$', '$$$$'), '[PASSWORD]'],
    ['git’s octal escapes', `p#s\\"s'w\\\\o$r&d/<\\303\\251>%41+ =?`, '[PASSWORD]'],
    ['hexadecimal', Buffer.from(NASTY).toString('hex'), '[PASSWORD]'],
    ['hexadecimal, upper case', Buffer.from(NASTY).toString('hex').toUpperCase(), '[PASSWORD]'],
    ['colon-separated', 'S3cr3t/Pw@rd'.replace(/./g, (c) => `:${c.charCodeAt(0).toString(16)}`), ':[DATABASE_URL]'],
    ['the URL with another scheme', `postgres${URL_SECRET.slice(18)} is down`, 'postgres://[DATABASE_URL] is down'],
    ['the URL’s password', 'password "S3cr3t%2FPw%40rd"', 'password "[DATABASE_URL]"'],
    ['the URL’s password, decoded', 'password S3cr3t/Pw@rd.', 'password [DATABASE_URL].'],
    [
      'a fragment that psql prints',
      'invalid integer value "S3cr3t" for "port"',
      'invalid integer value "[DATABASE_URL]" for "port"',
    ],
    ['one line of a key', 'got q1YzW8sT0uVwXyZ0123456789', 'got [KEY]'],
    ['a short secret as a word', 'pin=k3y-7;', 'pin=[PIN];'],
    ['over a line break', `${NASTY.slice(0, 9)}\r\n${NASTY.slice(9)}!`, '[PASSWORD]!'],
    ['with colours inside', `${NASTY.slice(0, 5)}\x1b[1;31m${NASTY.slice(5)}\x1b[0m`, '[PASSWORD]\x1b[0m'],
    ['in a title', `\x1b]0;${NASTY}\x07x`, '\x1b]0;[PASSWORD]\x07x'],
    ['after a colour', '\x1b[32mk3y-7\x1b[0m', '\x1b[32m[PIN]\x1b[0m'],
  ])('%s', (_, text, shown) => {
    expect(redactor.text(text)).toBe(shown);
  });

  test.each(['', 'a', 'ab', 'abc', 'abcd'])('base64 after the prefix %j, wrapped or not', (prefix) => {
    const once = base64(`${prefix}${NASTY}tail`);
    for (const text of [
      once,
      once.replace(/.{10}/g, '$&\n'),
      base64(once),
      once.replace(/\+/g, '-').replace(/\//g, '_'),
    ]) {
      const shown = redactor.text(text);
      expect(shown).toContain('[PASSWORD]');
      // Only the characters that the neighbours share may be left.
      expect(shown.replace('[PASSWORD]', '').length).toBeLessThan(prefix.length * 2 + 20);
    }
  });

  test.each([
    ['the host, the user and the database', 'connecting to db.example.com:5432/booking as app'],
    ['an armour line', '-----BEGIN KEY-----'],
    ['a short secret inside a word', 'xk3y-7'],
  ])('%s is not', (_, text) => {
    expect(redactor.text(text)).toBe(text);
  });

  test('overlapping secrets leave nothing between them', () => {
    const two = knowing({ FIRST: 'abcdefghij', SECOND: 'hijklmnopq' });
    expect(two.text('-abcdefghijklmnopq-')).toBe('-[FIRST]-');
  });

  test('the longer of two that begin alike gives its name', () => {
    const two = knowing({ SHORT: 'abcdefghij', LONG: 'abcdefghijkl' });
    expect(inChunks(two, ['abcdefghij', 'kl abcdefghijk'])).toBe('[LONG] [SHORT]k');
  });

  test('data: strings, keys and numbers', () => {
    const digits = knowing({ PIN: '12345678', WORD: 'hunter2hunter2' });
    expect(digits.value({ a: [12345678, 7, true, null], hunter2hunter2: { b: 'hunter2hunter2!' } })).toEqual({
      a: ['[PIN]', 7, true, null],
      '[WORD]': { b: '[WORD]!' },
    });
  });

  test('how well a secret can be masked', () => {
    const strength = (value: string) => createRedactor().register(new Secret('X', Buffer.from(value)));
    expect(strength('abc')).toEqual({ maskable: false, weak: true });
    expect(strength('abcdefg')).toEqual({ maskable: true, weak: true });
    expect(strength('abcdefgh')).toEqual({ maskable: true, weak: false });
  });
});

describe('a stream', () => {
  const secrets = { PASSWORD: NASTY, DATABASE_URL: URL_SECRET, KEY: PEM, PIN: 'k3y-7' };
  const redactor = knowing(secrets);
  const patterns = Object.entries(secrets).flatMap(([name, value]) => patternsOf(name, Buffer.from(value)));

  test('gives the same wherever any form of any secret is cut in two', () => {
    let cuts = 0;
    for (const { text } of patterns) {
      const whole = `<${text}>`;
      const shown = redactor.text(whole);
      expect(shown).not.toContain(text);
      for (let cut = 1; cut < whole.length; cut += 1) {
        cuts += 1;
        if (inChunks(redactor, [whole.slice(0, cut), whole.slice(cut)]) !== shown) {
          expect.fail(`a form of ${text.length} characters differs when cut at ${cut}`);
        }
      }
    }
    expect(cuts).toBeGreaterThan(10_000);
  });

  test('gives the same one character at a time', () => {
    for (const { text } of patterns) expect(inChunks(redactor, text.split(''))).toBe(redactor.text(text));
  });

  test('holds back nothing that cannot begin a secret', () => {
    const stream = knowing({ PASSWORD: 'hunter2hunter2' }).stream();
    expect(stream.push('Deploying v42\n')).toBe('Deploying v42\n');
    expect(stream.push('done: hunt')).toBe('done: ');
    expect(stream.push('ing!\n')).toBe('hunting!\n');
  });

  test('lets a finished line go in a pause, and masks the rest of a secret all the same', () => {
    const stream = knowing({ PASSWORD: 'hunter2hunter2' }).stream();
    expect(stream.push('the path\n')).toBe('the pat');
    expect(stream.settle()).toBe('h\n');
    expect(stream.push('unter2hunter2!')).toBe('[PASSWORD]!');
    expect(stream.push('hunt\n')).toBe('');
    expect(stream.settle()).toBe('');
    expect(stream.push('er2hunter2')).toBe('[PASSWORD]');
  });

  test('knows what stands before a word when all of that was given out already', () => {
    const two = knowing({ PIN: 'aaba', OTHER: 'ababa' });
    expect(inChunks(two, ['aabaaaba\x1b[1mb'])).toBe('aabaaaba\x1b[1mb');
  });

  test('masks what is registered while it flows', () => {
    const late = createRedactor();
    const stream = late.stream();
    expect(stream.push('one ')).toBe('one ');
    late.register(new Secret('LATE', Buffer.from('hunter2hunter2')));
    expect(stream.push('hunter2hunter2, two!')).toBe('[LATE], two!');
  });

  test('does not grow while a secret repeats itself for ever', () => {
    const stream = knowing({ A: 'aaaaaaaaaaaa' }).stream();
    let shown = '';
    for (let round = 0; round < 200; round += 1) shown += stream.push('a'.repeat(10_000));
    expect(shown + stream.flush()).toBe('[A]');
  });
});

test('the same as the slow one, cut anyhow', () => {
  fc.assert(fc.property(cases, expectSame), { numRuns: 120 });
});
