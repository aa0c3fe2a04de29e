import type { JournalRecord } from '../../src/journal/records.ts';
import { clockTime } from '../layout/format.ts';
import { type Line, line, paragraph, span, type Tone } from '../layout/line.ts';
import type { Session } from '../session.ts';
import type { Model } from '../ui-state.ts';

/** The moments of a run that a person asks for afterwards, the oldest first: in the runbook's time, UTC behind it; from record `since` on. */
export function timelineLines(model: Model, since = 0): Line[] {
  const { session, width } = model;
  if (!session) return [];
  const { timezone } = session.plan.runbook;
  return session.records.slice(since).flatMap((record) => {
    const moment = momentOf(model, session, record);
    if (!moment) return [];
    const own = clockTime(record.at, timezone);
    const utc = width >= 60 && timezone !== 'UTC' ? `  ${clockTime(record.at, 'UTC')}Z` : '';
    return paragraph(moment.text, width, moment.tone, line(span(`${own}${utc}  `, 'dim')));
  });
}

function ranText({ timeline, edit }: Model['messages'], step: string, edited: string | undefined): string {
  return `${timeline.ran(step)}${edited === undefined ? '' : edit.ran}`;
}

/** What a record says to a person, in one sentence; undefined for what only machines need. */
function momentOf(
  { messages, glyphs }: Model,
  { plan }: Session,
  record: JournalRecord,
): { text: string; tone: Tone } | undefined {
  const said = messages.timeline;
  const title = (id: string) => plan.steps.find((step) => step.id === id)?.title ?? id;
  switch (record.type) {
    case 'begin':
      return { text: said.began(record.runbook.title, record.environment), tone: 'plain' };
    case 'incident.opened':
      return { text: said.opened(record.symptom), tone: 'warn' };
    case 'incident.closed':
      return { text: said.closed(record.finding), tone: 'good' };
    case 'guard.satisfied':
      return { text: said.guard(record.how), tone: 'plain' };
    case 'secret.set':
      return { text: said.secret(record.name), tone: 'dim' };
    case 'step.intent':
      // What only reads is told by what it found.
      return record.effect === 'read'
        ? undefined
        : { text: ranText(messages, title(record.step), record.edited), tone: 'plain' };
    case 'step.result': {
      const good = record.outcome === 'passed';
      const text = `${good ? glyphs.passed : glyphs.failed} ${title(record.step)} ${glyphs.dot} ${messages.status[record.outcome]}: ${record.summary}`;
      return { text, tone: good ? 'plain' : 'bad' };
    }
    case 'step.settled': {
      const say = record.how === 'by-hand' ? said.byHand : said.skipped;
      return { text: say(title(record.step), record.reason), tone: 'plain' };
    }
    case 'screens':
      return { text: record.state === 'lost' ? said.left : said.came(record.by), tone: 'dim' };
    case 'note':
      return { text: said.note(record.text), tone: 'strong' };
    case 'refused':
      return { text: said.refused(record.problem.what), tone: 'warn' };
    case 'stop.asked':
      return { text: said.stopped, tone: 'warn' };
    case 'suspended':
      return { text: said.suspended, tone: 'warn' };
    case 'resumed':
      return { text: said.resumed, tone: 'plain' };
    case 'seal':
      return { text: said.sealed(messages.done.title[record.outcome]), tone: 'strong' };
    default:
      return undefined;
  }
}
