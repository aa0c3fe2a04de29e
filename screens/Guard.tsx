import { fieldLines } from './components/field-lines.ts';
import { Page } from './components/Page.tsx';
import type { Section } from './layout/fit.ts';
import { line, paragraph, span } from './layout/line.ts';
import { changesAhead, isTyped } from './moves/guard.ts';
import type { Model } from './ui-state.ts';

/** What stands before the first change: the environment is confirmed with `y` and Enter, or by typing its name. */
export function Guard({ model }: { model: Model }) {
  const { messages, ui, width, session, glyphs } = model;
  if (!session) return null;
  const said = messages.guard;
  const { name, reason, rehearsal } = session.plan.environment;
  const changes = changesAhead(model);
  const sections: Section[] = [
    { lines: [line(span(said.title(name), 'strong'))], rank: 1, min: 1 },
    { lines: rehearsal ? paragraph(said.rehearsal, width, 'accent') : [], rank: 2 },
    { lines: reason ? paragraph(reason, width, 'dim') : [], rank: 4 },
    { lines: paragraph(said.willChange(changes), width), rank: 1, gap: true },
    isTyped(model)
      ? {
          lines: [
            ...paragraph(said.typeName(name), width, 'strong'),
            ...fieldLines(model, ui.guard.field, said.wrongName(name)),
          ],
          rank: 0,
          gap: true,
        }
      : {
          lines: [
            ...paragraph(said.confirm, width, 'strong'),
            ...paragraph(
              ui.guard.yes ? said.saidYes(name) : said.sayYes,
              width,
              ui.guard.yes ? 'good' : 'plain',
              ui.guard.yes ? [span(`${glyphs.passed} `, 'good')] : [],
            ),
          ],
          rank: 0,
          gap: true,
        },
  ];
  return <Page model={model} sections={sections} />;
}
