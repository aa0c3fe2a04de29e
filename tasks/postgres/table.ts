/** A row of a result as PostgreSQL prints its cells; null is NULL. */
export type Row = readonly (string | null)[];

/** Widest cell that is shown. */
const WIDEST = 60;

/** A result as lines of text, its columns aligned by the width of their characters on the screen. */
export async function table(columns: readonly string[], rows: readonly Row[]): Promise<string[]> {
  // Its patterns take longer to compile than an engine takes for most else of its start, and few runs print a table.
  const { default: stringWidth } = await import('string-width');
  const shown = [columns, ...rows].map((row) => row.map((cell) => cut(cell ?? '∅')));
  const widths = columns.map((_, at) => Math.max(...shown.map((row) => stringWidth(row[at] ?? ''))));
  const lines = shown.map((row) =>
    row
      .map((cell, at) => cell + ' '.repeat((widths[at] ?? 0) - stringWidth(cell)))
      .join(' │ ')
      .trimEnd(),
  );
  return [...lines.slice(0, 1), widths.map((width) => '─'.repeat(width)).join('─┼─'), ...lines.slice(1)];
}

function cut(cell: string): string {
  // A cell is data of others: what would move the cursor is shown as a space.
  const plain = cell.replace(/[\u0000-\u001f\u007f-\u009f]+/g, ' ');
  return plain.length > WIDEST ? `${plain.slice(0, WIDEST - 1)}…` : plain;
}
