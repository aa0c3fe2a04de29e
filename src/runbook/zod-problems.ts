import type { z } from 'zod';
import type { ProblemDetail } from '../problem.ts';
import { nearest } from './nearest.ts';
import type { YamlPath } from './yaml-source.ts';

/** A finding of zod in words of the document: where (a path, or a key of the mapping at it) and what would be right. */
export interface SchemaProblem extends Omit<ProblemDetail, 'where'> {
  path: YamlPath;
  /** Set when the problem is the key itself. */
  key?: string;
}

/**
 * Turns zod's issues into problems.
 *
 * @param keysAt the keys that are allowed at a path, for "did you mean"; empty when not known
 */
export function schemaProblems(
  issues: readonly z.core.$ZodIssue[],
  keysAt: (path: YamlPath) => readonly string[] = () => [],
  under: YamlPath = [],
): SchemaProblem[] {
  return issues.flatMap((issue): SchemaProblem[] => {
    const path = [...under, ...issue.path];
    const name = path.length === 0 ? 'This' : `\`${path.map(String).join('.')}\``;
    switch (issue.code) {
      case 'unrecognized_keys':
        return issue.keys.map((key) => {
          const known = keysAt(path);
          const near = nearest(key, known);
          const next = [
            ...(near === undefined ? [] : [`did you mean \`${near}\`?`]),
            ...(known.length > 0 ? [`one of: ${known.join(', ')}`] : []),
          ];
          return { code: 'key-unknown', what: `There is no key \`${key}\` here.`, next, path, key };
        });
      case 'invalid_key': {
        const key = String(issue.path.at(-1));
        const pattern = issue.issues.flatMap((inner) => (inner.code === 'invalid_format' ? [inner.pattern] : []));
        const next = pattern.map((wanted) => nameRule(String(wanted)));
        return [
          { code: 'name-malformed', what: `\`${key}\` cannot be a name here.`, next, path: path.slice(0, -1), key },
        ];
      }
      case 'invalid_type': {
        if (issue.input === undefined && path.length > 0) {
          const key = String(path.at(-1));
          const what = `\`${key}\` is missing.`;
          return [{ code: 'key-missing', what, next: [`add \`${key}: …\``], path: path.slice(0, -1) }];
        }
        return [
          {
            code: 'value-type',
            what: `${name} must be ${typeName(issue.expected)}.`,
            next: typeNext(issue.expected),
            path,
          },
        ];
      }
      case 'invalid_value': {
        if (issue.input === undefined && path.length > 0) {
          const key = String(path.at(-1));
          const values = issue.values.map(String);
          const next =
            values.length === 1
              ? [`add \`${key}: ${values[0]}\``]
              : [`add \`${key}: …\`, one of: ${values.join(', ')}`];
          return [{ code: 'key-missing', what: `\`${key}\` is missing.`, next, path: path.slice(0, -1) }];
        }
        const values = issue.values.map(String);
        const near = nearest(String(issue.input ?? ''), values);
        const next = near === undefined ? [] : [`did you mean \`${near}\`?`];
        next.push(values.length === 1 ? `write ${values[0]}` : `one of: ${values.join(', ')}`);
        return [{ code: 'value-not-allowed', what: `${name} cannot be \`${String(issue.input)}\`.`, next, path }];
      }
      case 'invalid_union': {
        if (issue.input === undefined && path.length > 0) {
          const key = String(path.at(-1));
          return [
            {
              code: 'key-missing',
              what: `\`${key}\` is missing.`,
              next: [`add \`${key}: …\``],
              path: path.slice(0, -1),
            },
          ];
        }
        // The branch that fits best is the one whose first complaint lies deepest.
        const depth = (branch: readonly z.core.$ZodIssue[]) => Math.max(...branch.map((each) => each.path.length), 0);
        const own = issue.errors.filter(
          (branch) => !branch.some((each) => each.code === 'invalid_type' && each.path.length === 0),
        );
        const best = own.toSorted((a, b) => depth(b) - depth(a))[0];
        if (best !== undefined && best.length > 0) return schemaProblems(best, keysAt, path);
        const kinds = issue.errors
          .flat()
          .flatMap((each) => (each.code === 'invalid_type' ? [typeName(each.expected)] : []));
        return [{ code: 'value-type', what: `${name} must be ${[...new Set(kinds)].join(' or ')}.`, next: [], path }];
      }
      case 'invalid_format':
        return [
          {
            code: 'value-format',
            what: `${name} does not have the right form.`,
            next: [ownWords(issue.message) ?? ('pattern' in issue ? nameRule(String(issue.pattern)) : issue.message)],
            path,
          },
        ];
      case 'too_small':
        return [
          {
            code: 'value-range',
            what: `${name} is ${issue.origin === 'string' || issue.origin === 'array' ? 'empty or too short' : 'too small'}.`,
            next: [`at least ${String(issue.minimum)}`],
            path,
          },
        ];
      case 'too_big':
        return [
          { code: 'value-range', what: `${name} is too large.`, next: [`at most ${String(issue.maximum)}`], path },
        ];
      default:
        return [{ code: 'value-invalid', what: `${name} is not right.`, next: [issue.message], path }];
    }
  });
}

/** What a schema says itself; zod's own sentences begin with "Invalid". */
function ownWords(message: string): string | undefined {
  return message.startsWith('Invalid') ? undefined : message;
}

const TYPE_NAMES: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a mapping',
  record: 'a mapping',
};

function typeName(expected: string): string {
  return TYPE_NAMES[expected] ?? expected;
}

function typeNext(expected: string): string[] {
  if (expected === 'object' || expected === 'record') return ['write `key: value` under it'];
  if (expected === 'array') return ['write a list: [one, two]'];
  return [`write ${typeName(expected)}`];
}

/** The forms of names in words; any other pattern is shown as it is. */
function nameRule(pattern: string): string {
  if (pattern.includes('^[A-Z]')) return 'upper-case letters, digits and _, as in DATABASE_URL';
  if (pattern === '/^[a-z][a-z0-9_]*$/') return 'lower-case letters, digits and _, as in base_url';
  if (pattern === '/^[a-z0-9][a-z0-9_-]*$/') return 'lower-case letters, digits, - and _';
  return `it must match ${pattern}`;
}
