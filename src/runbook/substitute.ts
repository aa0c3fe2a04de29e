import { Problem } from '../problem.ts';

/** A `$name` or `${name}` in a text. `index` and `length` are in UTF-16 code units and span the whole reference. */
export interface Reference {
  /** Undefined for a `${` that is not `${name}`: a shell's expansion, which templates do not have. */
  name: string | undefined;
  index: number;
  length: number;
}

const TOKEN = /\$(?:\$|([A-Za-z_][A-Za-z0-9_]*)|\{([A-Za-z_][A-Za-z0-9_]*)\}|\{[^}\n]*\}?)/g;

/** Every reference in a template (http, manual and the strings of a YAML input), in order. `$$` is a plain dollar. */
export function references(text: string): Reference[] {
  const found: Reference[] = [];
  for (const match of text.matchAll(TOKEN)) {
    if (match[0] === '$$') continue;
    found.push({ name: match[1] ?? match[2], index: match.index, length: match[0].length });
  }
  return found;
}

/**
 * Puts values in for `$name` and `${name}`; `$$` becomes `$`, and a dollar before anything else stays as it is. Values are
 * put in as they are: a `$` inside a value is not looked at again.
 *
 * @param keep names that stay as they are written: a step's secrets, which are put in at delivery
 * @throws Problem `variable-undefined` for a name that `values` does not have, `variable-malformed` for `${…}` that is not
 *   a name; never an empty string instead (design §5)
 */
export function substitute(
  text: string,
  values: Readonly<Record<string, string>>,
  keep: readonly string[] = [],
): string {
  return text.replace(TOKEN, (token: string, bare: string | undefined, braced: string | undefined) => {
    if (token === '$$') return '$';
    const name = bare ?? braced;
    if (name === undefined) {
      throw new Problem({
        code: 'variable-malformed',
        what: `${token} is not a variable: only $name and \${name} are.`,
        next: ['write $$ for a plain dollar sign'],
      });
    }
    if (keep.includes(name)) return token;
    const value = Object.hasOwn(values, name) ? values[name] : undefined;
    if (value === undefined) {
      throw new Problem({
        code: 'variable-undefined',
        what: `There is no value called ${name}.`,
        means: 'Nothing was run: an undefined variable is never taken for an empty one.',
        next: [`declare ${name} under \`values\`, or write $$${name} for the plain text`],
      });
    }
    return value;
  });
}

/** `substitute` in every string of plain data, such as a typed step's YAML input; keys stay as they are. */
export function substituteDeep(input: unknown, values: Readonly<Record<string, string>>): unknown {
  if (typeof input === 'string') return substitute(input, values);
  if (Array.isArray(input)) return input.map((item) => substituteDeep(item, values));
  if (input !== null && typeof input === 'object') {
    return Object.fromEntries(Object.entries(input).map(([key, item]) => [key, substituteDeep(item, values)]));
  }
  return input;
}
