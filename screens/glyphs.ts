/** The signs that stand beside a word, never instead of it; and what stands for them where there is no UTF-8. */
export interface Glyphs {
  /** Other signs too are drawn in ASCII. */
  ascii: boolean;
  passed: string;
  failed: string;
  skipped: string;
  refused: string;
  unknown: string;
  running: string;
  waiting: string;
  cursor: string;
  next: string;
  caret: string;
  arrow: string;
  dot: string;
  bar: string;
  done: string;
  notDone: string;
  open: string;
  notApplicable: string;
  /** From least to most. */
  levels: readonly string[];
}

export const UNICODE: Glyphs = {
  ascii: false,
  passed: '✔',
  failed: '✖',
  skipped: '↷',
  refused: '⊘',
  unknown: '?',
  running: '▸',
  waiting: '·',
  cursor: '❯',
  next: '▸',
  caret: '▏',
  arrow: '→',
  dot: '·',
  bar: '│',
  done: '[x]',
  notDone: '[!]',
  open: '[ ]',
  notApplicable: '[-]',
  levels: [...'▁▂▃▄▅▆▇'],
};

export const ASCII: Glyphs = {
  ascii: true,
  passed: '+',
  failed: 'x',
  skipped: '-',
  refused: '!',
  unknown: '?',
  running: '>',
  waiting: '.',
  cursor: '>',
  next: '>',
  caret: '_',
  arrow: '->',
  dot: '-',
  bar: '|',
  done: '[x]',
  notDone: '[!]',
  open: '[ ]',
  notApplicable: '[-]',
  levels: [...'_.:-=+#'],
};

export type Signs = 'ascii' | 'unicode';

/**
 * The signs for a terminal: those that the operator wants, else ASCII where the locale says another encoding than UTF-8, and
 * on the kernel's console. How wide a terminal draws signs cannot be known without asking it, which is not done.
 */
export function chooseGlyphs(env: Readonly<Record<string, string | undefined>>, wanted?: Signs): Glyphs {
  if (wanted) return wanted === 'ascii' ? ASCII : UNICODE;
  if (env['TERM'] === 'linux') return ASCII;
  const ctype = env['LC_ALL'] || env['LC_CTYPE'] || env['LANG'] || '';
  return /\.(?!utf-?8)/i.test(ctype) ? ASCII : UNICODE;
}
