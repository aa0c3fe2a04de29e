import { isMap, isScalar, isSeq, LineCounter, type Node, type ParsedNode, parseDocument } from 'yaml';
import type { Report } from './source.ts';
import type { Position } from './types.ts';

export type YamlPath = readonly PropertyKey[];

/** A YAML text inside a runbook, with the place of everything in it. */
export interface YamlSource {
  /** Plain data; undefined when the text could not be read. */
  data: unknown;
  /** Position in the file of the value at a path, or of the nearest thing above it. */
  at(path: YamlPath): Position;
  /** Position in the file of a key of the mapping at a path. */
  atKey(path: YamlPath, key: string): Position;
}

/**
 * Reads YAML 1.2 (core schema, no aliases, no custom tags), and reports what cannot be read.
 *
 * @param asWritten tells the paths whose scalars are kept as their text: `1.10` is `1.10`, not 1.1
 * @param place position in the file of a position in the text, both 1-based
 */
export function readYaml(
  text: string,
  place: (line: number, column: number) => Position,
  report: Report,
  asWritten: (path: readonly string[]) => boolean = () => false,
): YamlSource {
  const counter = new LineCounter();
  const document = parseDocument(text, { lineCounter: counter, prettyErrors: false, version: '1.2' });
  const position = (offset: number): Position => {
    const { line, col } = counter.linePos(Math.min(offset, text.length));
    return place(Math.max(line, 1), Math.max(col, 1));
  };

  let failed = false;
  for (const error of [...document.errors, ...document.warnings]) {
    failed = true;
    const tab = /^tabs/i.test(error.message) || error.code === 'TAB_AS_INDENT';
    const open = /end with a ([\]}])/.exec(error.message)?.[1];
    const next = tab ? ['indent with spaces'] : open ? [`close it with ${open}`] : YAML_NEXT[error.code];
    const what = `YAML: ${error.message.replace(/\.?$/, '.')}`;
    report({ code: 'yaml', what, ...(next ? { next } : {}) }, position(error.pos[0]));
  }

  const root: ParsedNode | null = document.contents;
  let data: unknown;
  if (!failed) {
    try {
      data = toData(root, [], asWritten);
    } catch (error) {
      if (!(error instanceof Unsupported)) throw error;
      report({ code: 'yaml', what: error.message, next: ['write the value out'] }, position(error.offset));
    }
  }

  return {
    data,
    at: (path) => position(startOf(nodeAt(root, path)) ?? 0),
    atKey: (path, key) => {
      const map = nodeAt(root, path);
      const pair = isMap(map)
        ? map.items.find((item) => isScalar(item.key) && String(item.key.value) === key)
        : undefined;
      return position((isScalar(pair?.key) ? startOf(pair.key) : startOf(map)) ?? 0);
    },
  };
}

const YAML_NEXT: Readonly<Record<string, readonly string[]>> = {
  DUPLICATE_KEY: ['keep one of them'],
  MISSING_CHAR: ['close the quotation or the bracket'],
  BAD_INDENT: ['line it up with its neighbours'],
  TAG_RESOLVE_FAILED: ['leave the tag out'],
};

/** What YAML can say and a runbook cannot. */
class Unsupported extends Error {
  readonly offset: number;
  constructor(message: string, offset: number) {
    super(message);
    this.offset = offset;
  }
}

function toData(node: unknown, path: readonly string[], asWritten: (path: readonly string[]) => boolean): unknown {
  if (isMap(node)) {
    return Object.fromEntries(
      node.items.map(({ key, value }) => {
        if (!isScalar(key)) throw new Unsupported('A key must be plain text.', startOf(node) ?? 0);
        const name = typeof key.value === 'string' ? key.value : (key.source ?? String(key.value));
        return [name, toData(value, [...path, name], asWritten)];
      }),
    );
  }
  if (isSeq(node)) return node.items.map((item) => toData(item, [...path, '*'], asWritten));
  if (isScalar(node)) {
    const kind = typeof node.value;
    return (kind === 'number' || kind === 'boolean') && asWritten(path)
      ? (node.source ?? String(node.value))
      : node.value;
  }
  if (node === null || node === undefined) return null;
  throw new Unsupported('Anchors and aliases are not used in runbooks.', startOf(node) ?? 0);
}

function nodeAt(root: unknown, path: YamlPath): unknown {
  let node = root;
  for (const key of path) {
    let child: unknown;
    if (isMap(node))
      child = node.items.find((item) => isScalar(item.key) && String(item.key.value) === String(key))?.value;
    else if (isSeq(node)) child = node.items[Number(key)];
    if (child === undefined || child === null) return node;
    node = child;
  }
  return node;
}

function startOf(node: unknown): number | undefined {
  return (node as Partial<Node> | null | undefined)?.range?.[0];
}
