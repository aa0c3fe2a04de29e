/** A text of several lines, and the caret in it: an index into `text` between two characters as a person sees them. */
export interface Draft {
  text: string;
  at: number;
}

const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/** Where a character begins: one place for each, and the end. */
function places(text: string): number[] {
  return [...Array.from(graphemes.segment(text), ({ index }) => index), text.length];
}

export function insert({ text, at }: Draft, added: string): Draft {
  return { text: text.slice(0, at) + added + text.slice(at), at: at + added.length };
}

/** Takes the character before or behind the caret away; at the end of the text nothing. */
export function erase(draft: Draft, which: 'before' | 'behind'): Draft {
  const { text, at } = draft;
  const other = move(draft, which === 'before' ? 'left' : 'right').at;
  const [from, to] = [Math.min(at, other), Math.max(at, other)];
  return { text: text.slice(0, from) + text.slice(to), at: from };
}

/** Moves the caret: by a character, to an end of its line, or to the same column of the line above or below. */
export function move(draft: Draft, to: 'left' | 'right' | 'up' | 'down' | 'start' | 'end'): Draft {
  const { text, at } = draft;
  const start = text.lastIndexOf('\n', at - 1) + 1;
  const lineEnd = text.indexOf('\n', at);
  const end = lineEnd < 0 ? text.length : lineEnd;
  switch (to) {
    case 'left':
      return { text, at: places(text).findLast((place) => place < at) ?? 0 };
    case 'right':
      return { text, at: places(text).find((place) => place > at) ?? text.length };
    case 'start':
      return { text, at: start };
    case 'end':
      return { text, at: end };
    case 'up':
      return start === 0 ? { text, at: 0 } : { text, at: inLine(text, start - 1, columnOf(text, start, at)) };
    case 'down':
      return end === text.length ? { text, at: end } : { text, at: inLine(text, end + 1, columnOf(text, start, at)) };
  }
}

/** How many characters stand before the caret on its line. */
function columnOf(text: string, start: number, at: number): number {
  return places(text.slice(start, at)).length - 1;
}

/** The place of a column on the line that holds the index, or that line's end. */
function inLine(text: string, index: number, column: number): number {
  const start = text.lastIndexOf('\n', index - 1) + 1;
  const end = text.indexOf('\n', start);
  const line = text.slice(start, end < 0 ? text.length : end);
  return start + (places(line)[column] ?? line.length);
}
