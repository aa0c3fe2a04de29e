import type { CheckState } from '../src/engine/state.ts';
import { Page } from './components/Page.tsx';
import { type Line, line, paragraph, span, type Tone } from './layout/line.ts';
import { pad, truncate, widthOf } from './layout/text.ts';
import { openItems } from './moves/end.ts';
import type { Model } from './ui-state.ts';
import { stepState } from './walk.ts';

const TONES: Readonly<Record<CheckState['state'], Tone>> = {
  open: 'plain',
  done: 'good',
  'not-applicable': 'dim',
  'not-done': 'bad',
};

/** The runbook's checklist: what steps proved ticks itself, the rest is attested by a person. */
export function Checklist({ model }: { model: Model }) {
  const { messages, ui, session, width } = model;
  const said = messages.checklist;
  const items = session?.state.checklist ?? [];
  const open = openItems(model);
  return (
    <Page
      model={model}
      sections={[
        { lines: [line(span(said.title, 'strong'))], rank: 2, min: 1 },
        items.length === 0
          ? { lines: paragraph(said.none, width, 'dim'), rank: 1 }
          : {
              lines: items.map((item, index) => row(model, item, index === ui.cursor)),
              rank: 1,
              min: 1,
              keep: { around: ui.cursor },
              gap: true,
            },
        { lines: evidence(model, items[ui.cursor]), rank: 2, gap: true },
        {
          lines: paragraph(
            `${open > 0 ? said.open(open) : said.allDone}${messages.gap}${said.enterSeals}`,
            width,
            open > 0 ? 'strong' : 'good',
          ),
          rank: 0,
          gap: true,
        },
      ]}
    />
  );
}

function row({ messages, glyphs, width }: Model, { text, state }: CheckState, at: boolean): Line {
  const signs = {
    open: glyphs.open,
    done: glyphs.done,
    'not-applicable': glyphs.notApplicable,
    'not-done': glyphs.notDone,
  };
  const word = messages.checklist.states[state];
  const room = width - 2 - 4 - 2 - widthOf(word);
  return line(
    span(at ? `${glyphs.cursor} ` : '  ', 'accent'),
    span(`${signs[state]} `, TONES[state]),
    span(pad(truncate(text, room), room), at ? 'strong' : 'plain'),
    span('  '),
    span(word, TONES[state]),
  );
}

/** The whole text of an item, and what stands for it: the steps that prove it, or who said so. */
function evidence(model: Model, item: CheckState | undefined): Line[] {
  const { messages, session, width, glyphs } = model;
  if (!item || !session) return [];
  const said = messages.checklist;
  const lines = widthOf(item.text) > width - 20 ? paragraph(item.text, width, 'plain', [span('  ')]) : [];
  for (const id of item.steps) {
    const title = session.plan.steps.find((step) => step.id === id)?.title ?? id;
    const { status, summary } = stepState(session.state, id);
    const found = `${said.provedBy(title)} ${glyphs.dot} ${messages.status[status]}${summary ? ` ${glyphs.dot} ${summary}` : ''}`;
    lines.push(...paragraph(found, width, 'dim', [span('  ')]));
  }
  if (item.by !== undefined) {
    const note = item.note === undefined ? '' : `: ${item.note}`;
    lines.push(...paragraph(`${said.attestedBy(item.by)}${note}`, width, 'dim', [span('  ')]));
  }
  return lines;
}
