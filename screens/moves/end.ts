import { itemsOfRun, openItems } from '../../src/engine/checklist.ts';
import { EXIT } from '../../src/problem.ts';
import { type Model, turn } from '../ui-state.ts';
import { legsOf } from '../walk.ts';
import { incidentKeys } from './incident.ts';
import { type Moves, moveCursor } from './moves.ts';
import { offersRollback, openRollback } from './step.ts';

const ATTESTED = { itemDone: 'done', itemNotApplicable: 'not-applicable', itemNotDone: 'not-done' } as const;

export const checklist: Moves = {
  keys(model) {
    const item = model.session && itemsOfRun(model.session.state)[model.ui.cursor];
    // What its steps proved needs no word of a person.
    const attest = item && (item.by !== undefined || item.state === 'open');
    return [
      'seal',
      ...(item ? (['up', 'down'] as const) : []),
      ...(attest ? (['itemDone', 'itemNotApplicable', 'itemNotDone'] as const) : []),
      ...(offersRollback(model) ? (['rollback'] as const) : []),
      ...incidentKeys(model),
      'timeline',
      ...(model.session?.plan.flow === 'incident' ? [] : (['back'] as const)),
      'help',
      'quit',
      'askQuit',
    ];
  },
  act(model, action) {
    const { ui, session } = model;
    if (!session) return undefined;
    const items = itemsOfRun(session.state);
    const item = items[ui.cursor];
    switch (action) {
      case 'up':
      case 'down':
        return turn({ ...ui, cursor: moveCursor(ui.cursor, action, items.length) });
      case 'itemDone':
      case 'itemNotApplicable':
      case 'itemNotDone': {
        const kind = ATTESTED[action];
        return item && turn({ ...ui, overlay: { kind: 'write', about: { kind, item: item.id }, field: { text: '' } } });
      }
      case 'seal': {
        const open = openItems(session.state).length;
        if (open > 0) return turn({ ...ui, overlay: { kind: 'sure', about: { kind: 'seal', open }, yes: false } });
        return turn(ui, { kind: 'intent', intent: { kind: 'seal' } });
      }
      case 'rollback':
        return openRollback(model);
      case 'back':
        return turn({ ...ui, leg: Math.max(0, legsOf(session.plan).length - 1), cursor: 0 });
      default:
        return undefined;
    }
  },
};

/** How the run ended, in a sentence. */
export function endTitle({ messages, session }: Model): string {
  const said = messages.done;
  const outcome = session?.state.seal?.outcome;
  if (outcome === 'completed' && session?.plan.flow === 'incident') return said.incidentOver;
  return outcome ? said.title[outcome] : said.suspended;
}

export const done: Moves = {
  // Until the engine has said goodbye, something of the run is still being closed.
  keys: ({ session }) => (session?.exit === undefined ? ['askQuit'] : ['leave', 'timeline', 'help', 'askQuit']),
  act: ({ ui, session }, action) =>
    action === 'leave' ? turn(ui, { kind: 'exit', exit: session?.exit ?? EXIT.suspended }) : undefined,
};
