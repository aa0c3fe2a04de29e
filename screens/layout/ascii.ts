import type { Line } from './line.ts';

/** Signs of our texts that ASCII lacks, and which terminals set to East Asian widths draw over two columns; each by one of one column. */
const PLAIN: Readonly<Record<string, string>> = {
  '’': "'",
  '‘': "'",
  '“': '"',
  '”': '"',
  '«': '"',
  '»': '"',
  '…': '~',
  '·': '-',
  '–': '-',
  '—': '-',
  '→': '>',
  '←': '<',
  '↑': '^',
  '↓': 'v',
  '×': 'x',
  '│': '|',
  '✔': '+',
  '✖': 'x',
  '✓': '+',
  '✗': 'x',
  '❯': '>',
};

const SIGNS = new RegExp(`[${Object.keys(PLAIN).join('')}]`, 'g');

/** A text without those signs, as wide as before. */
export function asciiSigns(text: string): string {
  return text.replace(SIGNS, (sign) => PLAIN[sign] ?? sign);
}

export function inAscii(line: Line): Line {
  return line.map((span) => ({ ...span, text: asciiSigns(span.text) }));
}
