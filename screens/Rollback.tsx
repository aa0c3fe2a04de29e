import { commandLines } from './components/command-lines.ts';
import { menu } from './components/menu.ts';
import { Page } from './components/Page.tsx';
import { stepRows } from './components/step-rows.ts';
import type { Section } from './layout/fit.ts';
import { optionLabel } from './layout/format.ts';
import { line, paragraph, span } from './layout/line.ts';
import { choiceOf, optionIndex, warningOf } from './moves/legs.ts';
import { type Standing, standing } from './moves/step.ts';
import { aboutStep } from './Stage.tsx';
import type { Model } from './ui-state.ts';

/** The way back: what there is to go back to, the suggested one preselected, and what it will not undo. */
export function Rollback({ model }: { model: Model }) {
  const at = standing(model);
  if (!at) return null;
  const { leg, next } = at;
  const { messages } = model;
  const index = next ? leg.steps.indexOf(next) : leg.steps.length - 1;
  const sections: Section[] = [
    {
      lines: [line(span(messages.rollback.title, 'strong'), span(`  ${messages.stageIntro.rollback}`, 'dim'))],
      rank: 2,
      min: 1,
    },
    {
      lines: stepRows(model, leg.steps, next ? index : undefined),
      rank: 3,
      keep: { around: index },
      gap: true,
    },
    ...about(model, at),
  ];
  return <Page model={model} sections={sections} />;
}

function about(model: Model, at: Standing): Section[] {
  const { messages, width } = model;
  const said = messages.rollback;
  if (at.state === 'walked') return [{ lines: paragraph(said.done, width, 'good'), rank: 0, gap: true }];
  if (at.state === 'busy' || !at.next || at.next.language === 'manual') return aboutStep(model, at);
  const choice = choiceOf(at);
  const failure = at.state === 'held' ? aboutStep(model, at).slice(0, 2) : [];
  if (!choice) {
    const awaited = at.session.choices[at.next.id] === undefined;
    return [
      ...failure,
      { lines: awaited ? [] : commandLines(model, at.next), rank: 2, min: 2, gap: true },
      {
        lines: paragraph(awaited ? said.loading : said.enterRuns, width, awaited ? 'accent' : 'strong'),
        rank: 0,
        gap: true,
      },
    ];
  }
  const index = optionIndex(model, at);
  const detail = choice.options[index]?.detail;
  const warning = warningOf(model, choice);
  return [
    ...failure,
    { lines: [line(span(said.pick, 'strong'))], rank: 2, min: 1, gap: true },
    {
      lines: menu(
        model,
        choice.options.map((option) => ({ label: optionLabel(option, at.session.plan.runbook.timezone) })),
        index,
      ),
      rank: 1,
      min: 1,
      keep: { around: index },
    },
    { lines: detail ? paragraph(detail, width, 'dim', [span('  ')]) : [], rank: 3 },
    {
      lines: warning ? paragraph(warning, width, 'warn', [span('! ', 'warn')]) : [],
      rank: 0,
      gap: true,
    },
    { lines: paragraph(said.enterPicks, width, 'strong'), rank: 0 },
  ];
}
