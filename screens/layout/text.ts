import stringWidth from 'string-width';

const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/** Columns that `text` takes in a terminal. */
export function widthOf(text: string): number {
  return stringWidth(text);
}

/**
 * What may be drawn of a foreign text: control and escape sequences, and marks that turn the writing direction, are
 * taken out; tabs become spaces. The engine has cleaned the text already; a terminal is worth a second lock.
 */
export function printable(text: string): string {
  return text
    .replace(/\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)?|[ -/]*[0-~])/g, '')
    .replace(/\t/g, '  ')
    .replace(/[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\u200e\u200f]/g, '');
}

/** `text` in at most `width` columns, with `…` where it was cut; a wide character is never cut in two. */
export function truncate(text: string, width: number): string {
  if (width <= 0) return '';
  if (widthOf(text) <= width) return text;
  let out = '';
  let used = 0;
  for (const { segment } of graphemes.segment(text)) {
    const columns = widthOf(segment);
    if (used + columns > width - 1) break;
    out += segment;
    used += columns;
  }
  return `${out}…`;
}

/** Cut in the middle, for paths and names whose end tells most. */
export function truncateMiddle(text: string, width: number): string {
  if (widthOf(text) <= width) return text;
  if (width < 5) return truncate(text, width);
  const parts = [...graphemes.segment(text)].map(({ segment }) => segment);
  const tailWidth = Math.floor((width - 1) / 2);
  let tail = '';
  while (parts.length > 0 && widthOf(tail) + widthOf(parts.at(-1) ?? '') <= tailWidth)
    tail = (parts.pop() ?? '') + tail;
  return truncate(parts.join(''), width - widthOf(tail)) + tail;
}

/** `text` cut or filled with spaces to exactly `width` columns. */
export function pad(text: string, width: number, side: 'left' | 'right' = 'left'): string {
  const cut = truncate(text, width);
  const fill = ' '.repeat(Math.max(0, width - widthOf(cut)));
  return side === 'left' ? cut + fill : fill + cut;
}

/** Marks that must not begin a line in Japanese (kinsoku), closing marks of other scripts among them. */
const NOT_FIRST = new Set('、。，．・：；？！ー）〕］｝〉》」』】…‥ぁぃぅぇぉっゃゅょァィゥェォッャュョ,.:;!?)]}%');
/** Marks that must not end a line. */
const NOT_LAST = new Set('（〔［｛〈《「『【([{¿¡');

/** `text` as lines of at most `width` columns: broken at spaces, between wide characters, else where it must be. */
export function wrap(text: string, width: number): string[] {
  return text.split('\n').flatMap((line) => wrapLine(line, Math.max(1, width)));
}

function wrapLine(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const piece of pieces(text)) {
    if (widthOf(line + piece.trimEnd()) <= width) {
      line += piece;
      continue;
    }
    if (line.trim() !== '') lines.push(line.trimEnd());
    line = piece.trimStart();
    while (widthOf(line.trimEnd()) > width) {
      const head = firstColumns(line, width);
      lines.push(head);
      line = line.slice(head.length);
    }
  }
  lines.push(line.trimEnd());
  return lines;
}

/** The parts of a line between which it may be broken, each with the spaces that follow it. */
function pieces(text: string): string[] {
  const out: string[] = [];
  let piece = '';
  let before = '';
  for (const { segment } of graphemes.segment(text)) {
    const afterSpace = before === ' ' && segment !== ' ';
    const wide = widthOf(segment) === 2 || (before !== '' && widthOf(before) === 2);
    const mayBreak = afterSpace || (wide && segment !== ' ' && !NOT_FIRST.has(segment) && !NOT_LAST.has(before));
    if (mayBreak && piece !== '') {
      out.push(piece);
      piece = '';
    }
    piece += segment;
    before = segment;
  }
  if (piece !== '') out.push(piece);
  return out;
}

function firstColumns(text: string, width: number): string {
  let out = '';
  for (const { segment } of graphemes.segment(text)) {
    if (out !== '' && widthOf(out + segment) > width) break;
    out += segment;
  }
  return out;
}
