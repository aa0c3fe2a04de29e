import { Problem } from '../../src/problem.ts';

/** One statement, ready for the extended protocol: `$name` became `$1`, `$2`, … */
export interface Statement {
  text: string;
  /** Names of the bound values, in the order of their numbers. */
  names: readonly string[];
}

/**
 * What a piece of SQL can be, longest first: comments, quoted text, dollar-quoted text, a variable, the end of a
 * statement, a word. `$tag$…$tag$` comes before `$name`, as in PostgreSQL.
 */
const PIECE =
  /--[^\n]*|\/\*|[eE]'(?:[^'\\]|\\[\s\S]|'')*'|'(?:[^']|'')*'|"(?:[^"]|"")*"|\$([A-Za-z_]\w*)?\$|\$(?:([A-Za-z_]\w*)|\{([A-Za-z_]\w*)\})|;|[A-Za-z_][\w$]*/g;

/**
 * Splits SQL into statements and turns `$name` and `${name}` outside of quotes and comments into bound parameters, so that
 * a value can never be taken for SQL. Pure. The semicolons of a `begin atomic … end` body do not split.
 */
export function statements(sql: string): Statement[] {
  const found: Statement[] = [];
  let text = '';
  let names: string[] = [];
  let depth = 0;
  let at = 0;
  const finish = () => {
    if (withoutComments(text).trim() !== '') found.push({ text: text.trim(), names });
    text = '';
    names = [];
    depth = 0;
  };
  for (;;) {
    PIECE.lastIndex = at;
    const piece = PIECE.exec(sql);
    if (!piece) break;
    text += sql.slice(at, piece.index);
    at = piece.index + piece[0].length;
    const [token, tag, bare, braced] = piece;
    const name = bare ?? braced;
    if (name !== undefined) {
      if (!names.includes(name)) names.push(name);
      text += `$${names.indexOf(name) + 1}`;
    } else if (token === ';' && depth === 0) {
      finish();
    } else {
      const end =
        token === '/*' ? endOfComment(sql, at) : token.startsWith('$') ? endOfQuote(sql, at, `$${tag ?? ''}$`) : at;
      text += sql.slice(piece.index, end);
      at = end;
      depth = nested(depth, token.toLowerCase(), text);
    }
  }
  text += sql.slice(at);
  finish();
  return found;
}

/** The values of a statement's parameters. @throws Problem `variable-undefined`: never an empty text instead */
export function bound(statement: Statement, values: Readonly<Record<string, string>>): string[] {
  return statement.names.map((name) => {
    const value = Object.hasOwn(values, name) ? values[name] : undefined;
    if (value !== undefined) return value;
    throw new Problem({
      code: 'variable-undefined',
      what: `There is no value called ${name}.`,
      means: 'Nothing was sent to the database.',
      next: [`declare ${name} under "values" in the runbook, or write '$${name}' in quotes for the text itself`],
    });
  });
}

/** Comments nest in PostgreSQL. */
function endOfComment(sql: string, from: number): number {
  const edge = /\/\*|\*\//g;
  edge.lastIndex = from;
  let open = 1;
  for (let match = edge.exec(sql); match; match = edge.exec(sql)) {
    open += match[0] === '/*' ? 1 : -1;
    if (open === 0) return edge.lastIndex;
  }
  return sql.length;
}

function endOfQuote(sql: string, from: number, quote: string): number {
  const end = sql.indexOf(quote, from);
  return end < 0 ? sql.length : end + quote.length;
}

/** How deep a statement stands in the `begin atomic … end` of a function's body, after a word. */
function nested(depth: number, word: string, text: string): number {
  if (word === 'atomic' && /\bbegin\s+atomic$/i.test(text)) return depth + 1;
  if (depth === 0) return 0;
  if (word === 'case') return depth + 1;
  return word === 'end' ? depth - 1 : depth;
}

function withoutComments(text: string): string {
  return text.replace(/--[^\n]*/g, '').replace(/\/\*[\s\S]*\*\//g, '');
}

/** Whether the statements manage their own transaction, so that none may be put around them. Pure. */
export function ownTransaction(all: readonly Statement[]): boolean {
  return all.some(({ text }) =>
    /^(begin|start\s+transaction|commit|end|rollback)\b/i.test(withoutComments(text).trim()),
  );
}
