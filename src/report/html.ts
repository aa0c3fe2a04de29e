import type { ReportMessages } from '../locale/report/index.ts';
import type { Locale } from '../locale/types.ts';
import { latency, share } from '../locale/units.ts';
import { histogramSvg, timelineSvg } from './drawings.ts';
import { text } from './escape.ts';
import type { Report, ReportItem, ReportStep } from './report.ts';
import { STYLE } from './style.ts';
import { decisionWords, type Figure, headRows, remedyWords, stepRows, summary, time, walked } from './words.ts';

/**
 * The report as one HTML file that needs nothing else: no script, no address, so that it can be kept, mailed and printed.
 * Pure: the same report in the same language is the same bytes.
 */
export function htmlReport(report: Report, messages: ReportMessages, language: Locale): string {
  const { sections } = messages;
  const outcome = messages.outcome[report.outcome];
  const steps = walked(report);
  const off = report.steps.filter((step) => !steps.includes(step));
  return `<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${text(`${report.runbook.title}: ${outcome} (${report.run})`)}</title>
<style>${STYLE}</style>
</head>
<body>
<header>
<p class="kind">${text(messages.title)}</p>
<h1>${text(report.runbook.title)}</h1>
<p class="outcome ${report.outcome}">${text(outcome)}</p>
${report.rehearsal ? `<p class="rehearsal">${text(messages.rehearsal)}</p>` : ''}
${tiles(summary(report, messages))}
${rows(headRows(report, messages))}
</header>
<main>
${section(sections.failures, list(failures(report, messages)), messages)}
${section(sections.checklist, checklist(report, messages), messages)}
${section(sections.timeline, timelineSvg(report, messages), messages)}
${section(sections.steps, steps.map((step) => stepPart(step, messages)).join('\n'), messages)}
${section(sections.decisions, list(decisions(report, messages)), messages)}
${section(sections.notes, list(report.notes.map(({ at, by, text: said }) => moment(at, `${by}: ${said}`))), messages)}
${off.length === 0 ? '' : section(sections.off, list(off.map(({ title }) => text(title))), messages)}
</main>
<footer>${text(messages.check(`tejun verify ${report.run}`))}</footer>
</body>
</html>
`;
}

/** What a reader wants to know first, as a number and what it counts. */
function tiles(figures: readonly Figure[]): string {
  const parts = figures.map(
    ({ figure, name, kind }) => `<div class="${kind}"><b>${text(figure)}</b> ${text(name)}</div>`,
  );
  return `<div class="tiles">\n${parts.join('\n')}\n</div>`;
}

function section(title: string, body: string, { none }: ReportMessages): string {
  return `<section>\n<h2>${text(title)}</h2>\n${body === '' ? `<p>${text(none)}</p>` : body}\n</section>`;
}

function rows(pairs: readonly (readonly [string, string])[]): string {
  const lines = pairs.map(([name, value]) => `<div><dt>${text(name)}</dt><dd>${digests(text(value))}</dd></div>`);
  return `<dl>\n${lines.join('\n')}\n</dl>`;
}

/** Digests and fingerprints in escaped text, as what they are: to be compared, not read. */
function digests(escaped: string): string {
  return escaped.replace(/\b(sha256:)?[\da-f]{64}\b|\bSHA256:[\w+/]{43}/g, '<code class="digest">$&</code>');
}

function list(items: readonly string[]): string {
  return items.length === 0 ? '' : `<ul>\n${items.map((item) => `<li>${item}</li>`).join('\n')}\n</ul>`;
}

function moment(at: string, what: string): string {
  return `<time datetime="${text(at)}">${text(time(at))}</time> ${text(what)}`;
}

function failures({ failures }: Report, messages: ReportMessages): string[] {
  return failures.map(({ at, title, outcome, summary, problem, remedy }) => {
    const said = messages.failure;
    const lines = [
      `<time datetime="${text(at)}">${text(time(at))}</time> <strong>${text(title)}</strong> ${badge(outcome, messages)}`,
      `<p>${text(problem?.what ?? summary)}</p>`,
      ...(problem?.means ? [`<p><span class="name">${text(said.means)}</span> ${text(problem.means)}</p>`] : []),
      `<p><span class="name">${text(said.remedy)}</span> ${text(remedyWords(remedy, messages))}</p>`,
    ];
    return lines.join('\n');
  });
}

function badge(outcome: ReportStep['outcome'], messages: ReportMessages): string {
  return `<span class="badge ${outcome}">${text(messages.status[outcome])}</span>`;
}

function checklist({ checklist, open }: Report, messages: ReportMessages): string {
  const still = open.length === 0 ? '' : `<p class="open">${text(messages.openItems(open.length))}</p>\n`;
  return still + list(checklist.map((item) => itemPart(item, messages)));
}

function itemPart({ text: item, state, provedBy, by, at, note }: ReportItem, messages: ReportMessages): string {
  const proofs = provedBy.map(({ title, outcome, at: when, sha256 }) => {
    const parts = [
      `${messages.provedBy} ${title}: ${messages.status[outcome]}`,
      when && time(when),
      sha256 && `sha256:${sha256}`,
    ];
    return `<p class="proof">${digests(text(parts.filter(Boolean).join(' · ')))}</p>`;
  });
  const words = [by && messages.said(by), at && time(at), note].filter(Boolean).join(' · ');
  const said = by === undefined ? [] : [`<p class="proof">${text(words)}</p>`];
  const sign = { open: '☐', done: '☑', 'not-applicable': '–', 'not-done': '☒' }[state];
  const head = `<span class="sign">${sign}</span> ${text(item)} <span class="badge ${state}">${text(messages.items[state])}</span>`;
  return [head, ...proofs, ...said].join('\n');
}

function stepPart(step: ReportStep, messages: ReportMessages): string {
  const { evidence, latencies, command, edited } = step;
  const parts = [
    `<h3>${text(step.title)} ${badge(step.outcome, messages)}</h3>`,
    ...(step.summary ? [`<p>${text(step.summary)}</p>`] : []),
    rows(stepRows(step, messages)),
    ...(command?.length ? [pre(edited ?? command.join('\n'))] : []),
    ...(latencies ? [latenciesPart(latencies, messages)] : []),
    ...(evidence === undefined
      ? []
      : [
          `<details><summary>${text(messages.step.evidence)}</summary>${pre(JSON.stringify(evidence, null, 2))}</details>`,
        ]),
  ];
  return `<article>\n${parts.join('\n')}\n</article>`;
}

function latenciesPart(latencies: NonNullable<ReportStep['latencies']>, messages: ReportMessages): string {
  const said = messages.benchmark;
  const figures = latencies.map(({ path, p50, p95, errorRate, histogram }) => {
    const line = `${said.p50} ${latency(p50, messages)} · ${said.p95} ${latency(p95, messages)} · ${said.errors} ${share(errorRate, messages)}`;
    return `<figure>\n<figcaption><code>${text(path)}</code> ${text(line)}</figcaption>\n${histogramSvg(histogram, said.histogram)}\n</figure>`;
  });
  return `<p class="name">${text(said.histogram)}</p>\n${figures.join('\n')}`;
}

function decisions(report: Report, messages: ReportMessages): string[] {
  return report.decisions.map((decision) => {
    const { by, what } = decisionWords(decision, report, messages);
    return moment(decision.at, by === '' ? what : `${by}: ${what}`);
  });
}

function pre(body: string): string {
  return `<pre>${text(body)}</pre>`;
}
