import type { Json } from '../../src/journal/records.ts';
import { type Line, line, span } from '../layout/line.ts';
import { pad, widthOf } from '../layout/text.ts';
import type { Model } from '../ui-state.ts';

/** What runs where, from a step's live state: a row a machine; nothing when the state says nothing of machines. */
export function machineLines({ messages, width }: Model, data: Json | undefined): Line[] {
  const list = (data as { machines?: Json } | undefined)?.machines;
  if (!Array.isArray(list) || list.length === 0) return [];
  const rows = (list as readonly Json[]).map((machine) => {
    const { id, state, region, version, checks } = (machine ?? {}) as Readonly<Record<string, Json | undefined>>;
    return [text(id), text(version) === '' ? '' : `v${text(version)}`, text(state), text(region), checksText(checks)];
  });
  const widths = [0, 1, 2, 3].map((column) => Math.min(18, Math.max(...rows.map((row) => widthOf(row[column] ?? '')))));
  const narrow = width < 60;
  return [
    line(span(messages.stage.machines, 'dim')),
    ...rows.map((row) =>
      line(
        span('  '),
        span(
          row
            .map((cell, column) => (narrow && column === 3 ? '' : pad(cell, widths[column] ?? widthOf(cell))))
            .filter((cell) => cell !== '')
            .join('  '),
        ),
      ),
    ),
  ];
}

function text(value: Json | undefined): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

/** Health checks come as a text, as a list of `{name, status}`, or as a count; all become a few words. */
function checksText(checks: Json | undefined): string {
  if (!Array.isArray(checks)) return text(checks);
  const states = (checks as readonly Json[]).map((check) =>
    check !== null && typeof check === 'object' && !Array.isArray(check)
      ? text((check as { status?: Json }).status)
      : text(check),
  );
  const good = states.filter((state) => state === 'passing').length;
  return states.length === 0 ? '' : `${good}/${states.length}`;
}
