import type { HttpAssertion } from '../../src/runbook/http-body.ts';

/** What came back for a request. */
export interface Answer {
  status: number;
  /** Names in lower case. */
  headers: Readonly<Record<string, string>>;
  body: string;
  /** Milliseconds from the request to the last byte. */
  ms: number;
}

/** An assertion and what was found. `actual` is bounded, for the table. */
export type Checked = { text: string; ok: boolean; actual: string };

const LONGEST_ACTUAL = 200;

/** Compares an answer with one `??` line. Pure. */
export function check(assertion: HttpAssertion, answer: Answer): Checked {
  const actual = actualOf(assertion, answer);
  return { text: assertion.text, ok: holds(assertion, actual), actual: inWords(actual) };
}

/** What the assertion looks at; undefined when the answer does not have it. */
function actualOf({ subject }: HttpAssertion, { status, headers, body, ms }: Answer): unknown {
  switch (subject.kind) {
    case 'status':
      return status;
    case 'duration':
      return Math.round(ms);
    case 'header':
      return headers[subject.name];
    case 'body':
      return subject.path === undefined ? body : at(body, subject.path);
  }
}

function at(body: string, path: readonly string[]): unknown {
  let here: unknown;
  try {
    here = JSON.parse(body);
  } catch {
    return undefined;
  }
  for (const key of path) {
    if (here === null || typeof here !== 'object' || !Object.hasOwn(here, key)) return undefined;
    here = (here as Readonly<Record<string, unknown>>)[key];
  }
  return here;
}

function holds({ operator, expected = '' }: HttpAssertion, actual: unknown): boolean {
  if (operator === 'exists') return actual !== undefined;
  if (operator === '!=') return !equals(actual, expected);
  if (actual === undefined) return false;
  switch (operator) {
    case '==':
      return equals(actual, expected);
    case 'contains':
      return Array.isArray(actual) ? actual.some((item) => equals(item, expected)) : asText(actual).includes(expected);
    case 'matches':
      return new RegExp(expected, 'u').test(asText(actual));
    case '<':
      return toNumber(actual) < Number(expected);
    case '<=':
      return toNumber(actual) <= Number(expected);
    case '>':
      return toNumber(actual) > Number(expected);
    case '>=':
      return toNumber(actual) >= Number(expected);
  }
}

/** Numbers are equal by value (`1.0` is 1), everything else by its text. A body's final newline does not count. */
function equals(actual: unknown, expected: string): boolean {
  if (typeof actual === 'number') return expected.trim() !== '' && actual === Number(expected);
  return actual !== undefined && asText(actual).trimEnd() === expected.trimEnd();
}

/** A text that is no number compares with nothing: `""` is not 0. */
function toNumber(actual: unknown): number {
  return typeof actual === 'number'
    ? actual
    : typeof actual === 'string' && actual.trim() !== ''
      ? Number(actual)
      : NaN;
}

function asText(actual: unknown): string {
  return typeof actual === 'string' ? actual : (JSON.stringify(actual) ?? '');
}

function inWords(actual: unknown): string {
  if (actual === undefined) return '(absent)';
  const text = asText(actual);
  return text.length > LONGEST_ACTUAL ? `${text.slice(0, LONGEST_ACTUAL)}…` : text;
}
