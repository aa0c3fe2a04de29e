import type { Code, ListItem, Nodes, Yaml } from 'mdast';
import { fromMarkdown } from 'mdast-util-from-markdown';
import { frontmatterFromMarkdown } from 'mdast-util-frontmatter';
import { gfmFromMarkdown } from 'mdast-util-gfm';
import { frontmatter } from 'micromark-extension-frontmatter';
import { gfm } from 'micromark-extension-gfm';
import type { Source } from './source.ts';
import type { Position } from './types.ts';

/** A code fence with what stands above it. */
export interface Fence {
  /** The text after the backticks, as written. */
  info: string;
  infoPosition: Position;
  body: string;
  /** Headings above it, outermost first, as plain text. */
  headings: readonly string[];
  /** Index in the source just behind what came before: the end of the last heading or of the last fence. */
  position: Position;
  start: number;
  end: number;
  closed: boolean;
  /** End of the nearest heading above, or of the front matter: where its prose can begin at the earliest. */
  proseStart: number;
}

/** A `- [ ]` line. */
export interface Task {
  text: string;
  checked: boolean;
  position: Position;
  /** Indexes in the source of the item's first paragraph. */
  start: number;
  end: number;
}

/** The parts of a Markdown document that a runbook is made of, in the document's order. */
export interface Outline {
  frontMatter?: { text: string; line: number };
  fences: readonly Fence[];
  tasks: readonly Task[];
}

/** Reads the document as CommonMark with GFM and front matter. */
export function readOutline(source: Source): Outline {
  const tree = fromMarkdown(source.text, {
    extensions: [gfm(), frontmatter(['yaml'])],
    mdastExtensions: [gfmFromMarkdown(), frontmatterFromMarkdown(['yaml'])],
  });
  const fences: Fence[] = [];
  const tasks: Task[] = [];
  const headings: { depth: number; text: string }[] = [];
  let proseStart = 0;

  const visit = (node: Nodes): void => {
    const end = node.position?.end.offset ?? 0;
    switch (node.type) {
      case 'yaml':
        proseStart = end;
        return;
      case 'heading':
        while ((headings.at(-1)?.depth ?? 0) >= node.depth) headings.pop();
        headings.push({ depth: node.depth, text: plainText(node).trim() });
        proseStart = end;
        return;
      case 'code': {
        const fence = readFence(node, source);
        if (fence) fences.push({ ...fence, headings: headings.map(({ text }) => text), proseStart });
        return;
      }
      case 'listItem':
        if (typeof node.checked === 'boolean') tasks.push(readTask(node));
        break;
    }
    if ('children' in node) for (const child of node.children) visit(child);
  };
  visit(tree);

  const [first] = tree.children;
  return { ...(first?.type === 'yaml' ? { frontMatter: readYaml(first) } : {}), fences, tasks };
}

function readYaml(node: Yaml): { text: string; line: number } {
  return { text: node.value, line: (node.position?.start.line ?? 1) + 1 };
}

/** Undefined for a block that is code by its indentation. */
function readFence(node: Code, source: Source): Omit<Fence, 'headings' | 'proseStart'> | undefined {
  if (!node.position) return undefined;
  const { start, end } = node.position;
  const opening = source.lines[start.line - 1] ?? '';
  const [, marker, info] = /^(`{3,}|~{3,})[ \t]*(.*?)[ \t]*$/.exec(opening.slice(start.column - 1)) ?? [];
  if (marker === undefined || info === undefined) return undefined;
  const infoColumn = start.column + opening.slice(start.column - 1).indexOf(info, marker.length);
  const last = (source.lines[end.line - 1] ?? '').slice(0, end.column - 1).trimEnd();
  const closing = /(`+|~+)$/.exec(last)?.[1] ?? '';
  return {
    info,
    infoPosition: { line: start.line, column: infoColumn },
    body: node.value,
    position: { line: start.line, column: start.column },
    start: start.offset ?? 0,
    end: end.offset ?? 0,
    closed: end.line > start.line && closing[0] === marker[0] && closing.length >= marker.length,
  };
}

function readTask(node: ListItem): Task {
  const paragraph = node.children.find((child) => child.type === 'paragraph');
  const start = paragraph?.position?.start ?? node.position?.start;
  const end = paragraph?.position?.end ?? node.position?.end;
  return {
    text: paragraph ? plainText(paragraph).replace(/\s+/g, ' ').trim() : '',
    checked: node.checked === true,
    position: { line: node.position?.start.line ?? 1, column: node.position?.start.column ?? 1 },
    start: start?.offset ?? 0,
    end: end?.offset ?? 0,
  };
}

/** What a reader sees of a node, without its marks. */
function plainText(node: Nodes): string {
  if (node.type === 'break') return ' ';
  if ('value' in node) return node.type === 'html' ? '' : node.value;
  if ('alt' in node) return node.alt ?? '';
  return 'children' in node ? node.children.map((child) => plainText(child)).join('') : '';
}
