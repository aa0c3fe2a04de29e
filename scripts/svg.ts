import type { Terminal } from '@xterm/headless';

/** Sizes in pixels of one character cell, for the font below. */
const CELL = { width: 8.4, height: 18 };
const MARGIN = 16;
const FONT = "ui-monospace, 'SF Mono', Menlo, Consolas, 'Noto Sans Mono CJK JP', monospace";
const INK = '#d8dee9';
const PAPER = '#1d2230';

/** The 16 colours of a terminal, by number. */
const PALETTE = [
  ...['#3b4252', '#e06c75', '#8fc379', '#e5c07b', '#6cb0f0', '#c98be0', '#5ec4d0', '#d8dee9'],
  ...['#7b8494', '#ef7b85', '#a3d490', '#f0d090', '#86c2ff', '#d9a2ee', '#78dbe6', '#ffffff'],
];

interface Style {
  color: string;
  background: string | undefined;
  bold: boolean;
  dim: boolean;
}

interface Run extends Style {
  text: string;
  column: number;
  columns: number;
}

/** What a terminal shows, as an SVG picture: text stays text, so that it can be searched, copied and read aloud. */
export function svgOf(terminal: Terminal, title: string): string {
  const { cols, rows } = terminal;
  const width = Math.ceil(cols * CELL.width + 2 * MARGIN);
  const height = rows * CELL.height + 2 * MARGIN;
  const lines = Array.from({ length: rows }, (_, row) => lineOf(runsOf(terminal, row), row)).join('');
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img" aria-label="${escapeXml(title)}">`,
    `<title>${escapeXml(title)}</title>`,
    `<rect width="${width}" height="${height}" rx="8" fill="${PAPER}"/>`,
    `<g font-family="${FONT}" font-size="14">${lines}</g>`,
    '</svg>\n',
  ].join('\n');
}

/** The cells of one row, joined where they look the same. */
function runsOf(terminal: Terminal, row: number): Run[] {
  const buffer = terminal.buffer.active;
  const line = buffer.getLine(buffer.baseY + row);
  const runs: Run[] = [];
  for (let column = 0; line && column < terminal.cols; column += 1) {
    const cell = line.getCell(column);
    if (!cell || cell.getWidth() === 0) continue;
    const inverse = cell.isInverse() !== 0;
    const ink = colorOf(cell.getFgColor(), cell.isFgPalette(), cell.isFgRGB()) ?? INK;
    const paper = colorOf(cell.getBgColor(), cell.isBgPalette(), cell.isBgRGB());
    const style: Style = {
      color: inverse ? (paper ?? PAPER) : ink,
      background: inverse ? ink : paper,
      bold: cell.isBold() !== 0,
      dim: cell.isDim() !== 0,
    };
    const text = cell.getChars() || ' ';
    const last = runs.at(-1);
    // A wide character is a run of its own, so that fonts of another width do not shift what follows.
    if (last && cell.getWidth() === 1 && last.columns === last.text.length && looksLike(last, style)) {
      last.text += text;
      last.columns += 1;
    } else {
      runs.push({ ...style, text, column, columns: cell.getWidth() });
    }
  }
  return runs;
}

function looksLike(run: Run, style: Style): boolean {
  return (
    run.color === style.color && run.background === style.background && run.bold === style.bold && run.dim === style.dim
  );
}

function lineOf(runs: readonly Run[], row: number): string {
  const top = MARGIN + row * CELL.height;
  return runs
    .filter(({ text, background }) => text.trim() !== '' || background !== undefined)
    .map((run) => {
      const x = (MARGIN + run.column * CELL.width).toFixed(1);
      const width = (run.columns * CELL.width).toFixed(1);
      const back = run.background
        ? `<rect x="${x}" y="${top}" width="${width}" height="${CELL.height}" fill="${run.background}"/>`
        : '';
      const weight = run.bold ? ' font-weight="bold"' : '';
      const faint = run.dim ? ' opacity="0.65"' : '';
      // Browsers collapse spaces in SVG, whatever `xml:space` says: ones that cannot be broken at stay.
      const text = escapeXml(run.text.trimEnd().replaceAll(' ', '\u00a0'));
      const length = (run.text.trimEnd().length * CELL.width).toFixed(1);
      const fit = run.columns === run.text.length && text !== '' ? ` textLength="${length}"` : '';
      const glyphs =
        text === '' ? '' : `<text x="${x}" y="${top + 13}" fill="${run.color}"${fit}${weight}${faint}>${text}</text>`;
      return back + glyphs;
    })
    .join('');
}

function colorOf(color: number, palette: boolean, rgb: boolean): string | undefined {
  if (rgb) return `#${color.toString(16).padStart(6, '0')}`;
  if (!palette) return undefined;
  return (
    PALETTE[color] ??
    `#${rgbOf(color)
      .map((part) => part.toString(16).padStart(2, '0'))
      .join('')}`
  );
}

/** Red, green and blue of one of a terminal's 256 colours, from the 17th on: a cube of six steps, then grey. */
export function rgbOf(color: number): [number, number, number] {
  if (color >= 232) return [0, 1, 2].map(() => 8 + (color - 232) * 10) as [number, number, number];
  const step = (index: number) => [0, 95, 135, 175, 215, 255][Math.floor((color - 16) / index) % 6] ?? 0;
  return [step(36), step(6), step(1)];
}

function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
