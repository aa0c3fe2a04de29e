import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseHttp } from '../../src/runbook/http-body.ts';

describe('a request', () => {
  test('has a method, a URL, headers, a body and what its answer must be', () => {
    const { request } = parseHttp(
      [
        '# Two guests, one room',
        'POST https://example.com/reservations',
        'Content-Type: application/json',
        'X-Empty:',
        '',
        '{',
        '',
        '  "night": "$night"',
        '}',
        '',
        '?? status == 201',
        '# the id is the proof',
        '?? body id exists',
      ].join('\n'),
    );
    expect(request).toEqual({
      method: 'POST',
      url: 'https://example.com/reservations',
      headers: [
        { name: 'Content-Type', value: 'application/json' },
        { name: 'X-Empty', value: '' },
      ],
      body: '{\n\n  "night": "$night"\n}',
      assertions: [
        { subject: { kind: 'status' }, operator: '==', expected: '201', text: 'status == 201', line: 11 },
        { subject: { kind: 'body', path: ['id'] }, operator: 'exists', text: 'body id exists', line: 13 },
      ],
    });
  });

  test.each([
    ['status >= 200', { subject: { kind: 'status' }, operator: '>=', expected: '200' }],
    ['body == ok', { subject: { kind: 'body' }, operator: '==', expected: 'ok' }],
    ['body contains "# HELP"', { subject: { kind: 'body' }, operator: 'contains', expected: '# HELP' }],
    ['body checks.0.name == a b', { subject: { kind: 'body', path: ['checks', '0', 'name'] }, expected: 'a b' }],
    ['body /a~1b/c~0 exists', { subject: { kind: 'body', path: ['a/b', 'c~'] }, operator: 'exists' }],
    ['body status == ""', { subject: { kind: 'body', path: ['status'] }, expected: '' }],
    ['header Content-Type matches ^application/', { subject: { kind: 'header', name: 'content-type' } }],
    ['duration < 3000', { subject: { kind: 'duration' }, operator: '<', expected: '3000' }],
    ['status == $wanted', { expected: '$wanted' }],
  ])('?? %s', (text, expected) => {
    expect(parseHttp(`GET $base_url\n\n?? ${text}`).request?.assertions).toEqual([
      expect.objectContaining({ ...expected, text }),
    ]);
  });
});

describe('what is not a request', () => {
  test.each<[text: string, ...issues: string[]]>([
    ['', '1:1 http-request'],
    ['?? status == 200', '1:1 http-request'],
    ['get https://example.com', '1:1 http-method'],
    ['GET', '1:4 http-url'],
    ['GET example.com', '1:5 http-url'],
    ['GET https://example.com/a b', '1:27 http-url'],
    ['GET https://example.com\nno header', '2:1 http-header'],
    ['GET https://example.com\n\n{}', '3:1 http-body'],
    ['GET $u\n\n?? status == 200\n{}', '4:1 http-assertion'],
    ['GET $u\n??', '2:3 http-assertion'],
    ['GET $u\n?? time < 3', '2:4 http-subject'],
    ['GET $u\n?? status', '2:10 http-operator'],
    ['GET $u\n?? status is 200', '2:11 http-operator'],
    ['GET $u\n?? status ==', '2:13 http-value'],
    ['GET $u\n?? status == 2000', '2:14 http-value'],
    ['GET $u\n?? body exists yes', '2:16 http-value'],
    ['GET $u\n?? body n < many', '2:13 http-value'],
    ['GET $u\n?? body matches (', '2:17 http-value'],
  ])('%j', (text, ...expected) => {
    const found = parseHttp(text).issues?.map(({ line, column, code }) => `${line}:${column} ${code}`);
    expect(found).toEqual(expected);
  });

  test('any text is a request, or has an issue that lies inside it', () => {
    const line = fc.oneof(
      fc.constantFrom(
        'GET $u',
        'POST https://example.com',
        'A: b',
        '',
        '{}',
        '?? status == 200',
        '?? body a.b exists',
        '# x',
      ),
      fc.string(),
    );
    fc.assert(
      fc.property(fc.array(line, { maxLength: 8 }), (lines) => {
        const text = lines.join('\n');
        const { request, issues } = parseHttp(text);
        expect(request === undefined).toBe(issues !== undefined && issues.length > 0);
        for (const issue of issues ?? []) expect(text.split('\n').length).toBeGreaterThanOrEqual(issue.line);
      }),
    );
  });
});
