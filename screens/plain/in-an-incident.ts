import { triageOf } from '../../src/engine/incident.ts';
import { timelineLines } from '../components/timeline-lines.ts';
import { symptomChoices } from '../moves/incident.ts';
import { pictureNow } from '../picture.ts';
import { isBusy, type Model } from '../ui-state.ts';
import { stepState } from '../walk.ts';
import { actions, keyOf, moved, type Option, type Question, WAIT } from './ask.ts';

/** What is wrong, by the runbook's own headings. */
export function symptom(model: Model): Question {
  const { messages, session, ui } = model;
  if (!session || ui.look) return { tell: [], ask: WAIT };
  const said = messages.incident;
  const symptoms = symptomChoices(model).map(
    (heading, index): Option => ({
      label: heading ?? said.unknown,
      explain: said.checks(triageOf(session.plan, heading).length),
      leadsTo: [...moved(ui.cursor, index), keyOf('choose')],
    }),
  );
  return {
    tell: [said.title, said.onlyReads],
    ask: { kind: 'choose', title: said.asks, options: [...symptoms, ...actions(model, ['choose'])] },
  };
}

/** What was found, the worst first, and what can be done about it. */
export function incident(model: Model): Question {
  const { messages, session, ui } = model;
  const picture = pictureNow(model);
  if (!session || !picture || isBusy(model)) return { tell: [], ask: WAIT };
  const said = messages.incident;
  const { checks, remedies } = picture;
  const found = checks.map(({ step, finding }) => {
    const { summary } = stepState(session.state, step.id);
    return `${said.findings[finding]}: ${step.title}${summary === undefined ? '' : ` (${summary})`}`;
  });
  const rows = checks.map(
    ({ step, finding }, index): Option => ({
      label: `${said.findings[finding]}: ${step.title}`,
      leadsTo: [...moved(ui.cursor, index), keyOf(step.language === 'manual' ? 'attest' : 'read')],
    }),
  );
  const mends = remedies.map(
    ({ step, fits }, index): Option => ({
      label: `${fits ? said.remedies : said.otherRemedies}: ${step.title} (${said.effect[step.effect]})`,
      leadsTo: [...moved(ui.cursor, checks.length + index), keyOf('openRemedy')],
    }),
  );
  const others = actions(model, ['read', 'openRemedy', 'attest', 'nextPart', 'details']);
  return { tell: found, ask: { kind: 'choose', options: [...mends, ...rows, ...others] } };
}

export function timeline(model: Model): Question {
  const { messages, session } = model;
  const { title, zone } = messages.timeline;
  const lines = timelineLines(model).map((row) => row.map(({ text }) => text).join(''));
  return {
    tell: [`${title} (${zone(session?.plan.runbook.timezone ?? 'UTC')})`, ...lines],
    ask: { kind: 'go', keys: [keyOf('close')] },
  };
}
