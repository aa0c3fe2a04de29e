import type { Field } from '../ui-state.ts';
import type { Typed } from './moves.ts';

const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/** A one-line field after something was typed or pasted into it; what is no text of one line is left out. */
export function typeInto({ text }: Field, typed: Typed): Field {
  if (typed.kind === 'backspace') {
    const last = [...graphemes.segment(text)].at(-1);
    return { text: last ? text.slice(0, last.index) : '' };
  }
  const line = typed.text
    .replace(/\n+$/, '')
    .replace(/[\n\t]+/g, ' ')
    .replace(/\p{Cc}/gu, '');
  return { text: text + line };
}
