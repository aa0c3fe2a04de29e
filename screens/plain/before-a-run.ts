import { startNewsText } from '../../src/locale/start-news.ts';
import { REHEARSAL } from '../../src/runbook/types.ts';
import type { RunbookCard, RunCard } from '../desk.ts';
import { bothClocks } from '../layout/format.ts';
import { chosenRunbook, environmentsOf, homeEntries, sectionsOf } from '../moves/home.ts';
import { asksOf, drillsOf, fieldOf, wrongValue } from '../moves/setup.ts';
import type { Model } from '../ui-state.ts';
import { type Ask, actions, type key, keyOf, moved, type Option, option, type Question, typed, WAIT } from './ask.ts';

/** What there is to run; then what to do with the chosen runbook. */
export function home(model: Model): Question {
  const { messages, ui, front } = model;
  const said = messages.home;
  if (front.runbooks === undefined) return { tell: [said.loading], ask: WAIT };
  const runbook = chosenRunbook(model);
  const flow = runbook?.flows ?? [];
  const quit = actions(model, ['choose']);
  if (runbook) {
    const options = flow.map((name, index) =>
      entry(said.flows[name], said.flowIntro[name], ui.home.flow, index, keyOf('choose')),
    );
    return { tell: [runbook.title], ask: { kind: 'choose', title: said.whatToDo, options: [...options, ...quit] } };
  }
  const entries = homeEntries(model);
  if (entries.length === 0) return { tell: [said.empty], ask: { kind: 'choose', options: quit } };
  const options = entries.map((item, index) => {
    const [label, explain] = item.kind === 'run' ? aboutRun(model, item.card) : aboutRunbook(model, item.card);
    return entry(label, explain, ui.home.cursor, index, keyOf('choose'));
  });
  return { tell: [], ask: { kind: 'choose', title: said.title, options: [...options, ...quit] } };
}

function aboutRun({ messages }: Model, { title, environment, state, at, operator, startedAt, timezone }: RunCard) {
  const said = messages.home;
  const since = said.startedBy(operator, bothClocks(startedAt, timezone));
  const stands = state === 'live' ? said.live : said.stopped;
  return [`${title}, ${environment}: ${stands} (${said.at(at)})`, since] as const;
}

function aboutRunbook({ messages }: Model, { title, problems, steps, checklist }: RunbookCard) {
  const said = messages.home;
  const size = problems.length > 0 ? said.cannotStart(problems.length) : said.size(steps, checklist);
  return [`${title} (${size})`, problems.length > 0 ? said.enterShows : said.enterOpens] as const;
}

/** An entry of a list: the cursor is moved to it, and then it is taken. */
function entry(label: string, explain: string, cursor: number, index: number, take: ReturnType<typeof key>): Option {
  return { label, explain, leadsTo: [...moved(cursor, index), take] };
}

/** Which part, where, and with which drill. */
export function environment(model: Model): Question {
  const { messages, ui } = model;
  const { setup } = ui;
  const card = chosenRunbook(model);
  if (!setup || !card) return { tell: [], ask: WAIT };
  const said = messages.environment;
  const list = (title: string, entries: readonly Option[]): Ask => ({
    kind: 'choose',
    title,
    options: [...entries, option(model, 'back'), option(model, 'askQuit')],
  });
  const at = (label: string, explain: string, index: number) =>
    entry(label, explain, setup.cursor, index, keyOf('choose'));
  if (setup.part === 'section') {
    const sections = sectionsOf(card, setup.flow);
    return {
      tell: [],
      ask: list(
        said.sectionTitle,
        sections.map((heading, index) => at(heading, '', index)),
      ),
    };
  }
  if (setup.part === 'drill') {
    const drills = drillsOf(model, setup).map(({ name }) => messages.drills[name] ?? name);
    const entries = [said.noDrill, ...drills].map((label, index) => at(label, said.drillIntro, index));
    return { tell: [], ask: list(said.drillTitle, entries) };
  }
  const environments = environmentsOf(card).map(({ name, guard, reason }, index) => {
    const how = name === REHEARSAL ? said.rehearsalIntro : said.guards[guard];
    const label = `${name === REHEARSAL ? said.rehearsal : name}: ${how}${reason ? ` (${reason})` : ''}`;
    return { guard, ...at(label, how, index) };
  });
  // What cannot be entered is said, and is no choice.
  const sealed = environments.filter(({ guard }) => guard === 'sealed').map(({ label }) => label);
  const entries = environments.filter(({ guard }) => guard !== 'sealed');
  return { tell: [card.title, said.nothingRuns, ...sealed], ask: list(said.title, entries) };
}

/** One value after the other; an empty line takes what is offered. */
export function values(model: Model): Question {
  const { messages, ui } = model;
  const { setup } = ui;
  const asks = asksOf(model);
  const spec = asks[setup?.field ?? 0];
  if (!setup || !spec) return { tell: [], ask: WAIT };
  const said = messages.environment;
  const field = fieldOf(setup, spec, model);
  const next = setup.field < asks.length - 1 ? keyOf('nextField') : keyOf('start');
  const why = (wrong: string | undefined) =>
    wrong === undefined
      ? undefined
      : wrong === 'choice'
        ? said.choice((spec.choices ?? []).join(', '))
        : wrong === 'pattern'
          ? said.pattern(spec.pattern ?? '')
          : said.required;
  const refused = why(field.wrong);
  const tell = refused === undefined ? [] : [refused];
  const title = `${spec.ask ?? spec.name} (${spec.name})`;
  const back = [keyOf('back')];
  if (spec.choices) {
    const at = Math.max(0, spec.choices.indexOf(field.text));
    const count = spec.choices.length;
    const options: Option[] = spec.choices.map((choice, index) => ({
      label: choice,
      leadsTo: [...Array.from({ length: (index - at + count) % count }, () => keyOf('nextChoice')), next],
    }));
    return { tell, ask: { kind: 'choose', title, options: [...options, option(model, 'back')] } };
  }
  return {
    tell,
    ask: {
      kind: 'line',
      title: field.text === '' ? title : `${title} [${field.text}]`,
      wrong: (text) => why(wrongValue(spec, text === '' ? field.text : text)),
      keys: (text) => (text === '' ? [next] : [...typed(text), next]),
      back,
    },
  };
}

export function starting({ messages, ui }: Model): Question {
  return {
    tell: [messages.starting.title, ...(ui.starting?.news ?? []).map((news) => startNewsText(messages, news))],
    ask: WAIT,
  };
}
