import { type Line, line, paragraph, type Span, span } from '../layout/line.ts';
import { widthOf } from '../layout/text.ts';
import type { Field, Model } from '../ui-state.ts';

const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/** A field with its caret, and below it why its text was refused. The end of a long text is what is seen. */
export function fieldLines({ glyphs, width }: Model, { text, wrong }: Field, why: string | undefined): Line[] {
  const prompt: Span = span(`${glyphs.cursor} `, 'accent');
  const room = width - widthOf(prompt.text) - 1;
  const parts = [...graphemes.segment(text)].map(({ segment }) => segment);
  let shown = '';
  while (parts.length > 0 && widthOf(shown) + widthOf(parts.at(-1) ?? '') <= room) shown = (parts.pop() ?? '') + shown;
  return [
    line(prompt, span(shown, 'strong'), span(glyphs.caret, 'accent')),
    ...(wrong === undefined || why === undefined
      ? []
      : paragraph(why, width, 'bad', [span(`${glyphs.failed} `, 'bad')])),
  ];
}
