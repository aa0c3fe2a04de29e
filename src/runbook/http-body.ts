import type { ProblemCode } from '../problem-codes.ts';
import { didYouMean } from './nearest.ts';

export const HTTP_METHODS = ['GET', 'HEAD', 'OPTIONS', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;
export type HttpMethod = (typeof HTTP_METHODS)[number];

/** Methods that change nothing (RFC 9110 §9.2.1); any other makes its step a `write`. */
export const SAFE_METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);

export const HTTP_OPERATORS = ['==', '!=', '<=', '>=', '<', '>', 'contains', 'matches', 'exists'] as const;
export type HttpOperator = (typeof HTTP_OPERATORS)[number];

const SUBJECTS = ['status', 'body', 'header', 'duration'] as const;

/** What an assertion looks at. `path` are the keys and indexes from the root of the JSON body; the whole text when absent. */
export type HttpSubject =
  | { kind: 'status' }
  | { kind: 'body'; path?: readonly string[] }
  | { kind: 'header'; name: string }
  /** Milliseconds from the request to the last byte of the answer. */
  | { kind: 'duration' };

export interface HttpAssertion {
  subject: HttpSubject;
  operator: HttpOperator;
  /** What is compared with; absent for `exists` only. */
  expected?: string;
  /** As written, without `??`, for the table. */
  text: string;
  /** Line in the fence's body, 1-based. */
  line: number;
}

/** A fence of the language `http`: one request, and what its answer must be. */
export interface HttpRequest {
  method: HttpMethod;
  url: string;
  headers: readonly { name: string; value: string }[];
  body?: string;
  assertions: readonly HttpAssertion[];
}

/** Something wrong in an http body; line and column are 1-based and count inside the body. */
export interface HttpBodyIssue {
  code: ProblemCode;
  what: string;
  line: number;
  column: number;
  next: readonly string[];
}

/**
 * Reads a request and its `??` assertions, before or after values are put in (docs/runbook-format.md, "http").
 *
 * Returns the request, or every issue found when there is one.
 */
export function parseHttp(
  text: string,
): { request: HttpRequest; issues?: undefined } | { request?: undefined; issues: readonly HttpBodyIssue[] } {
  const lines = text.split('\n');
  const issues: HttpBodyIssue[] = [];
  const isRemark = (line: string) => line.trim() === '' || /^\s*#/.test(line);

  let at = 0;
  while (at < lines.length && isRemark(lines[at] ?? '')) at += 1;
  const requestLine = lines[at];
  if (requestLine === undefined || isAssertion(requestLine)) {
    const next = ['begin with the request line: `GET https://…`'];
    issues.push({
      code: 'http-request',
      what: 'There is no request.',
      line: Math.min(at + 1, lines.length),
      column: 1,
      next,
    });
    return { issues };
  }
  const { method, url } = readRequestLine(requestLine, at + 1, issues);

  const headers: { name: string; value: string }[] = [];
  for (at += 1; at < lines.length; at += 1) {
    const line = lines[at] ?? '';
    if (line.trim() === '' || isAssertion(line)) break;
    if (/^\s*#/.test(line)) continue;
    const header = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*(.*?)[ \t]*$/.exec(line);
    if (header?.[1] !== undefined) headers.push({ name: header[1], value: header[2] ?? '' });
    else {
      const next = ['a header is `Name: value`', 'put an empty line between the headers and the body'];
      issues.push({ code: 'http-header', what: 'This is not a header.', line: at + 1, column: 1, next });
    }
  }

  const bodyStart = at;
  while (at < lines.length && !isAssertion(lines[at] ?? '')) at += 1;
  const body = lines
    .slice(bodyStart, at)
    .join('\n')
    .replace(/^\s*\n/, '')
    .trimEnd();

  const assertions: HttpAssertion[] = [];
  for (; at < lines.length; at += 1) {
    const line = lines[at] ?? '';
    if (isRemark(line)) continue;
    if (!isAssertion(line)) {
      const next = ['start the line with `??`, or move it above the first assertion'];
      issues.push({
        code: 'http-assertion',
        what: 'Only assertions follow an assertion.',
        line: at + 1,
        column: 1,
        next,
      });
      continue;
    }
    const assertion = readAssertion(line, at + 1, issues);
    if (assertion) assertions.push(assertion);
  }

  if (body !== '' && method !== undefined && SAFE_METHODS.has(method)) {
    const next = ['remove the body, or use POST, PUT, PATCH or DELETE'];
    issues.push({ code: 'http-body', what: `A ${method} has no body.`, line: bodyStart + 2, column: 1, next });
  }
  if (issues.length > 0 || method === undefined || url === undefined) return { issues };
  return { request: { method, url, headers, ...(body === '' ? {} : { body }), assertions } };
}

function isAssertion(line: string): boolean {
  return /^\s*\?\?/.test(line);
}

function readRequestLine(
  line: string,
  number: number,
  issues: HttpBodyIssue[],
): { method: HttpMethod | undefined; url: string | undefined } {
  const words = [...line.matchAll(/\S+/g)];
  const [first, second, third] = words;
  const method = HTTP_METHODS.find((known) => known === first?.[0]);
  if (method === undefined) {
    const next = didYouMean(first?.[0] ?? '', HTTP_METHODS);
    const what = `\`${first?.[0] ?? ''}\` is not a method.`;
    issues.push({ code: 'http-method', what, line: number, column: (first?.index ?? 0) + 1, next });
  }
  if (second === undefined) {
    const next = ['write the method and the URL on one line: `GET https://…`'];
    issues.push({ code: 'http-url', what: 'The URL is missing.', line: number, column: line.length + 1, next });
  } else if (!isUrl(second[0])) {
    const next = ['a URL begins with https://, http:// or a value such as $base_url'];
    const what = `\`${second[0]}\` is not an http URL.`;
    issues.push({ code: 'http-url', what, line: number, column: second.index + 1, next });
  }
  if (third !== undefined) {
    const next = ['encode spaces in a URL as %20', 'put headers on the lines below'];
    const what = `\`${third[0]}\` is not expected after the URL.`;
    issues.push({ code: 'http-url', what, line: number, column: third.index + 1, next });
  }
  return { method, url: second?.[0] };
}

/** A URL, or what may become one once its variables have values. */
function isUrl(text: string): boolean {
  if (/^\$(\{[A-Za-z_]\w*\}|[A-Za-z_]\w*)/.test(text)) return true;
  if (!/^https?:\/\/./.test(text)) return false;
  if (text.includes('$')) return true;
  return URL.canParse(text);
}

const SUBJECT_NEXT = [
  '?? status == 200',
  '?? body contains ok',
  '?? body checks.database == ok',
  '?? header content-type contains json',
  '?? duration < 3000',
];

function readAssertion(line: string, number: number, issues: HttpBodyIssue[]): HttpAssertion | undefined {
  const start = line.indexOf('??') + 2;
  const text = line.slice(start).trim();
  const words = [...line.slice(start).matchAll(/\S+/g)].map((match) => ({ text: match[0], at: start + match.index }));
  const fail = (code: ProblemCode, what: string, column: number, next: readonly string[]) => {
    issues.push({ code, what, line: number, column: column + 1, next });
    return undefined;
  };

  const [first, second] = words;
  if (first === undefined) return fail('http-assertion', 'The assertion is empty.', start, SUBJECT_NEXT);
  if (!SUBJECTS.some((kind) => kind === first.text)) {
    const next = didYouMean(first.text, SUBJECTS);
    return fail('http-subject', `\`${first.text}\` cannot be asserted.`, first.at, next);
  }

  const named = first.text === 'header' || (first.text === 'body' && second !== undefined && !isOperator(second.text));
  const operatorWord = words[named ? 2 : 1];
  const end = line.trimEnd().length;
  if (named && second === undefined) {
    return fail('http-subject', 'Which header?', end, ['?? header content-type contains json']);
  }
  if (operatorWord === undefined) {
    return fail('http-operator', 'What must it be?', end, [`one of: ${HTTP_OPERATORS.join(' ')}`]);
  }
  const operator = HTTP_OPERATORS.find((known) => known === operatorWord.text);
  if (operator === undefined) {
    const next = operatorWord.text === '=' ? ['did you mean `==`?'] : didYouMean(operatorWord.text, HTTP_OPERATORS);
    return fail('http-operator', `\`${operatorWord.text}\` is not an operator.`, operatorWord.at, next);
  }

  const rest = line.slice(operatorWord.at + operatorWord.text.length);
  const valueAt = operatorWord.at + operatorWord.text.length + (rest.length - rest.trimStart().length);
  const expected = unquote(rest.trim());
  if (operator === 'exists') {
    if (expected !== '')
      return fail('http-value', '`exists` takes no value.', valueAt, ['end the line after `exists`']);
  } else if (rest.trim() === '') {
    return fail('http-value', `\`${operator}\` needs a value.`, end, ['write "" for an empty text']);
  }

  const issue = valueIssue(first.text, operator, expected);
  if (issue !== undefined) return fail('http-value', issue.what, valueAt, issue.next);
  return {
    subject: subjectOf(first.text, named ? second?.text : undefined),
    operator,
    ...(operator === 'exists' ? {} : { expected }),
    text,
    line: number,
  };
}

function isOperator(word: string): boolean {
  return HTTP_OPERATORS.some((known) => known === word) || /^[=!<>]/.test(word);
}

function subjectOf(kind: string, name: string | undefined): HttpSubject {
  if (kind === 'status' || kind === 'duration') return { kind };
  if (kind === 'header') return { kind: 'header', name: (name ?? '').toLowerCase() };
  return name === undefined ? { kind: 'body' } : { kind: 'body', path: pathOf(name) };
}

/** `/a/b~1c` as RFC 6901 says, else `a.b.0`. */
function pathOf(text: string): string[] {
  if (!text.startsWith('/')) return text.split('.');
  return text
    .slice(1)
    .split('/')
    .map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'));
}

function unquote(text: string): string {
  return /^(["']).*\1$/.test(text) && text.length > 1 ? text.slice(1, -1) : text;
}

function valueIssue(kind: string, operator: HttpOperator, value: string): { what: string; next: string[] } | undefined {
  if (value.includes('$')) return undefined;
  if (operator === 'matches') {
    try {
      new RegExp(value, 'u');
      return undefined;
    } catch (error) {
      return {
        what: error instanceof Error ? error.message : 'Bad pattern',
        next: ['a JavaScript regular expression'],
      };
    }
  }
  const compares = operator !== 'exists' && operator !== 'contains';
  if (kind === 'status' && compares && !/^[1-5]\d\d$/.test(value)) {
    return { what: `\`${value}\` is not an HTTP status.`, next: ['a number from 100 to 599'] };
  }
  if (kind === 'duration' && compares && !/^\d+$/.test(value)) {
    return { what: `\`${value}\` is not a duration.`, next: ['whole milliseconds: `?? duration < 3000`'] };
  }
  if ((operator.startsWith('<') || operator.startsWith('>')) && !/^-?\d+(\.\d+)?$/.test(value)) {
    return { what: `\`${operator}\` compares numbers, and \`${value}\` is none.`, next: ['write a number', 'use =='] };
  }
  return undefined;
}
