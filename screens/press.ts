import { type Action, actionOf, type Place } from './key-table.ts';
import type { KeyPress } from './keyboard/keys.ts';
import { edit } from './moves/edit.ts';
import { checklist, done } from './moves/end.ts';
import { guard } from './moves/guard.ts';
import { home } from './moves/home.ts';
import { incident, symptom } from './moves/incident.ts';
import { preflight, rollback, stage } from './moves/legs.ts';
import type { Moves, Typed } from './moves/moves.ts';
import { destroy, details, help, output, problem, quit, sure, takeOver, timeline, write } from './moves/overlays.ts';
import { secrets } from './moves/secrets.ts';
import { environment, values } from './moves/setup.ts';
import { placeOf } from './route.ts';
import { type Model, type Turn, turn } from './ui-state.ts';

const starting: Moves = { keys: () => ['askQuit'], act: () => undefined };

const MOVES: Readonly<Record<Place, Moves>> = {
  home,
  environment,
  values,
  starting,
  preflight,
  secrets,
  guard,
  stage,
  rollback,
  symptom,
  incident,
  checklist,
  done,
  help,
  quit,
  problem,
  output,
  details,
  timeline,
  write,
  edit,
  sure,
  destroy,
  takeOver,
};

/** What somebody may do who only watches. */
const LOOKING: ReadonlySet<Action> = new Set([
  ...(['up', 'down', 'pageUp', 'pageDown', 'first', 'last', 'details', 'output', 'help', 'close', 'stay'] as const),
  ...(['quit', 'askQuit', 'choose', 'leave'] as const),
  'read',
  'nextPart',
  'timeline',
]);

/** What can be done now, in the order of the footer. */
export function activeKeys(model: Model): readonly Action[] {
  const keys = MOVES[placeOf(model)].keys(model);
  return model.ui.watching ? keys.filter((action) => LOOKING.has(action)) : keys;
}

/** What a key or a paste does to the screens, and what it asks of the world. Pure. */
export function press(model: Model, key: KeyPress): Turn {
  const moves = MOVES[placeOf(model)];
  if (key.kind === 'paste') return type(model, moves, key);
  // In a field a letter is a letter; only keys without one can be commands there.
  if (moves.type && key.text !== undefined) {
    const typed = type(model, moves, { kind: 'text', text: key.text });
    if (typed.ui !== model.ui || typed.effects.length > 0) return typed;
  }
  if (moves.type && key.name === 'backspace') return type(model, moves, { kind: 'backspace' });
  const action = actionOf(key.name, activeKeys(model));
  return action ? act(model, moves, action) : turn(model.ui);
}

function act(model: Model, moves: Moves, action: Action): Turn {
  if (action === 'help') return turn({ ...model.ui, overlay: { kind: 'help', scroll: 0 } });
  if (action === 'askQuit' || (action === 'quit' && model.session)) {
    return turn({ ...model.ui, overlay: { kind: 'quit', cursor: 0 } });
  }
  if (action === 'timeline') return turn({ ...model.ui, overlay: { kind: 'timeline', scroll: 0 } });
  if (action === 'incident' && model.session) return turn({ ...model.ui, asksSymptom: true, cursor: 0 });
  return moves.act(model, action) ?? turn(model.ui);
}

function type(model: Model, moves: Moves, typed: Typed): Turn {
  return moves.type?.(model, typed) ?? turn(model.ui);
}
