import { visible } from '../journal/visible.ts';
import type { ReportMessages } from '../locale/report/index.ts';
import { duration, latency, share } from '../locale/units.ts';
import type { Report, ReportStep } from './report.ts';
import { decisionWords, headRows, remedyWords, stepRows, time, walked } from './words.ts';

/** The report as Markdown with GFM tables, to be kept beside the runbook or pasted into a ticket. Pure. */
export function markdownReport(report: Report, messages: ReportMessages): string {
  const { sections } = messages;
  const off = report.steps.filter((step) => !walked(report).includes(step));
  const parts = [
    `# ${text(report.runbook.title)}: ${messages.outcome[report.outcome]}`,
    ...(report.rehearsal ? [`**${messages.rehearsal}**`] : []),
    table(['', ''], headRows(report, messages)),
    heading(sections.failures, failures(report, messages), messages),
    heading(sections.checklist, checklist(report, messages), messages),
    heading(
      sections.steps,
      walked(report)
        .map((step) => stepPart(step, messages))
        .join('\n\n'),
      messages,
    ),
    ...(report.timeline.length === 0 ? [] : [heading(sections.timeline, timeline(report, messages), messages)]),
    heading(sections.decisions, decisions(report, messages), messages),
    heading(sections.notes, notes(report), messages),
    ...(off.length === 0
      ? []
      : [heading(sections.off, off.map(({ title }) => `- ${text(title)}`).join('\n'), messages)]),
    `---\n\n${text(messages.check(`tejun verify ${report.run}`))}`,
  ];
  return `${parts.join('\n\n')}\n`;
}

function heading(title: string, body: string, { none }: ReportMessages): string {
  return `## ${title}\n\n${body === '' ? none : body}`;
}

function failures({ failures }: Report, messages: ReportMessages): string {
  return failures
    .map(({ at, title, outcome, summary, problem, remedy }) => {
      const lines = [
        `- ${time(at)} **${text(title)}**: ${messages.status[outcome]}. ${text(problem?.what ?? summary)}`,
        ...(problem?.means ? [`  ${messages.failure.means}: ${text(problem.means)}`] : []),
        `  ${messages.failure.remedy}: ${text(remedyWords(remedy, messages))}`,
      ];
      return lines.join('\\\n');
    })
    .join('\n');
}

function checklist({ checklist, open }: Report, messages: ReportMessages): string {
  const lines = checklist.map(({ text: item, state, provedBy, by, at, note }) => {
    const proofs = provedBy.map((proof) => {
      const digest = proof.sha256 ? `, sha256:${proof.sha256}` : '';
      return `${messages.provedBy} ${text(proof.title)}: ${messages.status[proof.outcome]}${proof.at ? `, ${time(proof.at)}` : ''}${digest}`;
    });
    const said =
      by === undefined
        ? []
        : [`${text(messages.said(by))}${at ? `, ${time(at)}` : ''}${note ? `: ${text(note)}` : ''}`];
    const box = state === 'done' ? 'x' : ' ';
    return [
      `- [${box}] ${text(item)}: ${messages.items[state]}`,
      ...proofs.map((line) => `  ${line}`),
      ...said.map((line) => `  ${line}`),
    ].join('\\\n');
  });
  return [...(open.length === 0 ? [] : [`**${messages.openItems(open.length)}**\n`]), ...lines].join('\n');
}

function stepPart(step: ReportStep, messages: ReportMessages): string {
  const parts = [
    `### ${text(step.title)}: ${messages.status[step.outcome]}`,
    ...(step.summary ? [text(step.summary)] : []),
    table(['', ''], stepRows(step, messages)),
    ...(step.command?.length ? [fence(step.edited ?? step.command.join('\n'), 'sh')] : []),
    ...(step.latencies ? [latencies(step, messages)] : []),
    ...(step.evidence === undefined || step.latencies ? [] : [fence(JSON.stringify(step.evidence, null, 2), 'json')]),
  ];
  return parts.join('\n\n');
}

function latencies({ latencies = [] }: ReportStep, messages: ReportMessages): string {
  const { path, p50, p95, errors, histogram } = messages.benchmark;
  return table(
    [path, p50, p95, errors, histogram],
    latencies.map((row) => [
      row.path,
      latency(row.p50, messages),
      latency(row.p95, messages),
      share(row.errorRate, messages),
      row.histogram.map(({ upToMs, count }) => `${upToMs}: ${count}`).join(', '),
    ]),
  );
}

function timeline({ timeline }: Report, messages: ReportMessages): string {
  return timeline
    .map(({ from, to, title, outcome }) => {
      const took = duration(to - from, messages);
      return `- +${duration(from, messages)} ${text(title)}: ${messages.status[outcome]} (${took})`;
    })
    .join('\n');
}

function decisions(report: Report, messages: ReportMessages): string {
  return report.decisions
    .map((decision) => {
      const { by, what } = decisionWords(decision, report, messages);
      return `- ${time(decision.at)} ${text(by === '' ? what : `${by}: ${what}`)}`;
    })
    .join('\n');
}

function notes({ notes }: Report): string {
  return notes.map((note) => `- ${time(note.at)} ${text(`${note.by}: ${note.text}`)}`).join('\n');
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => text(cell)).join(' | ')} |`;
  return [line(head), `|${head.map(() => '---|').join('')}`, ...rows.map(line)].join('\n');
}

/** Text of the journal on one line, with what Markdown or HTML would take for markup escaped. */
function text(value: string): string {
  return visible(value.replaceAll('\n', ' ')).replace(/[\\`*_[\]<>|#~&]/g, '\\$&');
}

/** A fence longer than any run of backticks inside it. */
function fence(body: string, language: string): string {
  const longest = Math.max(2, ...Array.from(body.matchAll(/`+/g), ([run]) => run.length));
  const mark = '`'.repeat(longest + 1);
  return `${mark}${language}\n${visible(body, { lines: true })}\n${mark}`;
}
