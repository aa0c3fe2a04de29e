import type { Finding, Picture } from '../src/engine/incident.ts';
import { openIncident } from '../src/engine/state.ts';
import { Page } from './components/Page.tsx';
import { problemSections } from './components/problem-lines.ts';
import type { Glyphs } from './glyphs.ts';
import type { Section } from './layout/fit.ts';
import { clock } from './layout/format.ts';
import { type Line, line, paragraph, span, type Tone } from './layout/line.ts';
import { pad, truncate, widthOf } from './layout/text.ts';
import { lackingSecrets, pictureNow, type Row, rowAt } from './picture.ts';
import type { Session } from './session.ts';
import { isBusy, type Model } from './ui-state.ts';
import { stepState } from './walk.ts';

const TONES: Readonly<Record<Finding, Tone>> = {
  wrong: 'bad',
  unseen: 'warn',
  looking: 'accent',
  told: 'plain',
  fine: 'good',
};

const SIGNS: Readonly<Record<Finding, keyof Glyphs>> = {
  wrong: 'failed',
  unseen: 'unknown',
  looking: 'running',
  told: 'dot',
  fine: 'passed',
};

/** An incident on one screen: what is wrong, what nobody has seen yet, what is fine; and what can be done about it. */
export function Incident({ model }: { model: Model }) {
  const { session, ui, width } = model;
  const picture = pictureNow(model);
  if (!session || !picture) return null;
  const { checks } = picture;
  const inRemedies = ui.cursor >= checks.length;
  const rows = remedyRows(model, picture);
  const cursorRow = rows.findIndex(({ at }) => at);
  const sections: Section[] = [
    { lines: [titleLine(model, session)], rank: 3 },
    { lines: [countLine(model, picture)], rank: 1, min: 1 },
    {
      lines: checks.map((check, index) => checkRow(model, session, check, index === ui.cursor)),
      rank: inRemedies ? 2 : 1,
      min: inRemedies ? 1 : 2,
      keep: { around: Math.min(ui.cursor, checks.length - 1) },
      gap: true,
    },
    ...about(model, session),
    {
      lines: rows.map(({ row }) => row),
      rank: inRemedies ? 1 : 2,
      min: 3,
      keep: inRemedies ? { around: cursorRow } : 'top',
      gap: true,
    },
    { lines: paragraph(promise(model, session), width, isBusy(model) ? 'accent' : 'strong'), rank: 0, gap: true },
  ];
  return <Page model={model} sections={sections} />;
}

function titleLine({ messages, now }: Model, { state }: Session): Line {
  const said = messages.incident;
  const incident = openIncident(state);
  const since = incident ? said.open(clock(now - Date.parse(incident.openedAt))) : '';
  return line(span(said.title, 'strong'), span(`  ${incident?.symptom ?? said.everything}`), span(`  ${since}`, 'dim'));
}

function countLine({ messages }: Model, { checks }: Picture): Line {
  const count = (finding: Finding) => checks.filter((check) => check.finding === finding).length;
  const wrong = count('wrong');
  const counts = messages.incident.counts(wrong, count('unseen'), count('told'), count('fine'));
  return line(span(counts, wrong > 0 ? 'bad' : 'plain'));
}

function checkRow(model: Model, session: Session, { step, finding }: Picture['checks'][number], at: boolean): Line {
  const { messages, glyphs, width } = model;
  const words = messages.incident.findings;
  const wordWidth = Math.max(...Object.values(words).map(widthOf));
  const room = width - wordWidth - 6;
  const tells = summaryOf(model, session, step.id);
  const titleWidth = tells !== '' && room >= 48 ? Math.min(widthOf(step.title), Math.floor(room * 0.55)) : room;
  const tellsWidth = Math.max(0, room - titleWidth - 2);
  return line(
    span(at ? `${glyphs.cursor} ` : '  ', 'accent'),
    span(`${glyphs[SIGNS[finding]]} `, TONES[finding]),
    span(pad(step.title, titleWidth), at ? 'strong' : 'plain'),
    span(titleWidth < room ? `  ${pad(truncate(tells, tellsWidth), tellsWidth)}` : '', 'dim'),
    span('  '),
    span(pad(words[finding], wordWidth, 'right'), TONES[finding]),
  );
}

/** What a check said; or why nobody has looked. */
function summaryOf({ messages }: Model, session: Session, id: string): string {
  const steps = session.plan.steps.filter(({ stage }) => stage === 'triage');
  const step = steps.find((each) => each.id === id);
  const { summary, status } = stepState(session.state, id);
  if (status !== 'waiting' || !step) return summary ?? '';
  const lacking = lackingSecrets(step, session, steps);
  const needed = step.needs.flatMap((need) => {
    const { status } = stepState(session.state, need);
    return status === 'passed' ? [] : (session.plan.steps.find((other) => other.id === need)?.title ?? need);
  });
  const missing = lacking.length > 0 ? lacking : needed;
  return missing.length > 0 ? messages.incident.needs(missing.join(', ')) : '';
}

/** What the check under the cursor found, and what to do about it. */
function about(model: Model, session: Session): Section[] {
  const row = rowAt(model);
  if (!row || 'fits' in row) return [];
  const { problem, summary, status } = stepState(session.state, row.step.id);
  if (problem && row.finding === 'wrong') {
    // The checks and the remedies are the picture: beside them the problem gives way, what happened last of it.
    return problemSections(model, problem).map((section, index) => ({
      ...section,
      rank: section.rank < 2 ? 3 : 4,
      min: section.rank < 2 ? 1 : 0,
      gap: index === 0,
    }));
  }
  const text = status === 'waiting' ? summaryOf(model, session, row.step.id) : (summary ?? '');
  return [{ lines: text === '' ? [] : paragraph(text, model.width, 'dim', [span('  ')]), rank: 4, gap: true }];
}

function remedyRows(model: Model, { checks, remedies }: Picture): { row: Line; at: boolean }[] {
  const { messages, glyphs, width, ui, session } = model;
  const said = messages.incident;
  const rows: { row: Line; at: boolean }[] = [];
  const someFit = remedies.some(({ fits }) => fits);
  for (const [index, { step, fits }] of remedies.entries()) {
    if (index === 0 || remedies[index - 1]?.fits !== fits) {
      rows.push({ row: line(span(fits || !someFit ? said.remedies : said.otherRemedies, 'dim')), at: false });
    }
    const at = ui.cursor === checks.length + index;
    const status = session ? stepState(session.state, step.id).status : 'waiting';
    const word = status === 'waiting' ? said.effect[step.effect] : messages.status[status];
    const room = width - widthOf(word) - 6;
    const row = line(
      span(at ? `${glyphs.cursor} ` : '  ', 'accent'),
      span(`${glyphs.arrow} `, 'accent'),
      span(pad(step.title, room), at ? 'strong' : fits ? 'plain' : 'dim'),
      span('  '),
      span(word, status === 'failed' || step.effect === 'destroy' ? 'bad' : 'dim'),
    );
    rows.push({ row, at });
  }
  return rows;
}

function promise(model: Model, session: Session): string {
  const { messages, ui } = model;
  const said = messages.incident;
  const { running } = session.state;
  const looking = running.filter((id) => session.plan.steps.some((step) => step.id === id && step.stage === 'triage'));
  const other = session.plan.steps.find(({ id }) => running.includes(id) && !looking.includes(id));
  if (other && ui.look) return said.waits(other.title);
  if (isBusy(model)) return said.looking(Math.max(1, looking.length));
  const row: Row | undefined = rowAt(model);
  if (!row) return said.nothing;
  if ('fits' in row) return said.enterOpens;
  return row.step.language === 'manual' ? messages.stage.enterAttests : said.enterReads;
}
