import type { Reference } from './substitute.ts';

/**
 * The `$name` and `${name}` parameters of an SQL text, in order. Strings, quoted names, comments and dollar-quoted texts
 * (`$$…$$`, `$tag$…$tag$`) have none, as PostgreSQL reads them.
 */
export function sqlParameters(sql: string): Reference[] {
  const found: Reference[] = [];
  const token =
    /[eE]'(?:[^'\\]|\\[\s\S]|'')*'?|'(?:[^']|'')*'?|"(?:[^"]|"")*"?|--[^\n]*|\/\*[\s\S]*?(?:\*\/|$)|\$([A-Za-z_]\w*)?\$[\s\S]*?(?:\$\1\$|$(?![\s\S]))|\$(?:([A-Za-z_]\w*)|\{([A-Za-z_]\w*)\})/g;
  for (const match of sql.matchAll(token)) {
    const name = match[2] ?? match[3];
    if (name !== undefined) found.push({ name, index: match.index, length: match[0].length });
  }
  return found;
}
