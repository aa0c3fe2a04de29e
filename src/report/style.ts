/** The look of a report: one column that a phone can show, black on white on paper, and no meaning by colour alone. */
export const STYLE = `
:root { --ink: #1c1e21; --dim: #5b6168; --line: #d9dce0; --good: #1a7f37; --bad: #b42318; --warn: #8a5a00; }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 60rem; padding: 1rem; color: var(--ink); background: #fff;
  font: 16px/1.5 system-ui, "Noto Sans CJK JP", "Hiragino Sans", "Yu Gothic UI", sans-serif; overflow-wrap: anywhere; }
h1 { font-size: 1.5rem; line-height: 1.25; margin: 0 0 .5rem; }
h2 { font-size: 1.15rem; margin: 2rem 0 .5rem; padding-top: .75rem; border-top: 2px solid var(--ink); }
h3 { font-size: 1rem; margin: 0 0 .25rem; }
p { margin: .25rem 0; }
.kind, .name, dt, time, .proof, footer { color: var(--dim); font-size: .875rem; }
.kind { margin: 0; }
.outcome { display: inline-block; margin: 0 0 .5rem; padding: .1rem .75rem; border: 2px solid; border-radius: 4px; font-weight: 700; }
.outcome.completed { color: var(--good); }
.outcome.failed, .outcome.abandoned { color: var(--bad); }
.outcome.rolled-back, .outcome.unfinished { color: var(--warn); }
.rehearsal { padding: .5rem .75rem; border: 2px dashed var(--warn); color: var(--warn); font-weight: 700; }
p.open { color: var(--bad); font-weight: 700; }
header { border-top: 6px solid var(--ink); padding-top: .75rem; }
.tiles { display: flex; flex-wrap: wrap; gap: .5rem; margin: .75rem 0 1rem; }
.tiles > div { flex: 1 1 6.5rem; padding: .5rem .75rem; border: 1px solid var(--line); border-top: 3px solid var(--dim);
  border-radius: 4px; color: var(--dim); font-size: .8125rem; }
.tiles b { display: block; color: var(--ink); font-size: 1.375rem; line-height: 1.25; font-variant-numeric: tabular-nums; }
.tiles .passed { border-top-color: var(--good); }
.tiles .failed, .tiles .unknown { border-top-color: var(--bad); }
.tiles .refused, .tiles .skipped, .tiles .running, .tiles .waiting, .tiles .open { border-top-color: var(--warn); }
dl { margin: .5rem 0; }
.digest { color: var(--dim); font-size: .8125rem; word-break: break-all; }
article dl { display: flex; flex-wrap: wrap; gap: .15rem 1.5rem; }
article dl > div { display: flex; gap: .5rem; border-bottom: 0; }
dl > div { display: grid; grid-template-columns: 9rem 1fr; gap: .75rem; padding: .15rem 0; border-bottom: 1px solid var(--line); }
dd { margin: 0; }
ul { list-style: none; margin: 0; padding: 0; }
li { padding: .5rem 0; border-bottom: 1px solid var(--line); }
article { padding: .75rem 0; border-bottom: 1px solid var(--line); }
.sign { font-size: 1.15rem; line-height: 1; }
.badge { display: inline-block; padding: 0 .4rem; border: 1px solid; border-radius: 3px; font-size: .8125rem; font-weight: 600; color: var(--dim); white-space: nowrap; }
.badge.passed, .badge.done { color: var(--good); }
.badge.failed, .badge.not-done, .badge.unknown { color: var(--bad); }
.badge.refused, .badge.skipped, .badge.open { color: var(--warn); }
pre { margin: .5rem 0; padding: .5rem .75rem; background: #f4f5f6; border-radius: 4px; font-size: .8125rem; white-space: pre-wrap; }
pre, code { font-family: ui-monospace, "DejaVu Sans Mono", monospace; }
summary { cursor: pointer; color: var(--dim); font-size: .875rem; }
figure { margin: .75rem 0; }
svg { display: block; overflow: hidden; font-size: 13px; }
svg text { fill: var(--ink); }
svg .tick { fill: var(--dim); font-size: 11px; }
svg .grid { stroke: var(--line); }
svg .bar { fill: #8a929b; }
svg .bar.passed { fill: var(--good); }
svg .bar.failed, svg .bar.unknown { fill: var(--bad); }
svg .bar.figure { fill: #3a6ea5; }
footer { margin-top: 2rem; padding-top: .75rem; border-top: 2px solid var(--ink); }
@media (max-width: 34rem) {
  body { padding: .75rem; font-size: 15px; }
  header dl > div { grid-template-columns: 1fr; gap: 0; }
}
@media print {
  @page { margin: 15mm; }
  body { max-width: none; padding: 0; font-size: 10pt; }
  h2, h3 { break-after: avoid; }
  li, article, figure, dl > div, .tiles { break-inside: avoid; }
  details::details-content { content-visibility: visible; display: block; block-size: auto; }
  * { print-color-adjust: exact; }
}
`;
