import { itemsOfRun, openItems } from '../../src/engine/checklist.ts';
import type { PlannedStep } from '../../src/engine/plan.ts';
import { countOutcomes } from '../../src/engine/state.ts';
import { told } from '../../src/locale/problems/told.ts';
import type { WrittenProblem } from '../../src/problem.ts';
import { formatWhere } from '../../src/problem.ts';
import { commandOf } from '../command.ts';
import { journalPath } from '../farewell.ts';
import { optionLabel } from '../layout/format.ts';
import { plainProse } from '../layout/prose.ts';
import { endTitle } from '../moves/end.ts';
import { approvals, changesAhead, isApproved, isTyped } from '../moves/guard.ts';
import { choiceOf, failedChecks, optionIndex, warningOf } from '../moves/legs.ts';
import { askedSecret, questionFor, whatNow } from '../moves/secrets.ts';
import { standing } from '../moves/step.ts';
import type { Session } from '../session.ts';
import type { Model } from '../ui-state.ts';
import { stepState, withValues } from '../walk.ts';
import { type Ask, actions, keyOf, moved, type Option, option, type Question, typed, WAIT } from './ask.ts';

/** Lines of output that are said about a step that failed. */
const LAST_LINES = 6;

export function preflight(model: Model): Question {
  const at = standing(model);
  if (!at || at.state === 'busy') return { tell: [], ask: WAIT };
  const said = model.messages.preflight;
  const { leg, session } = at;
  const failed = failedChecks(at);
  const waiting = leg.steps.filter(({ id }) => stepState(session.state, id).status === 'waiting');
  const problems = failed.flatMap((id) => {
    const { problem } = stepState(session.state, id);
    return problem ? problemLines(model, problem) : [];
  });
  const stands =
    at.state === 'walked'
      ? [said.allPassed(leg.steps.length)]
      : failed.length > 0
        ? [said.failed(failed.length)]
        : [said.intro, ...waiting.map(({ title }) => `- ${title}`)];
  const person = at.next?.language === 'manual' ? stepLines(model, at.next) : [];
  // They belong to the check under the cursor; here each check's problem was told.
  const options = actions(model, ['details', 'output']);
  return { tell: [said.title, ...problems, ...stands, ...person], ask: { kind: 'choose', options } };
}

export function stage(model: Model): Question {
  const at = standing(model);
  if (!at || at.state === 'busy') return { tell: [], ask: WAIT };
  const { messages } = model;
  const name = messages.stages[at.leg.stage];
  const ask: Ask = { kind: 'choose', options: actions(model) };
  const { next } = at;
  if (!next || at.state === 'walked') return { tell: [`${name}: ${messages.stage.walked(at.leg.steps.length)}`], ask };
  if (at.state === 'held') return { tell: heldLines(model, at.session, next), ask };
  const place = messages.stage.of(at.leg.steps.indexOf(next) + 1, at.leg.steps.length);
  return { tell: [`${name}, ${place}: ${next.title}`, ...stepLines(model, next)], ask };
}

export function rollback(model: Model): Question {
  const at = standing(model);
  if (!at || at.state === 'busy') return { tell: [], ask: WAIT };
  const said = model.messages.rollback;
  const { next, session } = at;
  if (!next || at.state === 'walked') return { tell: [said.done], ask: { kind: 'choose', options: actions(model) } };
  const stands = at.state === 'held' ? heldLines(model, session, next) : [`${said.title}: ${next.title}`];
  const choice = choiceOf(at);
  if (choice) {
    const cursor = optionIndex(model, at);
    const options: Option[] = choice.options.map(({ detail, ...option }, index) => ({
      label: `${optionLabel(option, session.plan.runbook.timezone)}${index === choice.suggested ? ` (${model.messages.plain.suggested})` : ''}`,
      ...(detail === undefined ? {} : { explain: detail }),
      leadsTo: [...moved(cursor, index), keyOf('pick')],
    }));
    const warning = warningOf(model, choice);
    const ask: Ask = { kind: 'choose', title: said.pick, options: [...options, ...actions(model, ['pick'])] };
    return { tell: [...stands, ...(warning ? [warning] : [])], ask };
  }
  if (session.choices[next.id] === undefined) return { tell: [said.loading], ask: WAIT };
  return { tell: [...stands, ...stepLines(model, next)], ask: { kind: 'choose', options: actions(model) } };
}

export function guard(model: Model): Question {
  const { messages, session } = model;
  if (!session) return { tell: [], ask: WAIT };
  const said = messages.guard;
  const { name, reason, rehearsal } = session.plan.environment;
  const changes = changesAhead(model);
  const tell = [
    said.title(name),
    ...(rehearsal ? [said.rehearsal] : []),
    ...(reason === undefined ? [] : [reason]),
    said.willChange(changes),
  ];
  if (isApproved(model)) {
    const { here, elsewhere, give } = approvals(session.run);
    const how = [said.approve, said.approveHere(here), said.approveElsewhere(elsewhere), said.approveGive(give)];
    return { tell: [...tell, ...how], ask: { kind: 'choose', options: actions(model) } };
  }
  if (isTyped(model)) return { tell, ask: nameAsk(said.typeName(name), name, said.wrongName(name), keyOf('back')) };
  const yes = { ...option(model, 'sayYes'), leadsTo: [keyOf('sayYes'), keyOf('confirm')] };
  return { tell, ask: { kind: 'choose', title: said.confirm, options: [yes, ...actions(model, ['sayYes'])] } };
}

/** A name that has to be typed exactly. */
export function nameAsk(title: string, name: string, wrong: string, back: ReturnType<typeof keyOf>): Ask {
  return {
    kind: 'line',
    title,
    wrong: (text) => (text === name ? undefined : wrong),
    keys: (text) => [...typed(text), keyOf('confirm')],
    back: [back],
  };
}

export function secrets(model: Model): Question {
  const { messages, session, ui } = model;
  const spec = askedSecret(model);
  if (!spec || ui.secret.sent) return { tell: [], ask: WAIT };
  const said = messages.secrets;
  const keys = whatNow(model);
  return {
    tell: [
      `${spec.name}: ${questionFor(model, spec)}`,
      said.intro,
      ...(session?.refused ? problemLines(model, session.refused) : []),
      `${keys}${spec.optional ? `${messages.gap}${said.optional}` : ''}${messages.gap}${messages.plain.escBack}`,
    ],
    ask: { kind: 'secret' },
  };
}

export function checklist(model: Model): Question {
  const { messages, session, ui } = model;
  const said = messages.checklist;
  const items = session ? itemsOfRun(session.state) : [];
  const open = session ? openItems(session.state).length : 0;
  const options = items.map(({ text, state, by, steps }, index): Option => {
    const label = `${text}: ${said.states[state]}`;
    const proved = steps.map((id) => session?.plan.steps.find((step) => step.id === id)?.title ?? id);
    const to = moved(ui.cursor, index);
    const word = (action: 'itemDone' | 'itemNotApplicable' | 'itemNotDone'): Option => ({
      ...option(model, action),
      leadsTo: [...to, keyOf(action)],
    });
    // What its steps proved needs no word of a person: choosing it changes nothing.
    if (by === undefined && state !== 'open') {
      return { label, explain: proved.map(said.provedBy).join(', '), leadsTo: to };
    }
    const words = [word('itemDone'), word('itemNotApplicable'), word('itemNotDone')];
    return {
      label,
      ...(by === undefined ? {} : { explain: said.attestedBy(by) }),
      leadsTo: { kind: 'choose', title: text, options: [...words, { ...option(model, 'back'), leadsTo: [] }] },
    };
  });
  const others = actions(model, ['itemDone', 'itemNotApplicable', 'itemNotDone']);
  const tell = [said.title, items.length === 0 ? said.none : open > 0 ? said.open(open) : said.allDone];
  return { tell, ask: { kind: 'choose', options: [...others, ...options] } };
}

export function done(model: Model): Question {
  const { messages, session } = model;
  if (!session) return { tell: [], ask: WAIT };
  const said = messages.done;
  if (session.exit === undefined) return { tell: [said.closing], ask: WAIT };
  const { seal, signer, signature } = session.state;
  const { passed, failed, skipped, refused, unknown } = countOutcomes(session.state);
  const signed = signature !== undefined || (signer !== undefined && signer.source !== 'none');
  const open = seal?.open.length ?? 0;
  const { rehearsal } = session.plan.environment;
  const tell = [
    endTitle(model),
    said.counts(passed, failed, skipped, refused + unknown),
    ...(open > 0 ? [said.openItems(open)] : []),
    ...(rehearsal ? [said.rehearsalSeal] : []),
    signed ? said.signedBy(signature?.by ?? signer?.by ?? '') : said.unsigned,
    `${said.journal}: ${journalPath(session)}`,
    rehearsal ? said.nextRehearsal : said.next,
  ];
  return { tell, ask: { kind: 'go', keys: [keyOf('leave')] } };
}

/** A step before it runs: its prose, what exactly it does, and what that means. */
export function stepLines(model: Model, step: PlannedStep): string[] {
  const { messages, session } = model;
  if (!session) return [];
  const { plan, state } = session;
  const prose = step.prose.trim() === '' ? [] : plainProse(step.prose).split('\n');
  if (step.language === 'manual') {
    return [...prose, ...plainProse(withValues(step.body, plan, state)).split('\n'), messages.plain.youDoIt];
  }
  const { effect } = commandOf(model, step);
  return [...prose, ...commandLines(model, step), messages.stage.effect[effect](plan.environment.name)];
}

function commandLines(model: Model, step: PlannedStep): string[] {
  const { edit, stage } = model.messages;
  const { rows, edited } = commandOf(model, step);
  return rows.length > 0 ? [`${edited ? edit.edited : stage.command}:`, ...rows.map((line) => `  ${line}`)] : [];
}

/** A step that holds up the way: what happened, the last lines of its output, and what to do. */
function heldLines(model: Model, session: Session, step: PlannedStep): string[] {
  const said = model.messages.stage;
  const { status, problem, summary } = stepState(session.state, step.id);
  if (status === 'unknown') {
    const probe = session.plan.steps.find(({ id }) => id === step.probe);
    const found = probe && stepState(session.state, probe.id);
    const seen = probe && found && found.status !== 'waiting';
    return [
      said.unknown(step.title),
      said.unknownMeans,
      ...(seen ? [said.probe(probe.title, model.messages.status[found.status], found.summary ?? '')] : []),
      said.decide,
    ];
  }
  const tail = (session.tails[step.id] ?? []).slice(-LAST_LINES);
  return [
    ...(tail.length > 0 ? [`${said.lastLines}:`, ...tail.map((line) => `  ${line}`)] : []),
    status === 'refused' ? said.refused(step.title) : said.failed(step.title),
    ...problemLines(model, problem ?? { what: summary ?? '' }),
    ...(commandOf(model, step).edited ? commandLines(model, step) : []),
  ];
}

/** A problem: what happened, where, what it means, what to do next. */
export function problemLines({ messages }: Pick<Model, 'messages'>, written: WrittenProblem): string[] {
  const said = messages.problem;
  const problem = told(written, messages.problems);
  return [
    problem.what,
    ...(problem.inEnglish ? [problem.inEnglish] : []),
    ...(problem.where ? [`${said.where}: ${formatWhere(problem.where)}`] : []),
    ...(problem.means ? [`${said.means}: ${problem.means}`] : []),
    ...(problem.next ?? []).map((step) => `${said.next}: ${step}`),
  ];
}
