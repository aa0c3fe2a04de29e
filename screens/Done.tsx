import { countOutcomes } from '../src/engine/state.ts';
import { Page } from './components/Page.tsx';
import { journalPath } from './farewell.ts';
import type { Section } from './layout/fit.ts';
import { line, paragraph, span, type Tone } from './layout/line.ts';
import { endTitle } from './moves/end.ts';
import type { Model } from './ui-state.ts';

/** How it ended, where the journal is, how anyone can verify it, and what to do next. */
export function Done({ model }: { model: Model }) {
  const { messages, session, width, glyphs } = model;
  const said = messages.done;
  if (!session) return null;
  const { state, plan } = session;
  const outcome = state.seal?.outcome;
  const good = outcome === 'completed';
  const tone: Tone = good ? 'good' : outcome === undefined || outcome === 'rolled-back' ? 'warn' : 'bad';
  const { passed, failed, skipped, refused, unknown } = countOutcomes(state);
  const open = state.seal?.open.length ?? 0;
  const { rehearsal } = plan.environment;
  const sections: Section[] = [
    {
      lines: paragraph(endTitle(model), width, tone, [
        span(
          `${good ? glyphs.passed : outcome === undefined || outcome === 'rolled-back' ? '!' : glyphs.failed} `,
          tone,
        ),
      ]),
      rank: 0,
    },
    {
      lines: [
        line(span('  '), said.counts(passed, failed, skipped, refused + unknown)),
        ...(open > 0 ? [line(span('  '), span(said.openItems(open), 'warn'))] : []),
      ],
      rank: 2,
    },
    { lines: outcome ? sealLines(model) : [], rank: 2, gap: true },
    {
      lines: paragraph(`${said.journal}: ${journalPath(session)}`, width),
      rank: 1,
      gap: true,
    },
    { lines: outcome ? paragraph(rehearsal ? said.nextRehearsal : said.next, width) : [], rank: 3, gap: true },
    {
      lines: paragraph(
        session.exit !== undefined ? said.enterLeaves : said.closing,
        width,
        session.exit === undefined ? 'accent' : 'strong',
      ),
      rank: 0,
      gap: true,
    },
  ];
  return <Page model={model} sections={sections} />;
}

function sealLines({ messages, session, width }: Model) {
  const said = messages.done;
  const { signer, signature } = session?.state ?? {};
  const signed = signature !== undefined || (signer !== undefined && signer.source !== 'none');
  return [
    ...(session?.plan.environment.rehearsal ? paragraph(said.rehearsalSeal, width, 'accent', [span('  ')]) : []),
    ...(signed
      ? paragraph(said.signedBy(signature?.by ?? signer?.by ?? ''), width, 'plain', [span('  ')])
      : paragraph(said.unsigned, width, 'warn', [span('  ')])),
  ];
}
