import { figuresOf } from '../src/engine/latencies.ts';
import type { PlannedStep } from '../src/engine/plan.ts';
import { openIncident } from '../src/engine/state.ts';
import { commandOf } from './command.ts';
import { benchmarkLines } from './components/benchmark.ts';
import { commandLines, manualLines, manualText } from './components/command-lines.ts';
import { machineLines } from './components/machines.ts';
import { Page } from './components/Page.tsx';
import { problemSections } from './components/problem-lines.ts';
import { promise } from './components/promise.ts';
import { stepRows } from './components/step-rows.ts';
import type { Section } from './layout/fit.ts';
import { runningFor } from './layout/format.ts';
import { type Line, line, paragraph, span } from './layout/line.ts';
import { plainProse } from './layout/prose.ts';
import { type Standing, standing } from './moves/step.ts';
import { legIndex } from './route.ts';
import type { Session } from './session.ts';
import type { Model } from './ui-state.ts';
import { legsOf, stepState } from './walk.ts';

/** A stage of the way (seed, deploy, verify, …): its steps, the one that is up, and what came of those before it. */
export function Stage({ model }: { model: Model }) {
  const at = standing(model);
  if (!at) return null;
  const { leg, next } = at;
  const index = next ? leg.steps.indexOf(next) : leg.steps.length - 1;
  const sections: Section[] = [
    { lines: [stageTitle(model, at)], rank: 2, min: 1 },
    {
      lines: stepRows(model, leg.steps, next ? index : undefined),
      rank: 1,
      min: 1,
      keep: { around: index },
      gap: true,
    },
    ...figures(model, at),
    ...aboutStep(model, at),
  ];
  return <Page model={model} sections={sections} />;
}

function stageTitle({ messages }: Model, { leg }: Standing): Line {
  return line(span(messages.stages[leg.stage], 'strong'), span(`  ${messages.stageIntro[leg.stage]}`, 'dim'));
}

/** What the steps of this leg found: the newest benchmark's latencies, and what runs where since the last deploy. */
function figures(model: Model, { leg, session }: Standing): Section[] {
  const step = leg.steps.findLast(({ id }) => figuresOf(session.state.steps[id]?.evidence).length > 0);
  const found = step ? figuresOf(session.state.steps[step.id]?.evidence) : [];
  const machines = leg.steps
    .map(({ id }) => machineLines(model, session.state.steps[id]?.evidence))
    .findLast((lines) => lines.length > 0);
  return [
    { lines: benchmarkLines(model, found), rank: 2, min: 2, gap: true },
    { lines: model.session?.state.running.length ? [] : (machines ?? []), rank: 3, min: 2, gap: true },
  ];
}

/** What the step that is up is, does, or came to; the last section says what Enter does. */
export function aboutStep(model: Model, at: Standing): Section[] {
  const { messages, width } = model;
  const said = messages.stage;
  const { next, session, leg } = at;
  if (at.state === 'busy') return running(model, at);
  if (at.state === 'walked' || !next) {
    return [
      {
        lines: promise(
          model,
          `${said.walked(leg.steps.length)}${messages.gap}${said.enterGoesOn(whatFollows(model))}`,
          'good',
        ),
        rank: 0,
        gap: true,
      },
    ];
  }
  if (at.state === 'held') return held(model, at, next);
  const prose = next.prose.trim() === '' ? [] : paragraph(plainProse(next.prose), width, 'plain');
  if (next.language === 'manual') {
    return [
      { lines: prose, rank: 3, gap: true },
      {
        lines: manualText(model, next),
        rank: 2,
        min: 1,
        gap: true,
      },
      { lines: manualLines(model), rank: 0, gap: true },
    ];
  }
  const { effect } = commandOf(model, next);
  return [
    { lines: prose, rank: 4, gap: true },
    { lines: commandLines(model, next), rank: 2, min: 2, gap: true },
    {
      lines: promise(
        model,
        said.enterRuns(next.title, said.effect[effect](session.plan.environment.name)),
        effect === 'destroy' ? 'bad' : 'strong',
      ),
      rank: 0,
      gap: true,
    },
  ];
}

/** A step at work: how long, what is where, the last lines. */
function running(model: Model, { session, next, leg }: Standing): Section[] {
  const { messages, glyphs, width, now } = model;
  const said = messages.stage;
  const { state } = session;
  const id = leg.steps.find(({ id }) => state.running.includes(id))?.id;
  const step = leg.steps.find((step) => step.id === id) ?? next;
  if (!step) return [];
  if (id === undefined) return [{ lines: paragraph(said.asking, width, 'accent'), rank: 0, gap: true }];
  const { startedAt, attempts, summary } = stepState(state, id);
  const elapsed = startedAt === undefined ? 0 : now - Date.parse(startedAt);
  const again =
    attempts > 1
      ? ` ${glyphs.dot} ${summary ? `${said.again(attempts)} (${summary})` : said.attempts(attempts, step.budget)}`
      : '';
  const tail = session.tails[id] ?? [];
  return [
    { lines: machineLines(model, session.progress[id]), rank: 2, min: 2, gap: true },
    {
      lines: tail.slice(-8).map((row) => line(span(`${glyphs.bar} `, 'dim'), span(row, 'dim'))),
      rank: 3,
      min: 2,
      keep: 'bottom',
      gap: true,
    },
    {
      lines: [
        ...paragraph(
          `${step.title} ${glyphs.dot} ${runningFor(messages, elapsed, step.timeoutMs)}${again}`,
          width,
          'accent',
          [span(`${glyphs.running} `, 'accent')],
        ),
        ...(state.stopping
          ? paragraph(state.stopping === 'now' ? said.stoppingNow : said.stopping, width, 'warn')
          : []),
      ],
      rank: 0,
      gap: true,
    },
  ];
}

/** What the probe of a step with an unknown outcome found, when it ran. */
function probeLines({ messages, width }: Model, session: Session, step: PlannedStep): Line[] {
  const probe = session.plan.steps.find(({ id }) => id === step.probe);
  if (!probe) return [];
  const { status, summary = '' } = stepState(session.state, probe.id);
  if (status === 'waiting') return [];
  return paragraph(messages.stage.probe(probe.title, messages.status[status], summary), width, 'accent');
}

/** A step that holds up the way: what happened, what it means, what to do next, and that the operator decides. */
function held(model: Model, { session }: Standing, step: PlannedStep): Section[] {
  const { messages, glyphs, width } = model;
  const said = messages.stage;
  const { status, problem, summary } = stepState(session.state, step.id);
  const title =
    status === 'unknown'
      ? said.unknown(step.title)
      : status === 'refused'
        ? said.refused(step.title)
        : said.failed(step.title);
  const tail = session.tails[step.id] ?? [];
  const what = status === 'unknown' ? said.unknownMeans : (problem?.what ?? summary ?? '');
  const spent = step.budget !== undefined && stepState(session.state, step.id).attempts >= step.budget;
  return [
    {
      lines: paragraph(title, width, 'bad', [span(`${glyphs[status === 'unknown' ? 'unknown' : 'failed']} `, 'bad')]),
      rank: 3,
      gap: true,
    },
    {
      lines: tail.slice(-6).map((row) => line(span(`${glyphs.bar} `, 'dim'), span(row, 'dim'))),
      rank: 4,
      keep: 'bottom',
    },
    ...(what === '' ? [] : problemSections(model, { ...problem, what })),
    { lines: status === 'unknown' ? probeLines(model, session, step) : [], rank: 1 },
    // What `r` would run is seen before it does.
    { lines: commandOf(model, step).edited ? commandLines(model, step) : [], rank: 2, min: 2, gap: true },
    { lines: spent ? paragraph(said.budgetSpent(step.budget ?? 0), width, 'warn') : [], rank: 1 },
    { lines: promise(model, said.decide), rank: 1, min: 1, gap: true },
  ];
}

/** The name of what Enter goes on to. */
export function whatFollows({ ui, session, messages }: Model): string {
  if (session && openIncident(session.state)) return messages.incident.goOn;
  if (!session || ui.detour) return messages.checklist.title;
  const leg = legsOf(session.plan)[legIndex(ui, session) + 1];
  return leg ? messages.stages[leg.stage] : messages.checklist.title;
}
