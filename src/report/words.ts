import type { RecordOf } from '../journal/records.ts';
import type { ReportMessages } from '../locale/report/index.ts';
import { duration } from '../locale/units.ts';
import type { Remedy } from './failures.ts';
import type { Decision, Report, ReportStep } from './report.ts';

/** Parts of a report in words, for every rendering alike. Pure. */

/** `2026-11-25 21:31:25 UTC`: one clock for everybody who reads it. */
export function time(iso: string): string {
  return /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d/.test(iso) ? `${iso.slice(0, 10)} ${iso.slice(11, 19)} UTC` : iso;
}

/** A number, what it counts, and as what it is drawn. */
export interface Figure {
  figure: string;
  name: string;
  kind: ReportStep['outcome'] | 'open' | 'plain';
}

const OUTCOMES = ['passed', 'failed', 'unknown', 'refused', 'skipped', 'running', 'waiting'] as const;

/** The run in a few numbers: how long it took, what became of its steps, and how much of the checklist is done. */
export function summary(report: Report, messages: ReportMessages): Figure[] {
  const steps = walked(report);
  const { checklist, open } = report;
  const done = `${checklist.length - open.length}/${checklist.length}`;
  return [
    { figure: duration(report.ms, messages), name: messages.head.lasted, kind: 'plain' },
    ...OUTCOMES.map((kind): Figure => {
      const figure = String(steps.filter(({ outcome }) => outcome === kind).length);
      return { figure, name: messages.status[kind], kind };
    }).filter(({ figure }) => figure !== '0'),
    ...(checklist.length === 0
      ? []
      : [{ figure: done, name: messages.sections.checklist, kind: open.length > 0 ? 'open' : 'passed' } as const]),
  ];
}

/** What stands at the head, a row each. */
export function headRows(report: Report, messages: ReportMessages): [string, string][] {
  const { head } = messages;
  const { operator, runbook, signature, section } = report;
  const flow = messages.flows[report.flow as keyof typeof messages.flows] ?? report.flow;
  const values = Object.entries(report.values).map(([name, value]) => `${name}=${value}`);
  return [
    [head.who, report.people.length > 0 ? report.people.join(', ') : operator.name],
    [head.when, messages.until(time(report.began), time(report.ended))],
    [head.lasted, duration(report.ms, messages)],
    [head.where, messages.where(operator.host, operator.from)],
    [head.environment, report.environment],
    [head.flow, section === undefined ? flow : `${flow}: ${section}`],
    ...(report.drill === undefined ? [] : ([[head.drill, report.drill]] as [string, string][])),
    [head.runbook, runbook.path],
    [head.digest, runbook.digest],
    ...(values.length === 0 ? [] : ([[head.values, values.join(', ')]] as [string, string][])),
    [head.run, `${report.run} (tejun ${report.tejun})`],
    [head.signed, signature === null ? messages.unsigned : signedLine(signature, messages)],
    ...report.approvals.map(({ by, at, fingerprint }): [string, string] => [
      head.approved,
      [by, time(at), fingerprint].join(' · '),
    ]),
    [head.receipt, report.receipt],
  ];
}

function signedLine(signature: NonNullable<Report['signature']>, messages: ReportMessages): string {
  const { by, signatures, fingerprint, late } = signature;
  const parts = [messages.signedBy(by, signatures), fingerprint, late && messages.signedLater(time(late))];
  return parts.filter(Boolean).join(' · ');
}

/** What there is to say of a step besides its title, outcome and summary, a row each. */
export function stepRows(step: ReportStep, messages: ReportMessages): [string, string][] {
  const said = messages.step;
  const rows: [string, string | undefined][] = [
    [said.stage, `${stageName(step.stage, messages)} · ${step.uses} · ${effectName(step.effect, messages)}`],
    [said.ended, step.ended && time(step.ended)],
    [said.duration, step.ms === undefined ? undefined : duration(step.ms, messages)],
    [said.attempts, step.attempts > 1 ? String(step.attempts) : undefined],
    [said.exit, step.exit === undefined ? undefined : String(step.exit)],
    [
      said.settled,
      step.settled && `${messages.settled[step.settled.how]} (${step.settled.by}): ${step.settled.reason}`,
    ],
    [said.edited, step.edited === undefined ? undefined : messages.editedBy],
    [said.output, step.output && `${step.output.file}, sha256:${step.output.sha256}, ${step.output.bytes} B`],
  ];
  return rows.flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as [string, string]]));
}

export function stageName(stage: string, messages: ReportMessages): string {
  return messages.stages[stage as keyof typeof messages.stages] ?? stage;
}

function effectName(effect: string, messages: ReportMessages): string {
  return messages.effects[effect as keyof typeof messages.effects] ?? effect;
}

/** What was done about a failure. */
export function remedyWords(remedy: Remedy, messages: ReportMessages): string {
  switch (remedy.kind) {
    case 'again':
      return messages.remedies.again(messages.status[remedy.outcome]);
    case 'settled':
      return messages.remedies.settled(messages.settled[remedy.how], remedy.reason, remedy.by);
    case 'rolled-back':
      return messages.remedies.rolledBack(remedy.title);
    case 'nothing':
      return messages.remedies.nothing;
  }
}

/** What was decided, and by whom; empty for what the engine noted by itself. */
export function decisionWords(
  decision: Decision,
  report: Report,
  messages: ReportMessages,
): { by: string; what: string } {
  const said = messages.decisions;
  const titleOf = (id: string) => report.steps.find((step) => step.id === id)?.title ?? id;
  const textOf = (id: string) => report.checklist.find((item) => item.id === id)?.text ?? id;
  const by = 'by' in decision ? decision.by : '';
  switch (decision.type) {
    case 'guard.satisfied':
      return {
        by,
        what: decision.approval
          ? said.approved(report.environment, decision.approval.fingerprint)
          : said.guard(report.environment),
      };
    case 'secret.set':
      return { by, what: said.secret(decision.name, decision.source) };
    case 'step.intent':
      return { by, what: intentWords(decision, titleOf(decision.step), messages) };
    case 'step.settled':
      return { by, what: said.settled(messages.settled[decision.how], titleOf(decision.step), decision.reason) };
    case 'checklist':
      return { by, what: said.checklist(textOf(decision.item), messages.items[decision.state], decision.note) };
    case 'refused':
      return { by, what: said.refused(decision.problem.what) };
    case 'stop.asked':
      return { by, what: said.stop[decision.how] };
    case 'suspended':
      return { by, what: said.suspended(decision.reason) };
    case 'resumed':
      return { by, what: said.resumed };
    case 'incident.opened':
      return { by, what: said.incidentOpened(decision.symptom) };
    case 'incident.closed':
      return { by, what: said.incidentClosed(decision.finding) };
    case 'lock.taken':
      return { by, what: said.lockTaken(`${decision.from.operator} (${decision.from.run})`) };
    case 'lock.lost':
      return { by, what: said.lockLost(decision.to?.operator) };
    case 'signer':
      return { by, what: said.signer(decision.source, decision.note) };
    case 'seal':
      return { by, what: said.sealed(messages.outcome[decision.outcome], decision.open.length) };
  }
}

/** What was decided about a step before it ran. */
function intentWords(
  { confirmed, edited }: RecordOf<'step.intent'>,
  title: string,
  { decisions }: ReportMessages,
): string {
  return [
    ...(edited === undefined ? [] : [decisions.edited(title)]),
    ...(confirmed === undefined ? [] : [decisions.confirmed(confirmed.text, title)]),
  ].join(' · ');
}

/** The steps that a reader looks for: those of the path and those that were run or settled off it. */
export function walked({ steps }: Report): ReportStep[] {
  return steps.filter(({ path, outcome }) => path || outcome !== 'waiting');
}
