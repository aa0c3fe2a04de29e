/** The signs that stand beside a word, never instead of it; and what stands for them where there is no UTF-8. */
export interface Glyphs {
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

/** The signs for a terminal: ASCII where the locale says another encoding than UTF-8, or on the kernel's console. */
export function chooseGlyphs(env: Readonly<Record<string, string | undefined>>): Glyphs {
  if (env['TERM'] === 'linux') return ASCII;
  const ctype = env['LC_ALL'] || env['LC_CTYPE'] || env['LANG'] || '';
  return /\.(?!utf-?8)/i.test(ctype) ? ASCII : UNICODE;
}
