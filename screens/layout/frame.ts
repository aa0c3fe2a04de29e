import { openIncident } from '../../src/engine/state.ts';
import { isSettled } from '../../src/engine/walk.ts';
import { REHEARSAL } from '../../src/runbook/types.ts';
import { type Action, BINDINGS, keyLabel } from '../key-table.ts';
import { chosenRunbook } from '../moves/home.ts';
import { activeKeys } from '../press.ts';
import type { Model } from '../ui-state.ts';
import { inAscii } from './ascii.ts';
import { fit, type Section } from './fit.ts';
import { clock } from './format.ts';
import { BLANK, clip, type Line, line, type Span, span } from './line.ts';
import { truncate, widthOf } from './text.ts';

/** The widest that anything is drawn: wider lines would leave ghosts when a terminal shrinks, and are hard to read. */
export const MAX_WIDTH = 76;

/** Below so many rows the header is one line, and the footer may take two only when it must. */
const ROOMY_ROWS = 15;

/** The columns and rows to draw on, from the terminal's: always two rows and one column less than it has. */
export function drawingArea(columns: number, rows: number): { width: number; rows: number } {
  return { width: Math.max(1, Math.min(columns - 1, MAX_WIDTH)), rows: Math.max(1, rows - 2) };
}

/**
 * A whole frame: where the operator is, the screen's sections as far as they fit, and the keys. Never more than
 * `model.rows` lines, none wider than `model.width`.
 */
export function compose(model: Model, sections: readonly Section[]): Line[] {
  const roomy = model.rows + 2 >= ROOMY_ROWS;
  const header = headerOf(model, roomy);
  const footer = footerOf(model, 2);
  const early: Section[] = model.ui.tooEarly
    ? [{ lines: [line(span(model.messages.tooEarly, 'warn'))], rank: 1, min: 1 }]
    : [];
  const around = header.length + footer.length + (roomy ? 2 : 0);
  const body = fit([...sections, ...early], Math.max(1, model.rows - around), model.messages.more);
  const gap = roomy ? [BLANK] : [];
  const rows = [...header, ...gap, ...body, ...gap, ...footer].slice(-model.rows).map((row) => clip(row, model.width));
  return model.glyphs.ascii ? rows.map(inAscii) : rows;
}

/** What the environment is called on the screen: a rehearsal says so in words, on every screen. */
export function environmentLabel({ ui, session, messages }: Model): Span | undefined {
  const environment = session?.plan.environment;
  const name = environment?.name ?? ui.setup?.environment;
  if (name === undefined) return undefined;
  if (environment ? environment.rehearsal : name === REHEARSAL) return span(messages.header.rehearsal, 'accent');
  return span(name, 'warn');
}

/** Who watches another host's run sees what its team's store has: how late that may be is said all the time. */
function watching({ session, messages }: Model): string {
  const behindMs = session?.behindMs;
  return behindMs === undefined ? messages.header.watching : messages.header.watchingBehind(behindMs / 1000);
}

function headerOf(model: Model, roomy: boolean): Line[] {
  const { ui, session, messages, glyphs, width, now } = model;
  const dot = span(` ${glyphs.dot} `, 'dim');
  const title = session?.plan.runbook.title ?? chosenRunbook(model)?.title;
  const where: Span[] = [];
  const environment = environmentLabel(model);
  if (environment) where.push(environment);
  const begin = session?.state.begin;
  if (ui.watching) where.push(span(watching(model), 'accent'));
  if (session && begin) {
    const { plan, state } = session;
    const at = plan.path.findIndex((id) => !isSettled(state, id));
    const of = plan.path.length;
    if (openIncident(state)) where.push(span(messages.incident.title, 'bad'));
    else where.push(span(messages.header.step(at < 0 ? of : at + 1, of)));
    const end = state.seal ? Date.parse(state.seal.at) : now;
    where.push(span(clock(end - Date.parse(begin.at))));
  } else if (session || ui.starting) {
    where.push(span(messages.starting.title));
  }
  const joined = where.flatMap((part, index) => (index === 0 ? [part] : [dot, part]));
  if (roomy) {
    const first = line(span('tejun', 'strong'), ...(title === undefined ? [] : [dot, span(title)]));
    return joined.length > 0 ? [first, joined] : [first];
  }
  // Where there is little room the title gives way first: the environment and the step must be read.
  const used = [...joined, dot].reduce((sum, { text }) => sum + widthOf(text), 0);
  const rest = title === undefined ? 'tejun' : truncate(title, width - used);
  return [[...joined, ...(joined.length > 0 ? [dot] : []), span(rest, title === undefined ? 'strong' : 'dim')]];
}

/** Keys that do in a text what they do everywhere: they are listed in docs/keys.md, and take no room here. */
const AS_EVERYWHERE: ReadonlySet<Action> = new Set([
  ...(['caretLeft', 'caretRight', 'lineStart', 'lineEnd', 'eraseNext'] as const),
  ...(['pageUp', 'pageDown', 'first', 'last'] as const),
]);

/** The keys that can be pressed now, the most important first; what has no room is found under `?`. */
export function footerOf(model: Model, maxLines: number): Line[] {
  const { messages, width } = model;
  const active = activeKeys(model);
  const both = active.includes('up') && active.includes('down');
  const entries = active.flatMap((action): [string, string][] => {
    if (both && action === 'down') return [];
    if (both && action === 'up') return [['↑↓', messages.move]];
    if (action === 'nextChoice' || (action === 'previousField' && both) || AS_EVERYWHERE.has(action)) return [];
    if (action === 'previousChoice') return [['←→', messages.keys.choose]];
    if (action === 'askQuit' && active.includes('quit')) return [];
    const key = BINDINGS.find((binding) => binding.action === action)?.keys[0] ?? '';
    return [[keyLabel(key), messages.keys[action]]];
  });
  // The way out and the help are never the ones to be left out.
  const last = entries.filter(([key]) => key === '?' || key === 'q' || key === 'Ctrl-C');
  const first = entries.filter((entry) => !last.includes(entry));
  while (first.length > 0 && rowsOf([...first, ...last], width).length > maxLines) first.pop();
  return rowsOf([...first, ...last], width).slice(0, maxLines);
}

function rowsOf(entries: readonly [string, string][], width: number): Line[] {
  const rows: Span[][] = [[]];
  let used = 0;
  for (const [key, label] of entries) {
    const columns = widthOf(`${key} ${label}`);
    if (used > 0 && used + 3 + columns > width) {
      rows.push([]);
      used = 0;
    }
    if (used > 0) rows.at(-1)?.push(span('   '));
    rows.at(-1)?.push(span(key, 'strong'), span(` ${label}`, 'dim'));
    used += (used > 0 ? 3 : 0) + columns;
  }
  return rows;
}
