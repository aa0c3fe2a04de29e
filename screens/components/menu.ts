import { type Line, line, type Span, span } from '../layout/line.ts';
import { widthOf } from '../layout/text.ts';
import type { Model } from '../ui-state.ts';

/** Rows to choose from: the cursor's row is marked with a sign and bold, not by colour alone. A detail that does not fit is left out. */
export function menu(
  { glyphs, width }: Pick<Model, 'glyphs' | 'width'>,
  rows: readonly { label: string; detail?: string; off?: boolean }[],
  cursor: number,
): Line[] {
  return rows.map(({ label, detail, off }, index) => {
    const at = index === cursor;
    const parts: Span[] = [
      span(at ? `${glyphs.cursor} ` : '  ', 'accent'),
      span(label, off ? 'dim' : at ? 'strong' : 'plain'),
    ];
    // Half a detail is none.
    if (detail && widthOf(label) + widthOf(detail) + 4 <= width) parts.push(span(`  ${detail}`, 'dim'));
    return line(...parts);
  });
}
