import * as z from 'zod';
import { count, flag, secretName } from '../input.ts';
import { serviceName } from './service.ts';

/** What a variable must be like. */
export const envRule = z.strictObject({
  /** It must be there; true unless `optional` says what its absence means. */
  optional: z.string().min(1).optional(),
  /** Only where another variable has this value: `{ HOROLOGEN_PLAN: limited }`. */
  when: z.record(secretName, z.string()).optional(),
  /** Schemes that its URL may have, without `:`. */
  scheme: z.array(z.string().min(1)).min(1).optional(),
  allowed: z.array(z.string()).min(1).optional(),
  /** A JavaScript regular expression for the whole value. */
  pattern: z.string().optional(),
  min_length: count.optional(),
  /** A service whose value must be another. */
  differs_from: serviceName.optional(),
  /** It must not be there at all: a name that was used before. */
  absent: flag.default(false),
});
export type EnvRule = z.infer<typeof envRule>;
type Variables = ReadonlyMap<string, string>;

/** What was found of one variable. It never tells a value, nor how long it is. */
export interface EnvFinding {
  name: string;
  state: 'good' | 'absent' | 'wrong' | 'missing';
  /** In words: what is wrong, or what its absence means. */
  says: string;
}

/**
 * Holds a service's variables against the rules. Pure.
 *
 * @param others the variables of the services that `differs_from` names; compared here and kept nowhere
 */
export function judgeVariables(
  rules: Readonly<Record<string, EnvRule>>,
  variables: Variables,
  others: ReadonlyMap<string, Variables>,
): EnvFinding[] {
  return Object.entries(rules).map(([name, rule]) => judge(name, rule, variables, others));
}

function judge(name: string, rule: EnvRule, variables: Variables, others: ReadonlyMap<string, Variables>): EnvFinding {
  const value = variables.get(name);
  if (rule.absent) {
    return value === undefined
      ? { name, state: 'good', says: 'not there, as it should be' }
      : { name, state: 'wrong', says: 'is there, and must not be' };
  }
  if (value === undefined || value === '') {
    const elsewhere = Object.entries(rule.when ?? {}).find(([other, wanted]) => variables.get(other) !== wanted);
    if (elsewhere) return { name, state: 'absent', says: `not needed: ${elsewhere[0]} is not ${elsewhere[1]}` };
    if (rule.optional !== undefined) return { name, state: 'absent', says: rule.optional };
    return { name, state: 'missing', says: value === '' ? 'is empty' : 'is not set' };
  }
  const wrong = complaint(value, rule) ?? sameAsElsewhere(name, value, rule, others);
  return wrong === undefined ? { name, state: 'good', says: 'good' } : { name, state: 'wrong', says: wrong };
}

/** What is wrong with a value, in words that do not tell it. */
function complaint(value: string, { scheme, allowed, pattern, min_length }: EnvRule): string | undefined {
  if (value !== value.trim()) return 'begins or ends with white space';
  if (scheme !== undefined) {
    const own = /^([a-z][a-z0-9+.-]*):\/\//i.exec(value)?.[1]?.toLowerCase();
    if (own === undefined) return `is not a URL; it must begin with ${scheme.map((each) => `${each}://`).join(' or ')}`;
    if (!scheme.includes(own)) {
      return `its scheme is ${own}; it must be ${scheme.join(' or ')}`;
    }
  }
  if (allowed !== undefined && !allowed.includes(value)) return `must be ${allowed.join(' or ')}`;
  if (pattern !== undefined && !new RegExp(`^(?:${pattern})$`, 'u').test(value)) return `does not match ${pattern}`;
  if (min_length !== undefined && [...value].length < min_length) return `is shorter than ${min_length} characters`;
  return undefined;
}

function sameAsElsewhere(
  name: string,
  value: string,
  { differs_from }: EnvRule,
  others: ReadonlyMap<string, Variables>,
): string | undefined {
  if (differs_from === undefined) return undefined;
  return others.get(differs_from)?.get(name) === value ? `is the same as in ${differs_from}` : undefined;
}
