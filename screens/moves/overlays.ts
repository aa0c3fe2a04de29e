import { itemsOfRun } from '../../src/engine/checklist.ts';
import { destroyedBy } from '../../src/engine/walk.ts';
import { EXIT } from '../../src/problem.ts';
import { furthest, type Scrolling, textRows } from '../scrolling.ts';
import {
  askToRun,
  closeOverlay,
  type Effect,
  isBusy,
  type Model,
  type Overlay,
  type Turn,
  turn,
  type Writing,
} from '../ui-state.ts';
import { typeInto } from './field.ts';
import { type Moves, moveCursor } from './moves.ts';

type Of<K extends Overlay['kind']> = Extract<Overlay, { kind: K }>;

function over<K extends Overlay['kind']>({ ui }: Model, kind: K): Of<K> | undefined {
  return ui.overlay?.kind === kind ? (ui.overlay as Of<K>) : undefined;
}

/** A text that only scrolls: from its beginning (`up` is -1), or from its newest line (1). */
function scrolled(kind: Scrolling['kind'], up: 1 | -1): Moves {
  return {
    keys: () => ['up', 'down', 'pageUp', 'pageDown', 'first', 'last', 'close', 'askQuit'],
    act(model, action) {
      const overlay = over(model, kind);
      if (!overlay) return undefined;
      if (action !== 'close') {
        const page = Math.max(1, textRows(model) - 1);
        const by = { up: 1, pageUp: page, first: Infinity, down: -1, pageDown: -page, last: -Infinity }[
          action as string
        ];
        const most = furthest(model, overlay);
        const now = Math.min(overlay.scroll, most);
        const scroll = Math.min(most, Math.max(0, now + up * (by ?? 0)));
        return turn({ ...model.ui, overlay: { ...overlay, scroll } });
      }
      const exit = overlay.kind === 'problem' ? overlay.exit : undefined;
      return turn(closeOverlay(model.ui), ...(exit === undefined ? [] : [{ kind: 'exit', exit } as const]));
    },
  };
}

export const help = scrolled('help', -1);
export const problem = scrolled('problem', -1);
export const output = scrolled('output', 1);
export const details = scrolled('details', -1);
export const timeline = scrolled('timeline', 1);

/** What an operator who wants to leave may do. The first is the harmless one. */
export type Leaving = 'stay' | 'cancel' | 'detach' | 'suspend' | 'after-step' | 'now';

export function waysToLeave(model: Model): readonly Leaving[] {
  const { session, ui } = model;
  if (!session || session.exit !== undefined) return ['stay', 'cancel'];
  if (ui.watching) return ['stay', 'detach'];
  return isBusy(model) ? ['stay', 'detach', 'after-step', 'now'] : ['stay', 'detach', 'suspend'];
}

function leave(model: Model, way: Leaving): Turn {
  const ui = closeOverlay(model.ui);
  const send = (effect: Effect) => turn(ui, effect);
  switch (way) {
    case 'stay':
      return turn(ui);
    case 'cancel':
      return send({ kind: 'exit', exit: model.session?.exit ?? EXIT.cancelled });
    case 'detach':
      return send({ kind: 'exit', exit: ui.watching ? EXIT.done : EXIT.suspended });
    case 'suspend':
      return send({ kind: 'intent', intent: { kind: 'suspend' } });
    case 'after-step':
    case 'now':
      return send({ kind: 'intent', intent: { kind: 'stop', how: way } });
  }
}

export const quit: Moves = {
  keys: (model) => ['up', 'down', 'choose', 'stay', isBusy(model) ? 'stopNow' : 'leaveNow'],
  act(model, action) {
    const overlay = over(model, 'quit');
    if (!overlay) return undefined;
    const ways = waysToLeave(model);
    switch (action) {
      case 'up':
      case 'down':
        return turn({ ...model.ui, overlay: { ...overlay, cursor: moveCursor(overlay.cursor, action, ways.length) } });
      case 'choose':
        return leave(model, ways[overlay.cursor] ?? 'stay');
      case 'stay':
        return leave(model, 'stay');
      case 'stopNow':
        return leave(model, 'now');
      case 'leaveNow':
        return leave(model, ways.includes('suspend') ? 'suspend' : 'cancel');
      default:
        return undefined;
    }
  },
};

/** What is done or does not apply may speak for itself. */
const MAY_BE_EMPTY: ReadonlySet<Writing['kind']> = new Set(['attest', 'done', 'not-applicable']);

/** Reasons must be given; a note that says nothing is no note; for an attestation the step's own words will do. */
export const write: Moves = {
  keys: () => ['accept', 'clear', 'stay', 'askQuit'],
  act(model, action) {
    const overlay = over(model, 'write');
    if (!overlay) return undefined;
    const { about } = overlay;
    const text = overlay.field.text.trim();
    switch (action) {
      case 'stay':
        return turn(closeOverlay(model.ui));
      case 'clear':
        return turn({ ...model.ui, overlay: { ...overlay, field: { text: '' } } });
      case 'accept': {
        if (text === '' && !MAY_BE_EMPTY.has(about.kind)) {
          return turn({ ...model.ui, overlay: { ...overlay, field: { text: '', wrong: 'empty' } } });
        }
        const ui = closeOverlay(model.ui);
        if (about.kind === 'note') return turn(ui, { kind: 'intent', intent: { kind: 'note', text } });
        if (about.kind === 'incident-over') {
          return turn({ ...ui, cursor: 0 }, { kind: 'intent', intent: { kind: 'incident-over', finding: text } });
        }
        if ('step' in about) {
          const how = about.kind === 'skip' ? 'skipped' : 'by-hand';
          const reason = text === '' ? model.messages.write.asWritten : text;
          return turn(ui, { kind: 'intent', intent: { kind: 'settle', step: about.step, how, reason } });
        }
        const note = text === '' ? {} : { note: text };
        const items = model.session ? itemsOfRun(model.session.state) : [];
        const next = { ...ui, cursor: moveCursor(ui.cursor, 'down', items.length) };
        return turn(next, { kind: 'intent', intent: { kind: 'check', item: about.item, state: about.kind, ...note } });
      }
      default:
        return undefined;
    }
  },
  type(model, typed) {
    const overlay = over(model, 'write');
    return overlay && turn({ ...model.ui, overlay: { ...overlay, field: typeInto(overlay.field, typed) } });
  },
};

/** `y`, then Enter: the key that opened the question is neither. */
export const sure: Moves = {
  keys(model) {
    return [over(model, 'sure')?.yes ? 'confirm' : 'sayYes', 'stay', 'askQuit'];
  },
  act(model, action) {
    const overlay = over(model, 'sure');
    if (!overlay) return undefined;
    switch (action) {
      case 'stay':
        return turn(closeOverlay(model.ui));
      case 'sayYes':
        return turn({ ...model.ui, overlay: { ...overlay, yes: true } });
      case 'confirm': {
        const { about } = overlay;
        if (about.kind === 'seal') return turn(closeOverlay(model.ui), { kind: 'intent', intent: { kind: 'seal' } });
        const { step: id, value } = about;
        const inputs = value ? { [id]: { [value.field]: value.value } } : undefined;
        const { session } = model;
        const step = session?.plan.steps.find((step) => step.id === id);
        if (session && step?.effect === 'destroy') {
          const name = destroyedBy(step, session.plan, session.state);
          const field = { text: '' };
          return turn({
            ...model.ui,
            overlay: { kind: 'destroy', step: id, name, field, ...(inputs ? { inputs } : {}) },
          });
        }
        return askToRun(model, [id], inputs ? { inputs } : {});
      }
      default:
        return undefined;
    }
  },
};

/** A name that is typed letter by letter before something that cannot be taken back; a paste is not taken. */
function named<N extends Of<'takeOver'> | Of<'destroy'>>(
  kind: N['kind'],
  confirm: (model: Model, overlay: N) => Turn,
): Moves {
  const overOf = (model: Model) => over(model, kind) as N | undefined;
  return {
    keys(model) {
      return [...(overOf(model)?.field.text ? (['confirm', 'clear'] as const) : []), 'stay', 'askQuit'];
    },
    act(model, action) {
      const overlay = overOf(model);
      if (!overlay) return undefined;
      switch (action) {
        case 'stay':
          return turn(closeOverlay(model.ui));
        case 'clear':
          return turn({ ...model.ui, overlay: { ...overlay, field: { text: '' } } });
        case 'confirm':
          return confirm(model, overlay);
        default:
          return undefined;
      }
    },
    type(model, typed) {
      const overlay = overOf(model);
      if (!overlay || typed.kind === 'paste') return undefined;
      return turn({ ...model.ui, overlay: { ...overlay, field: typeInto(overlay.field, typed) } });
    },
  };
}

/** Whose lock is taken is named by the id of their run. The engine compares it again, with who holds the lock by then. */
export const takeOver = named<Of<'takeOver'>>('takeOver', (model, overlay) => {
  const { problem, start } = overlay;
  const typed = overlay.field.text.trim();
  if (problem.holder && typed !== problem.holder.run) {
    return turn({ ...model.ui, overlay: { ...overlay, field: { text: typed, wrong: 'run' } } });
  }
  const ui = closeOverlay(model.ui);
  if (start) return turn({ ...ui, starting: { news: [] } }, { kind: 'start', choice: { ...start, takeOver: typed } });
  return turn(ui, { kind: 'intent', intent: { kind: 'take-over', typed } });
});

/** What is destroyed is named by the operator. */
export const destroy = named<Of<'destroy'>>('destroy', (model, overlay) => {
  const { text } = overlay.field;
  if (text !== overlay.name) return turn({ ...model.ui, overlay: { ...overlay, field: { text, wrong: 'name' } } });
  const { inputs } = overlay;
  return askToRun(model, [overlay.step], { typed: text, ...(inputs ? { inputs } : {}) });
});
