import { printable, truncate, widthOf, wrap } from './text.ts';

/** What a piece of text means; the terminal's colour for it is chosen in one place (components/Page.tsx). */
export type Tone = 'plain' | 'dim' | 'strong' | 'good' | 'bad' | 'warn' | 'accent';

export interface Span {
  text: string;
  tone: Tone;
}

/** One row of the screen. */
export type Line = readonly Span[];

export const BLANK: Line = [];

export function span(text: string, tone: Tone = 'plain'): Span {
  return { text: printable(text).replace(/\n/g, ' '), tone };
}

/** A line of spans; strings stand for plain ones. */
export function line(...parts: readonly (Span | string)[]): Line {
  return parts.map((part) => (typeof part === 'string' ? span(part) : part));
}

export function lineWidth(of: Line): number {
  return of.reduce((sum, { text }) => sum + widthOf(text), 0);
}

/** Cuts a line to `width` columns, with `…` where it was cut. */
export function clip(of: Line, width: number): Line {
  if (lineWidth(of) <= width) return of;
  const out: Span[] = [];
  let left = width;
  for (const part of of) {
    const columns = widthOf(part.text);
    if (columns < left || (columns === left && part === of.at(-1))) {
      out.push(part);
      left -= columns;
      continue;
    }
    // The cut needs its mark even where this span would just fit.
    out.push({ ...part, text: columns === left ? truncate(`${part.text} `, left) : truncate(part.text, left) });
    break;
  }
  return out;
}

/** A text as wrapped lines of one tone, after `first` on the first line and under it on the others. */
export function paragraph(text: string, width: number, tone: Tone = 'plain', first: Line = BLANK): Line[] {
  const indent = lineWidth(first);
  return wrap(printable(text), Math.max(8, width - indent)).map((row, index) => [
    ...(index === 0 ? first : indent > 0 ? [span(' '.repeat(indent))] : []),
    span(row, tone),
  ]);
}
