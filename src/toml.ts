/** A value of a TOML document, as far as `fly.toml` uses the language. */
export type Toml = string | number | boolean | Toml[] | { [key: string]: Toml };
export type TomlTable = { [key: string]: Toml };

/** The line that cannot be read, 1-based. */
export class TomlError extends Error {
  readonly line: number;
  constructor(line: number, message: string) {
    super(message);
    this.line = line;
  }
}

/**
 * Reads the part of TOML that `fly.toml` files are written in: tables, arrays of tables, dotted headers, strings of both
 * kinds, numbers, booleans and one-line arrays. Anything else throws a `TomlError`; nothing is skipped in silence.
 */
export function parseToml(text: string): TomlTable {
  const root: TomlTable = {};
  let table = root;
  for (const [index, raw] of text.split(/\r?\n/).entries()) {
    const line = stripComment(raw).trim();
    if (line === '') continue;
    const array = /^\[\[([^\]]+)\]\]$/.exec(line)?.[1];
    const header = /^\[([^\]]+)\]$/.exec(line)?.[1];
    if (array) table = appendTable(root, splitPath(array), index + 1);
    else if (header) table = openTable(root, splitPath(header), index + 1);
    else setKey(table, line, index + 1);
  }
  return root;
}

/** The table at `key`, or an empty one. */
export function tableAt(table: TomlTable, key: string): TomlTable {
  const value = table[key];
  return isTable(value) ? value : {};
}

/** The tables of an array of tables, or none. */
export function tablesAt(table: TomlTable, key: string): readonly TomlTable[] {
  const value = table[key];
  return Array.isArray(value) ? value.filter(isTable) : [];
}

/** The text at `key`; numbers and booleans are written out. */
export function textAt(table: TomlTable, key: string): string | undefined {
  const value = table[key];
  return value === undefined || typeof value === 'object' ? undefined : String(value);
}

function isTable(value: Toml | undefined): value is TomlTable {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function stripComment(line: string): string {
  let quote = '';
  for (let index = 0; index < line.length; index += 1) {
    const char = line.charAt(index);
    if (quote === '' && char === '#') return line.slice(0, index);
    if (quote === '' && (char === '"' || char === "'")) quote = char;
    else if (char === quote && !(quote === '"' && line.charAt(index - 1) === '\\')) quote = '';
  }
  return line;
}

function splitPath(header: string): string[] {
  return header.split('.').map((part) => part.trim().replace(/^(["'])(.*)\1$/, '$2'));
}

function openTable(root: TomlTable, path: readonly string[], line: number): TomlTable {
  let table = root;
  for (const key of path) {
    const found = table[key] ?? {};
    table[key] = found;
    const next = Array.isArray(found) ? found.at(-1) : found;
    if (!isTable(next)) throw new TomlError(line, `${key} is not a table`);
    table = next;
  }
  return table;
}

function appendTable(root: TomlTable, path: readonly string[], line: number): TomlTable {
  const parent = openTable(root, path.slice(0, -1), line);
  const key = path.at(-1) ?? '';
  const list = parent[key] ?? [];
  if (!Array.isArray(list)) throw new TomlError(line, `${key} is not an array of tables`);
  const table: TomlTable = {};
  list.push(table);
  parent[key] = list;
  return table;
}

function setKey(table: TomlTable, line: string, number: number): void {
  const match = /^(?<key>"[^"]*"|'[^']*'|[\w.-]+)\s*=\s*(?<value>.+)$/.exec(line);
  const { key, value } = match?.groups ?? {};
  if (!key || !value) throw new TomlError(number, `cannot read the line ${JSON.stringify(line)}`);
  const path = /^["']/.test(key) ? [key.slice(1, -1)] : key.split('.');
  const target = path.length > 1 ? openTable(table, path.slice(0, -1), number) : table;
  target[path.at(-1) ?? ''] = readValue(value.trim(), number);
}

function readValue(text: string, line: number): Toml {
  if (text === 'true' || text === 'false') return text === 'true';
  if (/^[+-]?\d[\d_]*(\.\d+)?$/.test(text)) return Number(text.replaceAll('_', ''));
  if (/^'[^']*'$/.test(text)) return text.slice(1, -1);
  if (/^"(?:[^"\\]|\\.)*"$/.test(text)) return JSON.parse(text) as string;
  if (text.startsWith('[') && text.endsWith(']')) {
    const items = text.slice(1, -1).match(/"(?:[^"\\]|\\.)*"|'[^']*'|[^,\s][^,]*/g) ?? [];
    return items.map((item) => readValue(item.trim(), line));
  }
  throw new TomlError(line, `cannot read the value ${JSON.stringify(text)}`);
}
