import { uneditable } from '../../src/engine/editable.ts';
import { heldBy } from '../components/held-by.ts';
import { plainProse } from '../layout/prose.ts';
import { waysToLeave } from '../moves/overlays.ts';
import { isBusy, type Model } from '../ui-state.ts';
import { type Ask, keyOf, moved, type Option, option, type Question, typed, WAIT } from './ask.ts';
import { nameAsk, problemLines, stepLines } from './in-a-run.ts';

const NOTHING: Question = { tell: [], ask: WAIT };
const CLOSE: Ask = { kind: 'go', keys: [keyOf('close')] };

/** On the screens `?` explains the keys; here it explains the choices, and this place is never reached. */
export function help(): Question {
  return { tell: [], ask: CLOSE };
}

export function quit(model: Model): Question {
  const { overlay } = model.ui;
  if (overlay?.kind !== 'quit') return NOTHING;
  const said = model.messages.quit;
  const options = waysToLeave(model).map((way, index): Option => {
    const word = way === 'detach' && !isBusy(model) ? 'detach-idle' : way;
    return {
      label: said.ways[word],
      explain: said.means[word],
      leadsTo: [...moved(overlay.cursor, index), keyOf('choose')],
    };
  });
  return { tell: [], ask: { kind: 'choose', title: said.title, options } };
}

export function problem(model: Model): Question {
  const { overlay } = model.ui;
  if (overlay?.kind !== 'problem') return NOTHING;
  const lines = overlay.problems.flatMap((each) => problemLines(model, each));
  return { tell: [model.messages.problem.title, ...lines], ask: CLOSE };
}

export function output(model: Model): Question {
  const { overlay, ..._ } = model.ui;
  const { session, messages } = model;
  if (overlay?.kind !== 'output' || !session) return NOTHING;
  const step = session.plan.steps.find(({ id }) => id === overlay.step);
  const file = session.state.steps[overlay.step]?.output?.file;
  const tail = session.tails[overlay.step] ?? [];
  return {
    tell: [
      messages.output.title(step?.title ?? overlay.step),
      ...(tail.length > 0 ? tail : [messages.output.empty]),
      ...(file === undefined ? [] : [`${messages.output.file}: ${session.directory}/${file}`]),
    ],
    ask: CLOSE,
  };
}

export function details(model: Model): Question {
  const { overlay } = model.ui;
  const step = overlay?.kind === 'details' && model.session?.plan.steps.find(({ id }) => id === overlay.step);
  if (!step) return NOTHING;
  const where = step.headings.length > 0 ? [step.headings.map(plainProse).join(' > ')] : [];
  const { messages, session } = model;
  const why = session && uneditable(step, session.plan, session.state);
  const not = why === undefined || why === 'person' ? [] : [messages.edit.not[why]];
  return { tell: [...where, step.title, ...stepLines(model, step), ...not], ask: CLOSE };
}

export function write(model: Model): Question {
  const { overlay } = model.ui;
  if (overlay?.kind !== 'write') return NOTHING;
  const said = model.messages.write;
  const { kind } = overlay.about;
  const mayBeEmpty = kind === 'attest' || kind === 'not-applicable';
  return {
    tell: [said.about[kind]],
    ask: {
      kind: 'line',
      title: said.titles[kind],
      wrong: (text) => (text.trim() === '' && !mayBeEmpty ? said.empty : undefined),
      keys: (text) => [...typed(text), keyOf('accept')],
      back: [keyOf('stay')],
    },
  };
}

export function edit(model: Model): Question {
  const { overlay } = model.ui;
  if (overlay?.kind !== 'edit') return NOTHING;
  const said = model.messages.edit;
  const step = model.session?.plan.steps.find(({ id }) => id === overlay.step);
  return {
    tell: [said.title(step?.title ?? overlay.step), said.about],
    ask: {
      kind: 'text',
      lines: overlay.draft.text.split('\n'),
      keys: (text) => [keyOf('clear'), { kind: 'paste', text }, keyOf('takeEdit')],
      back: [keyOf('stay')],
    },
  };
}

export function sure(model: Model): Question {
  const { overlay } = model.ui;
  if (overlay?.kind !== 'sure') return NOTHING;
  const said = model.messages.sure;
  const { about } = overlay;
  const title = about.kind === 'seal' ? said.seal(about.open) : said.rollback(about.value?.label);
  const yes = { ...option(model, 'sayYes'), leadsTo: [keyOf('sayYes'), keyOf('confirm')] };
  const tell = about.kind === 'seal' ? [said.sealMeans] : [];
  return { tell, ask: { kind: 'choose', title, options: [option(model, 'stay'), yes] } };
}

export function destroy(model: Model): Question {
  const { overlay } = model.ui;
  if (overlay?.kind !== 'destroy') return NOTHING;
  const said = model.messages.destroy;
  const ask = nameAsk(said.type(overlay.name), overlay.name, said.wrong(overlay.name), keyOf('stay'));
  return { tell: [said.title(overlay.name)], ask };
}

export function takeOver(model: Model): Question {
  const { overlay } = model.ui;
  if (overlay?.kind !== 'takeOver') return NOTHING;
  const { holder } = overlay.problem;
  const said = model.messages.takeOver;
  return {
    tell: [...problemLines(model, heldBy(model, overlay.problem)), model.messages.takeOver.means],
    ask: {
      kind: 'line',
      title: said.ask,
      wrong(text) {
        if (holder) return text.trim() === holder.run ? undefined : said.wrong(holder.run);
        return text.trim() === '' ? model.messages.write.empty : undefined;
      },
      keys: (text) => [...typed(text), keyOf('confirm')],
      back: [keyOf('stay')],
    },
  };
}
