import { type Span, span } from '../layout/line.ts';
import { widthOf } from '../layout/text.ts';
import type { Draft } from '../moves/editor.ts';

const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/** A row of a text that is being edited; `first` begins a line of the text, the others go on with a long one. */
export interface DraftRow {
  text: readonly Span[];
  first: boolean;
}

/** A text with its caret in rows of at most `width` columns, broken where they are full: a command is no prose. `caret` is its row. */
export function draftRows(
  { text, at }: Draft,
  width: number,
  mark: string,
): { rows: readonly DraftRow[]; caret: number } {
  const rows: { before: string; after: string; first: boolean; here: boolean }[] = [];
  let caret = 0;
  let start = 0;
  for (const written of text.split('\n')) {
    let row = { before: '', after: '', first: true, here: false };
    let used = 0;
    const turn = () => {
      rows.push(row);
      row = { before: '', after: '', first: false, here: false };
      used = 0;
    };
    const put = (piece: string, columns: number) => {
      if (used > 0 && used + columns > width) turn();
      if (row.here) row.after += piece;
      else row.before += piece;
      used += columns;
    };
    const markHere = () => {
      if (used > 0 && used + widthOf(mark) > width) turn();
      row.here = true;
      used += widthOf(mark);
      caret = rows.length;
    };
    for (const { segment, index } of graphemes.segment(written)) {
      if (start + index === at) markHere();
      put(segment, widthOf(segment));
    }
    if (start + written.length === at) markHere();
    rows.push(row);
    start += written.length + 1;
  }
  return {
    rows: rows.map(({ before, after, first, here }) => ({
      text: [span(before), ...(here ? [span(mark, 'accent')] : []), span(after)],
      first,
    })),
    caret,
  };
}
