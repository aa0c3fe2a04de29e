import { EXIT } from '../../src/problem.ts';
import { type Flow, REHEARSAL } from '../../src/runbook/types.ts';
import type { RunbookCard, RunCard } from '../desk.ts';
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

/** Opens the environment screen for a runbook and a flow; the cursor stands on the rehearsal, which changes nothing. */
export function beginSetup(ui: UiState, runbook: string, flow: Flow): UiState {
  return { ...ui, setup: { runbook, flow, part: 'environment', cursor: 0, field: 0, fields: {} } };
}

export const home: Moves = {
  keys(model) {
    const inFlows = model.ui.home.runbook !== undefined;
    if (!inFlows && homeEntries(model).length === 0) return ['help', 'quit', 'askQuit'];
    return ['up', 'down', 'choose', ...(inFlows ? (['back'] as const) : []), 'help', 'quit', 'askQuit'];
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
          return flow && turn(beginSetup(ui, runbook.file, flow));
        }
        const entry = entries[ui.home.cursor];
        if (entry?.kind === 'run') {
          return turn({ ...ui, starting: { lines: [] } }, { kind: 'attach', run: entry.card.run });
        }
        if (!entry) return undefined;
        if (entry.card.problems.length > 0) {
          return turn({ ...ui, overlay: { kind: 'problem', problems: entry.card.problems, scroll: 0 } });
        }
        return turn({ ...ui, home: { ...ui.home, runbook: entry.card.file, flow: 0 } });
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
