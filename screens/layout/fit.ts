import { type Line, line, span } from './line.ts';

/** A part of a screen's body, and what becomes of it where there is not enough room. */
export interface Section {
  lines: readonly Line[];
  /** 0 is never cut; of the others the highest rank gives way first: prose 4, tails 3, details 2, lists 1. */
  rank: number;
  /** Fewest lines that still help; with less room the section is left out. 0 when absent. */
  min?: number;
  /** Which lines stay: the first, the last, or those around an index (a cursor). */
  keep?: 'top' | 'bottom' | { around: number };
  /** Shown as a whole or not at all: half a sentence helps nobody. */
  whole?: boolean;
  /** A blank line before it, where there is room for it. */
  gap?: boolean;
}

/**
 * The lines of `sections` in at most `rows` rows. Blank lines go first, then the sections of the highest rank shrink to
 * their `min` and vanish, and so on down; what is left over is cut at the top, so that the question is still seen.
 * `more(n)` is the line that stands for `n` lines of a list that are not shown.
 */
export function fit(sections: readonly Section[], rows: number, more: (hidden: number) => string): Line[] {
  const shown = sections.filter(({ lines }) => lines.length > 0);
  const heights = shown.map(({ lines }) => lines.length);
  const total = () => heights.reduce((sum, height) => sum + height, 0);

  const ranks = [...new Set(shown.map(({ rank }) => rank))].filter((rank) => rank > 0).sort((a, b) => b - a);
  for (const floor of ['min', 'none'] as const) {
    for (const rank of ranks) {
      for (let index = shown.length - 1; index >= 0; index--) {
        const section = shown[index];
        const height = heights[index] ?? 0;
        const over = total() - rows;
        if (over <= 0 || section?.rank !== rank) continue;
        const least = floor === 'min' ? Math.min(section.min ?? 0, height) : 0;
        const left = floor === 'none' && (section.min ?? 0) > 1 ? 0 : Math.max(least, height - over);
        heights[index] = section.whole && left < section.lines.length ? 0 : left;
      }
    }
  }

  let gaps = Math.max(0, rows - total());
  const out: Line[] = [];
  for (const [index, section] of shown.entries()) {
    const height = heights[index] ?? 0;
    if (height === 0) continue;
    if (section.gap && out.length > 0 && gaps > 0) {
      out.push([]);
      gaps--;
    }
    out.push(...cut(section, height, more));
  }
  return out.slice(Math.max(0, out.length - rows));
}

function cut({ lines, keep = 'top' }: Section, height: number, more: (hidden: number) => string): readonly Line[] {
  if (lines.length <= height) return lines;
  if (keep === 'bottom') return lines.slice(lines.length - height);
  if (keep === 'top') {
    // Under a list a line says how much is missing; one line alone carries the mark itself.
    if (height >= 3) return [...lines.slice(0, height - 1), line(span(more(lines.length - height + 1), 'dim'))];
    const last = lines[height - 1] ?? [];
    return [...lines.slice(0, height - 1), [...last, span('…', 'dim')]];
  }
  const start = Math.min(Math.max(0, keep.around - Math.floor(height / 2)), lines.length - height);
  const window = lines.slice(start, start + height);
  if (height < 4) return window;
  const above = start;
  const below = lines.length - start - height;
  if (above > 0 && keep.around > start) window[0] = line(span(more(above + 1), 'dim'));
  if (below > 0 && keep.around < start + height - 1) window[height - 1] = line(span(more(below + 1), 'dim'));
  return window;
}
