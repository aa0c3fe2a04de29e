import { triageOf } from '../src/engine/incident.ts';
import { menu } from './components/menu.ts';
import { Page } from './components/Page.tsx';
import { line, paragraph, span } from './layout/line.ts';
import { symptomChoices } from './moves/incident.ts';
import type { Model } from './ui-state.ts';

/** What is wrong, by the runbook's own headings; whoever does not know looks at everything. */
export function Symptom({ model }: { model: Model }) {
  const { messages, session, ui, width } = model;
  if (!session) return null;
  const said = messages.incident;
  const rows = symptomChoices(model).map((symptom) => ({
    label: symptom ?? said.unknown,
    detail: said.checks(triageOf(session.plan, symptom).length),
  }));
  return (
    <Page
      model={model}
      sections={[
        { lines: [line(span(said.asks, 'strong'))], rank: 2, min: 1 },
        { lines: menu(model, rows, ui.cursor), rank: 1, min: 1, keep: { around: ui.cursor }, gap: true },
        { lines: paragraph(said.onlyReads, width), rank: 0, gap: true },
      ]}
    />
  );
}
