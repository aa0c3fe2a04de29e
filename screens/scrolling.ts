import { uneditable } from '../src/engine/editable.ts';
import type { PlannedStep } from '../src/engine/plan.ts';
import type { WrittenProblem } from '../src/problem.ts';
import { commandOf } from './command.ts';
import { commandLines } from './components/command-lines.ts';
import { problemSections } from './components/problem-lines.ts';
import { timelineLines } from './components/timeline-lines.ts';
import { BINDINGS, keyLabel, type Place } from './key-table.ts';
import { BLANK, type Line, line, paragraph, span } from './layout/line.ts';
import { plainProse } from './layout/prose.ts';
import { pad, widthOf } from './layout/text.ts';
import { route } from './route.ts';
import type { Model, Overlay } from './ui-state.ts';

/** What lies over a screen and is longer than it. */
export type Scrolling = Extract<Overlay, { scroll: number }>;

/** Rows that such a text has, beneath the header and a title and above the footer. */
export function textRows({ rows }: Pick<Model, 'rows'>): number {
  return Math.max(2, rows - (rows >= 13 ? 8 : 4));
}

/** The lines from one on, never past the end; the last row says how many are below, where some are. */
export function from(model: Model, lines: readonly Line[], scroll: number): readonly Line[] {
  const rows = textRows(model);
  const start = Math.min(scroll, Math.max(0, lines.length - rows));
  const below = lines.length - start - rows;
  const shown = lines.slice(start, start + rows);
  return below > 0 ? [...shown.slice(0, -1), line(span(model.messages.more(below + 1), 'dim'))] : shown;
}

/** How far a text can be scrolled: a key that is held down does not run on behind its end. */
export function furthest(model: Model, overlay: Scrolling): number {
  return Math.max(0, lengthOf(model, overlay) - textRows(model));
}

function lengthOf(model: Model, overlay: Scrolling): number {
  switch (overlay.kind) {
    case 'help':
      return helpLines(model).length;
    case 'problem':
      return problemLines(model, overlay.problems).length;
    case 'output':
      return model.session?.tails[overlay.step]?.length ?? 0;
    case 'timeline':
      return timelineLines(model, overlay.since).length;
    case 'details': {
      const step = model.session?.plan.steps.find(({ id }) => id === overlay.step);
      return step ? detailLines(model, step).length : 0;
    }
  }
}

/** What the keys of the screen beneath do. */
export function helpLines({ messages, ui, session, width }: Model): readonly Line[] {
  const place = route(ui, session).screen;
  const here = BINDINGS.filter(({ places }) => (places as readonly Place[]).includes(place));
  const names = here.map(({ keys }) => keys.map(keyLabel).join(' '));
  const longest = Math.max(...names.map(widthOf), 0);
  return [
    ...here.flatMap(({ action }, index) =>
      paragraph(messages.actions[action], width, 'plain', [span(`  ${pad(names[index] ?? '', longest)}  `, 'strong')]),
    ),
    BLANK,
    ...messages.help.rules.flatMap((rule) => paragraph(rule, width, 'dim')),
  ];
}

export function problemLines(model: Model, problems: readonly WrittenProblem[]): readonly Line[] {
  return problems.flatMap((problem, index) => [
    ...(index === 0 ? [] : [BLANK]),
    ...problemSections(model, problem).flatMap(({ lines }) => lines),
  ]);
}

/** All that is to be said of a step: what it changes, its prose, its exact command, and why that is not edited. */
export function detailLines(model: Model, step: PlannedStep): readonly Line[] {
  const { messages, session, width } = model;
  if (!session) return [];
  const { plan, state } = session;
  const effect = messages.stage.effect[commandOf(model, step).effect](plan.environment.name);
  const prose = plainProse(step.prose);
  const why = uneditable(step, plan, state);
  return [
    ...paragraph(effect, width, 'dim'),
    ...(prose === '' ? [] : [BLANK, ...paragraph(prose, width)]),
    BLANK,
    ...commandLines(model, step),
    ...(why === undefined || why === 'person' ? [] : [BLANK, ...paragraph(messages.edit.not[why], width, 'dim')]),
  ];
}
