import { menu } from './components/menu.ts';
import { Page } from './components/Page.tsx';
import type { RunbookCard, RunCard } from './desk.ts';
import type { Section } from './layout/fit.ts';
import { bothClocks } from './layout/format.ts';
import { type Line, line, paragraph, span } from './layout/line.ts';
import { widthOf } from './layout/text.ts';
import { chosenRunbook, homeEntries } from './moves/home.ts';
import type { Model } from './ui-state.ts';

/** What there is to run: unfinished runs first, then the runbooks; and what to do with the chosen one. */
export function Home({ model }: { model: Model }) {
  return <Page model={model} sections={chosenRunbook(model) ? flows(model) : list(model)} />;
}

function list(model: Model): Section[] {
  const { front, messages, ui, width } = model;
  const { home } = messages;
  const entries = homeEntries(model);
  if (front.runbooks === undefined) return [{ lines: [line(span(home.loading, 'dim'))], rank: 0 }];
  if (entries.length === 0) return [{ lines: paragraph(home.empty, width), rank: 0 }];

  const rows: Line[] = [];
  let cursorRow = 0;
  for (const [index, entry] of entries.entries()) {
    const before = entries[index - 1]?.kind;
    if (entry.kind !== before && entries[0]?.kind === 'run') {
      rows.push(line(span(entry.kind === 'run' ? home.unfinished : home.runbooks, 'dim')));
    }
    if (index === ui.home.cursor) cursorRow = rows.length;
    const row = entry.kind === 'run' ? runRow(model, entry.card) : runbookRow(model, entry.card);
    rows.push(...menu(model, [row], index === ui.home.cursor ? 0 : -1));
  }
  const entry = entries[ui.home.cursor];
  const broken = entry?.kind === 'runbook' && entry.card.problems.length > 0;
  const size = entry?.kind === 'runbook' ? runbookRow(model, entry.card) : undefined;
  const hidden = size !== undefined && widthOf(size.label) + widthOf(size.detail) + 4 > width;
  return [
    { lines: [line(span(home.title, 'strong'))], rank: 2, min: 1 },
    { lines: rows, rank: 1, min: 1, keep: { around: cursorRow }, gap: true },
    { lines: entry?.kind === 'run' ? aboutRun(model, entry.card) : [], rank: 3, gap: true },
    { lines: hidden ? paragraph(size.detail, width, broken ? 'bad' : 'dim', [span('  ')]) : [], rank: 3 },
    {
      lines: paragraph(entry?.kind === 'run' ? home.enterAttaches : broken ? home.enterShows : home.enterOpens, width),
      rank: 0,
      gap: true,
    },
  ];
}

function runRow({ messages }: Model, card: RunCard) {
  const state = card.state === 'live' ? messages.home.live : messages.home.stopped;
  return { label: `${card.title} · ${card.environment}`, detail: state };
}

function runbookRow({ messages }: Model, card: RunbookCard) {
  const { problems } = card;
  const detail =
    problems.length > 0 ? messages.home.cannotStart(problems.length) : messages.home.size(card.steps, card.checklist);
  return { label: card.title, detail, off: problems.length > 0 };
}

function aboutRun({ messages, width }: Model, card: RunCard): Line[] {
  return [
    ...paragraph(messages.home.at(card.at), width, 'dim', [span('  ')]),
    ...paragraph(messages.home.startedBy(card.operator, bothClocks(card.startedAt, card.timezone)), width, 'dim', [
      span('  '),
    ]),
  ];
}

function flows(model: Model): Section[] {
  const { messages, ui, width } = model;
  const { home } = messages;
  const all = chosenRunbook(model)?.flows ?? [];
  const flow = all[ui.home.flow];
  return [
    { lines: [line(span(home.whatToDo, 'strong'))], rank: 2, min: 1 },
    {
      lines: menu(
        model,
        all.map((name) => ({ label: home.flows[name] })),
        ui.home.flow,
      ),
      rank: 1,
      min: 1,
      keep: { around: ui.home.flow },
      gap: true,
    },
    { lines: flow ? paragraph(home.flowIntro[flow], width, 'dim') : [], rank: 4, whole: true, gap: true },
    { lines: paragraph(messages.environment.nothingRuns, width), rank: 0 },
  ];
}
