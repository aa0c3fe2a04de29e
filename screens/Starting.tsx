import { startNewsText } from '../src/locale/start-news.ts';
import { REHEARSAL } from '../src/runbook/types.ts';
import { Page } from './components/Page.tsx';
import { line, paragraph, span } from './layout/line.ts';
import type { Model } from './ui-state.ts';

/** What is being waited for; or a run whose records are being read. */
export function Starting({ model }: { model: Model }) {
  const { messages, ui, width, session } = model;
  const said = (ui.starting?.news ?? []).map((news) => startNewsText(messages, news));
  const rehearsal = ui.setup?.environment === REHEARSAL;
  const intro = session || !ui.setup ? messages.starting.attaching : rehearsal ? messages.starting.rehearsal : '';
  return (
    <Page
      model={model}
      sections={[
        { lines: [line(span(messages.starting.title, 'strong'))], rank: 2, min: 1 },
        { lines: intro ? paragraph(intro, width, 'dim') : [], rank: 4, whole: true },
        {
          lines: said.flatMap((row) => paragraph(row, width, 'plain', [span('  ')])),
          rank: 1,
          min: 1,
          keep: 'bottom',
          gap: true,
        },
        { lines: [line(span(messages.starting.wait))], rank: 0, gap: true },
      ]}
    />
  );
}
