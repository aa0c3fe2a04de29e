import { draftRows } from './components/draft-rows.ts';
import { fieldLines } from './components/field-lines.ts';
import { heldBy } from './components/held-by.ts';
import { menu } from './components/menu.ts';
import { Page } from './components/Page.tsx';
import { problemSections } from './components/problem-lines.ts';
import { timelineLines } from './components/timeline-lines.ts';
import type { Section } from './layout/fit.ts';
import { line, paragraph, span } from './layout/line.ts';
import { truncateMiddle, widthOf } from './layout/text.ts';
import { warningOf } from './moves/legs.ts';
import { waysToLeave } from './moves/overlays.ts';
import { route } from './route.ts';
import { detailLines, from, helpLines, problemLines, textRows } from './scrolling.ts';
import { isBusy, type Model, type Overlay as Over } from './ui-state.ts';

/** What lies over a screen: it is drawn in its place, so that nothing else can be read as the question. */
export function Overlay({ model, overlay }: { model: Model; overlay: Over }) {
  return <Page model={model} sections={sectionsOf(model, overlay)} />;
}

function sectionsOf(model: Model, overlay: Over): Section[] {
  switch (overlay.kind) {
    case 'help':
      return help(model, overlay.scroll);
    case 'quit':
      return quit(model, overlay.cursor);
    case 'problem':
      return problems(model, overlay);
    case 'output':
      return output(model, overlay.step, overlay.scroll);
    case 'details':
      return details(model, overlay.step, overlay.scroll);
    case 'timeline':
      return timeline(model, overlay);
    case 'write':
      return write(model, overlay);
    case 'edit':
      return edit(model, overlay);
    case 'sure':
      return sure(model, overlay);
    case 'takeOver':
      return takeOver(model, overlay);
    case 'destroy':
      return destroy(model, overlay);
  }
}

function help(model: Model, scroll: number): Section[] {
  const { messages, ui, session } = model;
  const place = route(ui, session).screen;
  return [
    { lines: [line(span(`${messages.help.title}: ${messages.places[place]}`, 'strong'))], rank: 1, min: 1 },
    { lines: from(model, helpLines(model), scroll), rank: 2, min: 3, gap: true },
  ];
}

function quit(model: Model, cursor: number): Section[] {
  const { messages, width } = model;
  const said = messages.quit;
  const busy = isBusy(model);
  const ways = waysToLeave(model).map((way) => (way === 'detach' && !busy ? 'detach-idle' : way));
  const means = ways[cursor];
  const again = !ways.includes('cancel') ? (busy ? said.again.now : said.again.suspend) : said.again.cancel;
  return [
    { lines: [line(span(said.title, 'strong'))], rank: 1, min: 1 },
    {
      lines: menu(
        model,
        ways.map((way) => ({ label: said.ways[way] })),
        cursor,
      ),
      rank: 0,
      gap: true,
    },
    { lines: paragraph(again, width, 'dim'), rank: 2, whole: true, gap: true },
    { lines: means ? paragraph(said.means[means], width, 'plain') : [], rank: 0, gap: true },
  ];
}

function problems(model: Model, { problems, scroll, warning }: Extract<Over, { kind: 'problem' }>): Section[] {
  const said = model.messages.problem;
  const title = line(span(warning ? said.warning : said.title, 'strong'));
  const [only] = problems;
  const lines = problemLines(model, problems);
  if (problems.length === 1 && only && lines.length <= textRows(model)) {
    return [
      { lines: [title], rank: 2 },
      ...problemSections(model, only).map((section, index) => ({ ...section, gap: index === 0 })),
    ];
  }
  return [
    { lines: [title], rank: 2 },
    { lines: from(model, lines, scroll), rank: 1, gap: true },
  ];
}

function output(model: Model, id: string, scroll: number): Section[] {
  const { messages, session, width, glyphs } = model;
  const said = messages.output;
  const title = session?.plan.steps.find((step) => step.id === id)?.title ?? id;
  const tail = session?.tails[id] ?? [];
  const file = session?.state.steps[id]?.output?.file;
  const rows = textRows(model);
  // No more lines than are seen from here are wrapped: a tail has hundreds.
  const end = Math.max(Math.min(rows, tail.length), tail.length - scroll);
  const shown = tail
    .slice(Math.max(0, end - rows), end)
    .flatMap((row) => paragraph(row, width, 'plain', [span(`${glyphs.bar} `, 'dim')]))
    .slice(-rows);
  return [
    { lines: [line(span(said.title(title), 'strong'))], rank: 1, min: 1 },
    {
      lines: shown.length > 0 ? shown : paragraph(said.empty, width, 'dim'),
      rank: 2,
      min: 2,
      keep: 'bottom',
      gap: true,
    },
    {
      lines: file
        ? [line(span(`${said.file}: `, 'dim'), span(truncateMiddle(file, width - widthOf(said.file) - 2)))]
        : [],
      rank: 1,
      gap: true,
    },
  ];
}

/** A step in full, for terminals where there is no room for it beside the others. */
function details(model: Model, id: string, scroll: number): Section[] {
  const step = model.session?.plan.steps.find((step) => step.id === id);
  if (!step) return [];
  return [
    { lines: paragraph(step.title, model.width, 'strong'), rank: 1, min: 1 },
    { lines: from(model, detailLines(model, step), scroll), rank: 2, min: 3, gap: true },
  ];
}

function timeline(model: Model, { scroll, since }: Extract<Over, { kind: 'timeline' }>): Section[] {
  const { messages, session, width } = model;
  const said = messages.timeline;
  const zone = said.zone(session?.plan.runbook.timezone ?? 'UTC');
  const lines = timelineLines(model, since);
  const title = since === undefined ? said.title : said.meanwhile;
  const rows = textRows(model);
  const end = Math.max(Math.min(rows, lines.length), lines.length - scroll);
  return [
    { lines: [line(span(title, 'strong'), span(width >= 60 ? `  ${zone}` : '', 'dim'))], rank: 1, min: 1 },
    { lines: lines.slice(Math.max(0, end - rows), end), rank: 2, min: 2, keep: 'bottom', gap: true },
  ];
}

function write(model: Model, { about, field }: Extract<Over, { kind: 'write' }>): Section[] {
  const { messages, session, width } = model;
  const said = messages.write;
  const subject =
    'step' in about
      ? session?.plan.steps.find((step) => step.id === about.step)?.title
      : 'item' in about
        ? session?.state.checklist.find((item) => item.id === about.item)?.text
        : undefined;
  return [
    { lines: [line(span(said.titles[about.kind], 'strong'))], rank: 1, min: 1 },
    { lines: subject ? paragraph(subject, width, 'plain', [span('  ')]) : [], rank: 2 },
    { lines: fieldLines(model, field, said.empty), rank: 0, gap: true },
    {
      lines: paragraph(`${said.about[about.kind]}${messages.gap}${said.signed}`, width, 'dim'),
      rank: 3,
      min: 1,
      gap: true,
    },
  ];
}

/** The command with its caret; below it what taking it means, and that what holds for the runbook holds for it. */
function edit(model: Model, { step, draft, wrong }: Extract<Over, { kind: 'edit' }>): Section[] {
  const { messages, session, width, glyphs } = model;
  const said = messages.edit;
  const title = session?.plan.steps.find(({ id }) => id === step)?.title ?? step;
  const { rows, caret } = draftRows(draft, width - 2, glyphs.caret);
  return [
    { lines: paragraph(said.title(title), width, 'strong'), rank: 1, min: 1 },
    { lines: paragraph(said.about, width, 'dim'), rank: 3, whole: true },
    {
      lines: rows.map(({ text, first }) => line(span(`${first ? glyphs.bar : ' '} `, 'dim'), ...text)),
      rank: 1,
      min: 3,
      keep: { around: caret },
      gap: true,
    },
    { lines: wrong ? paragraph(messages.write.empty, width, 'bad', [span(`${glyphs.failed} `, 'bad')]) : [], rank: 0 },
  ];
}

function sure(model: Model, { about, yes }: Extract<Over, { kind: 'sure' }>): Section[] {
  const { messages, width, session, glyphs } = model;
  const said = messages.sure;
  const title = about.kind === 'rollback' ? said.rollback(about.value?.label) : said.seal(about.open);
  const choice = about.kind === 'rollback' ? session?.choices[about.step] : undefined;
  const warning = choice !== undefined && choice !== 'none' ? warningOf(model, choice) : undefined;
  const environment = session?.plan.environment.name ?? '';
  const means =
    about.kind === 'seal'
      ? said.sealMeans
      : `${messages.stage.effect.write(environment)}${warning ? ` · ${warning}` : ''}`;
  return [
    { lines: paragraph(title, width, 'strong'), rank: 0 },
    { lines: paragraph(means, width, 'warn'), rank: 1, min: 1, gap: true },
    {
      lines: paragraph(
        yes ? said.saidYes : said.sayYes,
        width,
        yes ? 'good' : 'plain',
        yes ? [span(`${glyphs.passed} `, 'good')] : [],
      ),
      rank: 0,
      gap: true,
    },
  ];
}

function takeOver(model: Model, { problem, field }: Extract<Over, { kind: 'takeOver' }>): Section[] {
  return [
    ...problemSections(model, heldBy(model, problem)),
    { lines: paragraph(model.messages.takeOver.means, model.width, 'dim'), rank: 3, whole: true },
    { lines: paragraph(model.messages.takeOver.ask, model.width, 'strong'), rank: 0, gap: true },
    { lines: fieldLines(model, field, problem.holder && model.messages.takeOver.wrong(problem.holder.run)), rank: 0 },
  ];
}

function destroy(model: Model, { name, field }: Extract<Over, { kind: 'destroy' }>): Section[] {
  const { messages, width } = model;
  const said = messages.destroy;
  return [
    { lines: paragraph(said.title(name), width, 'bad'), rank: 0 },
    { lines: paragraph(said.type(name), width, 'strong'), rank: 0, gap: true },
    { lines: fieldLines(model, field, said.wrong(name)), rank: 0 },
  ];
}
