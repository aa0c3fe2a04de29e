import { type Line, line, type Span, span } from '../layout/line.ts';
import type { Model } from '../ui-state.ts';

/** Rows to choose from: the cursor's row is marked with a sign and bold, not by colour alone. */
export function menu(
  { glyphs }: Pick<Model, 'glyphs'>,
  rows: readonly { label: string; detail?: string; off?: boolean }[],
  cursor: number,
): Line[] {
  return rows.map(({ label, detail, off }, index) => {
    const at = index === cursor;
    const parts: Span[] = [
      span(at ? `${glyphs.cursor} ` : '  ', 'accent'),
      span(label, off ? 'dim' : at ? 'strong' : 'plain'),
    ];
    if (detail) parts.push(span(`  ${detail}`, 'dim'));
    return line(...parts);
  });
}
