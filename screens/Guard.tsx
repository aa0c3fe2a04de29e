import { fieldLines } from './components/field-lines.ts';
import { Page } from './components/Page.tsx';
import type { Section } from './layout/fit.ts';
import { line, paragraph, span } from './layout/line.ts';
import { approvals, changesAhead, isApproved, isTyped } from './moves/guard.ts';
import type { Model } from './ui-state.ts';

/** What stands before the first change: the environment is confirmed with `y` and Enter, or by typing its name. */
export function Guard({ model }: { model: Model }) {
  const { messages, width, session } = model;
  if (!session) return null;
  const said = messages.guard;
  const { name, reason, rehearsal } = session.plan.environment;
  const changes = changesAhead(model);
  const sections: Section[] = [
    { lines: [line(span(said.title(name), 'strong'))], rank: 1, min: 1 },
    { lines: rehearsal ? paragraph(said.rehearsal, width, 'accent') : [], rank: 2 },
    { lines: reason ? paragraph(reason, width, 'dim') : [], rank: 4 },
    { lines: paragraph(said.willChange(changes), width), rank: 1, gap: true },
    ...(isApproved(model) ? approval(model, session.run) : [confirmation(model, name)]),
  ];
  return <Page model={model} sections={sections} />;
}

function confirmation(model: Model, name: string): Section {
  const { messages, ui, width, glyphs } = model;
  const said = messages.guard;
  if (isTyped(model)) {
    const typed = fieldLines(model, ui.guard.field, said.wrongName(name));
    return { lines: [...paragraph(said.typeName(name), width, 'strong'), ...typed], rank: 0, gap: true };
  }
  const { yes } = ui.guard;
  const answer = paragraph(
    yes ? said.saidYes(name) : said.sayYes,
    width,
    yes ? 'good' : 'plain',
    yes ? [span(`${glyphs.passed} `, 'good')] : [],
  );
  return { lines: [...paragraph(said.confirm, width, 'strong'), ...answer], rank: 0, gap: true };
}

/** What is waited for, and how it comes about. Nothing here answers it. */
function approval({ messages, width }: Model, run: string): Section[] {
  const said = messages.guard;
  const { here, elsewhere, give } = approvals(run);
  const way = (text: string) => paragraph(text, width, 'plain', [span('  ')]);
  return [
    // Half a command is none.
    {
      lines: [...way(said.approveElsewhere(elsewhere)), ...way(said.approveGive(give))],
      rank: 2,
      whole: true,
      gap: true,
    },
    { lines: [...paragraph(said.approve, width, 'strong'), ...way(said.approveHere(here))], rank: 0, gap: true },
  ];
}
