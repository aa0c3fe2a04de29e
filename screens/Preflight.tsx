import { manualLines } from './components/command-lines.ts';
import { Page } from './components/Page.tsx';
import { problemSections } from './components/problem-lines.ts';
import { promise } from './components/promise.ts';
import { stepRows } from './components/step-rows.ts';
import type { Section } from './layout/fit.ts';
import { line, paragraph, span } from './layout/line.ts';
import { failedChecks } from './moves/legs.ts';
import { type Standing, standing } from './moves/step.ts';
import type { Model } from './ui-state.ts';
import { stepState } from './walk.ts';

/** All checks with how they stand; the remedy of the one under the cursor, else of the first that failed. */
export function Preflight({ model }: { model: Model }) {
  const at = standing(model);
  if (!at) return null;
  const { messages, width, ui } = model;
  const { leg } = at;
  const cursor = Math.min(ui.cursor, leg.steps.length - 1);
  // The failed check whose remedy is shown is never the row that has no room.
  const failed = failedChecks(at);
  const underCursor = leg.steps[cursor]?.id ?? '';
  const remedied = failed.includes(underCursor) ? underCursor : failed[0];
  const shown = remedied === undefined ? cursor : leg.steps.findIndex(({ id }) => id === remedied);
  const untouched = leg.steps.every(({ id }) => stepState(at.session.state, id).status === 'waiting');
  const sections: Section[] = [
    { lines: [line(span(messages.preflight.title, 'strong'))], rank: 2, min: 1 },
    { lines: untouched ? paragraph(messages.preflight.intro, width, 'dim') : [], rank: 4, whole: true },
    { lines: stepRows(model, leg.steps, cursor), rank: 1, min: 1, keep: { around: shown }, gap: true },
    ...remedy(model, at, remedied),
    { lines: enterLines(model, at), rank: 0, gap: true },
  ];
  return <Page model={model} sections={sections} />;
}

function remedy(model: Model, at: Standing, id: string | undefined): Section[] {
  const problem = id === undefined || at.state === 'busy' ? undefined : at.session.state.steps[id]?.problem;
  if (!problem) return [];
  return problemSections(model, problem).map((section, index) => ({ ...section, gap: index === 0 }));
}

function enterLines(model: Model, at: Standing) {
  const { messages, width } = model;
  const said = messages.preflight;
  const { leg, session } = at;
  const statuses = leg.steps.map(({ id }) => stepState(session.state, id).status);
  const failed = failedChecks(at).length;
  if (at.state === 'busy') {
    const left = statuses.filter((status) => status === 'waiting' || status === 'running').length;
    return paragraph(said.running(left), width, 'accent');
  }
  if (at.state === 'walked')
    return promise(model, `${said.allPassed(leg.steps.length)}${messages.gap}${said.goesOn}`, 'good');
  const waiting = leg.steps.filter(
    ({ id, language }) => language !== 'manual' && stepState(session.state, id).status === 'waiting',
  );
  if (waiting.length > 0) return promise(model, said.enterRuns(waiting.length + failed), 'plain');
  if (failed === 0) return manualLines(model);
  return promise(model, `${said.failed(failed)}${messages.gap}${said.enterReruns(failed)}`, 'plain');
}
