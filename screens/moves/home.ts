import { EXIT } from '../../src/problem.ts';
import { EVERY, type Flow, REHEARSAL } from '../../src/runbook/types.ts';
import type { RunbookCard, RunCard, SectionCard } from '../desk.ts';
import { type Model, turn, type UiState } from '../ui-state.ts';
import { type Moves, moveCursor } from './moves.ts';

export type HomeEntry = { kind: 'run'; card: RunCard } | { kind: 'runbook'; card: RunbookCard };

/** What the home screen lists: runs that are not finished first, since somebody may wait for them. */
export function homeEntries({ front }: Pick<Model, 'front'>): readonly HomeEntry[] {
  return [
    ...(front.runs ?? []).map((card) => ({ kind: 'run', card }) as const),
    ...(front.runbooks ?? []).map((card) => ({ kind: 'runbook', card }) as const),
  ];
}

/** The runbook whose flows are offered, when one was chosen. */
export function chosenRunbook({ ui, front }: Pick<Model, 'ui' | 'front'>): RunbookCard | undefined {
  const file = ui.setup?.runbook ?? ui.home.runbook;
  return file === undefined ? undefined : front.runbooks?.find((card) => card.file === file);
}

/**
 * The parts of a flow to choose from before a run, by their headings. Routines are always listed, what comes back most often
 * first, because the list tells what is due. The symptoms of an incident are asked for in it.
 */
export function sectionsOf(card: Pick<RunbookCard, 'sections'>, flow: Flow): readonly string[] {
  return sectionCards(card, flow).map(({ heading }) => heading);
}

export function sectionCards({ sections }: Pick<RunbookCard, 'sections'>, flow: Flow): readonly SectionCard[] {
  if (flow === 'incident') return [];
  const all = sections.filter((section) => section.flow === flow);
  if (flow !== 'routine') return all.length < 2 ? [] : all;
  return [...EVERY, undefined].flatMap((every) => all.filter((section) => section.every === every));
}

/**
 * Opens the questions before a run: which part of the flow, where there are several; then where. There the cursor stands on
 * the rehearsal, which changes nothing; in an incident, which only reads, on the environment that was last worked in.
 */
export function beginSetup(ui: UiState, card: RunbookCard, flow: Flow): UiState {
  const sections = sectionCards(card, flow);
  const part = sections.length > 0 ? 'section' : 'environment';
  // What is due is one Enter away.
  const due = Math.max(
    0,
    sections.findIndex(({ due }) => due),
  );
  const cursor = flow === 'incident' ? likelyEnvironment(card) : due;
  return { ...ui, setup: { runbook: card.file, flow, part, cursor, field: 0, fields: {} } };
}

/** Index of the environment that an incident is likely in: that of the newest real run, else the first that can be entered. */
function likelyEnvironment(card: RunbookCard): number {
  const all = environmentsOf(card);
  const last = all.findIndex(({ name }) => name === card.lastRun?.environment);
  if (last >= 0) return last;
  return Math.max(
    0,
    all.findIndex(({ name, guard }) => name !== REHEARSAL && guard !== 'sealed'),
  );
}

/** The runbook that `I` would open an incident of. */
function incidentCard(model: Model): RunbookCard | undefined {
  const entry = homeEntries(model)[model.ui.home.cursor];
  const card = chosenRunbook(model) ?? (entry?.kind === 'runbook' ? entry.card : undefined);
  return card?.flows.includes('incident') ? card : undefined;
}

export const home: Moves = {
  keys(model) {
    const inFlows = model.ui.home.runbook !== undefined;
    if (!inFlows && homeEntries(model).length === 0) return ['help', 'quit', 'askQuit'];
    const incident = incidentCard(model) ? (['incident'] as const) : [];
    return ['up', 'down', 'choose', ...incident, ...(inFlows ? (['back'] as const) : []), 'help', 'quit', 'askQuit'];
  },
  act(model, action) {
    const { ui } = model;
    const runbook = chosenRunbook(model);
    const entries = homeEntries(model);
    switch (action) {
      case 'up':
      case 'down':
        return turn({
          ...ui,
          home: runbook
            ? { ...ui.home, flow: moveCursor(ui.home.flow, action, runbook.flows.length) }
            : { ...ui.home, cursor: moveCursor(ui.home.cursor, action, entries.length) },
        });
      case 'choose': {
        if (runbook) {
          const flow = runbook.flows[ui.home.flow];
          return flow && turn(beginSetup(ui, runbook, flow));
        }
        const entry = entries[ui.home.cursor];
        if (entry?.kind === 'run') {
          return turn({ ...ui, starting: { news: [] } }, { kind: 'attach', run: entry.card.run });
        }
        if (!entry) return undefined;
        if (entry.card.problems.length > 0) {
          return turn({ ...ui, overlay: { kind: 'problem', problems: entry.card.problems, scroll: 0 } });
        }
        return turn({ ...ui, home: { ...ui.home, runbook: entry.card.file, flow: 0 } });
      }
      case 'incident': {
        const card = incidentCard(model);
        return card && turn(beginSetup({ ...ui, home: { ...ui.home, runbook: card.file } }, card, 'incident'));
      }
      case 'back': {
        const { runbook: _, ...rest } = ui.home;
        return turn({ ...ui, home: rest });
      }
      case 'quit':
        return turn(ui, { kind: 'exit', exit: EXIT.done });
      default:
        return undefined;
    }
  },
};

/** Environments as the screen lists them: the rehearsal first, so that Enter alone never reaches a real one. */
export function environmentsOf(card: RunbookCard): RunbookCard['environments'] {
  const rehearsal = card.environments.find(({ name }) => name === REHEARSAL);
  return [
    rehearsal ?? { name: REHEARSAL, guard: 'open', values: {} },
    ...card.environments.filter(({ name }) => name !== REHEARSAL),
  ];
}
