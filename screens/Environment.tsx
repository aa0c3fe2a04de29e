import { REHEARSAL } from '../src/runbook/types.ts';
import { fieldLines } from './components/field-lines.ts';
import { menu } from './components/menu.ts';
import { Page } from './components/Page.tsx';
import type { SectionCard } from './desk.ts';
import type { Section } from './layout/fit.ts';
import { bothClocks } from './layout/format.ts';
import { BLANK, type Line, line, paragraph, span } from './layout/line.ts';
import { truncate, widthOf } from './layout/text.ts';
import { chosenRunbook, environmentsOf, sectionCards } from './moves/home.ts';
import { asksOf, drillsOf, fieldOf } from './moves/setup.ts';
import type { Model, UiState } from './ui-state.ts';

type Setup = NonNullable<UiState['setup']>;

/** Walks of a routine that are shown; all of them are in `tejun runs`. */
const SHOWN_WALKS = 8;

/** Where the run takes place, which drill is practised, and the values that the runbook asks for. */
export function Environment({ model }: { model: Model }) {
  const { setup } = model.ui;
  if (!setup) return null;
  const parts = { section: sections, environment: environments, drill: drills, values };
  return <Page model={model} sections={parts[setup.part](model, setup)} />;
}

function sections(model: Model, setup: Setup): Section[] {
  const { messages, width } = model;
  const said = messages.environment;
  const card = chosenRunbook(model);
  const cards = card ? sectionCards(card, setup.flow) : [];
  const chosen = cards[setup.cursor];
  const rows = cards.map((section) => ({ label: section.heading, detail: standingOf(model, section) }));
  return [
    { lines: [line(span(said.sectionTitle, 'strong'))], rank: 2, min: 1 },
    { lines: menu(model, rows, setup.cursor), rank: 1, min: 1, keep: { around: setup.cursor }, gap: true },
    { lines: card && chosen ? routineLog(model, card.timezone, chosen) : [], rank: 3, min: 1, gap: true },
    { lines: paragraph(said.nothingRuns, width), rank: 0, gap: true },
  ];
}

/** How often a routine comes back, and whether it is due. */
function standingOf({ messages }: Model, { every, due }: SectionCard): string {
  const said = messages.routine;
  return every === undefined ? '' : `${said.every[every]}${due ? ` · ${said.due}` : ''}`;
}

/** When a routine was done, by whom, and how it ended; the newest first. */
function routineLog({ messages, width, glyphs }: Model, timezone: string, { flow, log }: SectionCard): Line[] {
  if (flow !== 'routine') return [];
  const said = messages.routine;
  if (log.length === 0) return paragraph(said.never, width, 'dim');
  const walks = log.slice(0, SHOWN_WALKS).flatMap(({ at, by, environment, completed }) => {
    const sign = span(`  ${completed ? glyphs.passed : glyphs.failed} `, completed ? 'good' : 'bad');
    const text = said.done(bothClocks(at, timezone), by, environment);
    return paragraph(completed ? text : `${text} ${glyphs.dot} ${said.notCompleted}`, width, 'dim', [sign]);
  });
  return [line(span(said.log, 'dim')), ...walks];
}

function environments(model: Model, setup: Setup): Section[] {
  const { messages, width } = model;
  const said = messages.environment;
  const card = chosenRunbook(model);
  const all = card ? environmentsOf(card) : [];
  const rows = all.map(({ name, guard }) => {
    const rehearsal = name === REHEARSAL;
    const sealed = guard === 'sealed';
    return {
      label: rehearsal && said.rehearsal !== REHEARSAL ? `${name} (${said.rehearsal})` : name,
      detail: rehearsal ? said.rehearsalIntro : sealed ? said.sealed : said.guards[guard],
      off: sealed,
    };
  });
  const chosen = all[setup.cursor];
  const sealed = chosen?.guard === 'sealed';
  const why = chosen?.reason ?? (sealed ? said.guards.sealed : undefined);
  return [
    { lines: [line(span(said.title, 'strong'))], rank: 2, min: 1 },
    { lines: menu(model, rows, setup.cursor), rank: 1, min: 1, keep: { around: setup.cursor }, gap: true },
    { lines: why === undefined ? [] : paragraph(why, width, sealed ? 'warn' : 'dim'), rank: sealed ? 1 : 4, gap: true },
    {
      lines: paragraph(sealed ? said.cannotEnter : said.enterChooses(chosen?.name ?? ''), width),
      rank: 0,
      gap: why === undefined,
    },
  ];
}

function drills(model: Model, setup: Setup): Section[] {
  const { messages, width } = model;
  const said = messages.environment;
  const known: Readonly<Record<string, string>> = messages.drills;
  const rows = [
    { label: said.noDrill },
    ...drillsOf(model, setup).map(({ name }) => ({
      label: known[name] ?? name,
      ...(known[name] ? { detail: name } : {}),
    })),
  ];
  return [
    { lines: [line(span(said.drillTitle, 'strong'))], rank: 2, min: 1 },
    { lines: menu(model, rows, setup.cursor), rank: 1, min: 1, keep: { around: setup.cursor }, gap: true },
    { lines: paragraph(said.drillIntro, width, 'dim'), rank: 4, whole: true, gap: true },
    { lines: paragraph(said.nothingRuns, width), rank: 0 },
  ];
}

function values(model: Model, setup: Setup): Section[] {
  const { messages, width } = model;
  const said = messages.environment;
  const asks = asksOf(model);
  const rows: Line[] = [];
  let cursorRow = 0;
  for (const [index, spec] of asks.entries()) {
    const field = fieldOf(setup, spec, model);
    const at = index === setup.field;
    if (!at) {
      // The value is what matters: its question gives way.
      const room = Math.max(8, width - widthOf(field.text) - 4);
      rows.push(line(span(`  ${truncate(spec.ask ?? spec.name, room)}: `, 'dim'), field.text));
      continue;
    }
    if (index > 0) rows.push(BLANK);
    rows.push(...paragraph(spec.ask ?? spec.name, width, 'strong', [span('  ')]));
    cursorRow = rows.length;
    const why: Readonly<Record<string, string>> = {
      empty: said.required,
      pattern: said.pattern(spec.pattern ?? ''),
      choice: said.choice(spec.choices?.join(', ') ?? ''),
    };
    if (spec.choices) rows.push(choices(spec.choices, field.text));
    else rows.push(...fieldLines(model, field, why[field.wrong ?? '']));
    if (index < asks.length - 1) rows.push(BLANK);
  }
  const last = setup.field >= asks.length - 1;
  return [
    { lines: [line(span(said.valuesTitle, 'strong'))], rank: 2, min: 1 },
    { lines: rows, rank: 1, min: 1, keep: { around: cursorRow }, gap: true },
    {
      lines: paragraph(last ? said.enterStarts(setup.environment ?? REHEARSAL) : said.nothingRuns, width),
      rank: 0,
      gap: true,
    },
  ];
}

function choices(all: readonly string[], chosen: string): Line {
  return line(
    span('  '),
    ...all.flatMap((choice) => [
      span(choice === chosen ? `[${choice}]` : ` ${choice} `, choice === chosen ? 'strong' : 'dim'),
      span(' '),
    ]),
  );
}
