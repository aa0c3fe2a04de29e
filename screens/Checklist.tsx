import { itemsOfRun, openItems } from '../src/engine/checklist.ts';
import type { CheckState } from '../src/engine/state.ts';
import { Page } from './components/Page.tsx';
import { promise } from './components/promise.ts';
import { bothClocks } from './layout/format.ts';
import { type Line, line, paragraph, span, type Tone } from './layout/line.ts';
import { pad, truncate, widthOf } from './layout/text.ts';
import type { Model } from './ui-state.ts';
import { stepState } from './walk.ts';

const TONES: Readonly<Record<CheckState['state'], Tone>> = {
  open: 'plain',
  done: 'good',
  'not-applicable': 'dim',
  'not-done': 'bad',
};

/** So many hexadecimal digits of a digest are shown; the report has all. */
const SHOWN_DIGEST = 12;

/** The runbook's checklist: what steps proved ticks itself, the rest is attested by a person. */
export function Checklist({ model }: { model: Model }) {
  const { messages, ui, session, width } = model;
  const said = messages.checklist;
  const items = session ? itemsOfRun(session.state) : [];
  const open = session ? openItems(session.state).length : 0;
  const overIncident = session?.plan.flow === 'incident';
  return (
    <Page
      model={model}
      sections={[
        { lines: [line(span(said.title, 'strong'))], rank: 2, min: 1 },
        items.length === 0
          ? { lines: paragraph(overIncident ? messages.incident.over : said.none, width, 'dim'), rank: 1 }
          : {
              lines: items.map((item, index) => row(model, item, index === ui.cursor)),
              rank: 1,
              min: 1,
              keep: { around: ui.cursor },
              gap: true,
            },
        { lines: evidence(model, items[ui.cursor]), rank: 2, gap: true },
        {
          lines: promise(
            model,
            `${open > 0 ? said.open(open) : said.allDone}${messages.gap}${said.enterSeals}`,
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
    const { status, summary, endedAt, output } = stepState(session.state, id);
    const found = [
      said.provedBy(title),
      messages.status[status],
      ...(endedAt ? [bothClocks(endedAt, session.plan.runbook.timezone)] : []),
      ...(summary ? [summary] : []),
      ...(output ? [said.output(output.sha256.slice(0, SHOWN_DIGEST))] : []),
    ];
    lines.push(...paragraph(found.join(` ${glyphs.dot} `), width, 'dim', [span('  ')]));
  }
  if (item.by !== undefined) {
    const note = item.note === undefined ? '' : `: ${item.note}`;
    lines.push(...paragraph(`${said.attestedBy(item.by)}${note}`, width, 'dim', [span('  ')]));
  }
  return lines;
}
