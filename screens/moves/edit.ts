import { uneditable } from '../../src/engine/editable.ts';
import type { PlannedStep } from '../../src/engine/plan.ts';
import type { Action } from '../key-table.ts';
import { closeOverlay, type Model, type Overlay, type Turn, textOf, turn } from '../ui-state.ts';
import { type Draft, erase, insert, move } from './editor.ts';
import type { Moves } from './moves.ts';

/** `e`, where a step's command is the runbook's own text. */
export function editKeys({ session }: Pick<Model, 'session'>, step: PlannedStep | undefined): readonly Action[] {
  if (!session || !step || uneditable(step, session.plan, session.state)) return [];
  return ['edit'];
}

/** Opens the text that the step would run, with the caret at its end. */
export function openEditor(model: Model, step: PlannedStep): Turn {
  const text = textOf(model, step).trimEnd();
  return turn({ ...model.ui, overlay: { kind: 'edit', step: step.id, draft: { text, at: text.length } } });
}

/** What may stand in a command: its lines, without what a terminal would act upon. */
function cleaned(text: string): string {
  return text.replace(/\t/g, '  ').replace(/(?!\n)[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu, '');
}

const CARET = {
  up: 'up',
  down: 'down',
  caretLeft: 'left',
  caretRight: 'right',
  lineStart: 'start',
  lineEnd: 'end',
} as const satisfies Partial<Record<Action, Parameters<typeof move>[1]>>;

/** The command of a step, being changed before it runs. Taking it runs nothing: it is shown first where Enter would run it. */
export const edit: Moves = {
  keys: () => [
    'takeEdit',
    'newLine',
    'ownText',
    'stay',
    ...(Object.keys(CARET) as Action[]),
    'eraseNext',
    'clear',
    'askQuit',
  ],
  act(model, action) {
    const overlay = editOf(model);
    const step = model.session?.plan.steps.find(({ id }) => id === overlay?.step);
    if (!overlay || !step) return undefined;
    const { draft } = overlay;
    switch (action) {
      case 'takeEdit':
        return draft.text.trim() === '' ? showing(model, { ...overlay, wrong: 'empty' }) : take(model, step, draft);
      case 'newLine':
        return showing(model, { ...overlay, draft: insert(draft, '\n') });
      case 'ownText': {
        const text = step.body.trimEnd();
        return showing(model, { ...overlay, draft: { text, at: text.length } });
      }
      case 'clear':
        return showing(model, { ...overlay, draft: { text: '', at: 0 } });
      case 'eraseNext':
        return showing(model, { ...overlay, draft: erase(draft, 'behind') });
      case 'stay':
        return turn(closeOverlay(model.ui));
      case 'up':
      case 'down':
      case 'caretLeft':
      case 'caretRight':
      case 'lineStart':
      case 'lineEnd':
        return showing(model, { ...overlay, draft: move(draft, CARET[action]) });
      default:
        return undefined;
    }
  },
  type(model, typed) {
    const overlay = editOf(model);
    if (!overlay) return undefined;
    const { wrong: _, ...kept } = overlay;
    const draft =
      typed.kind === 'backspace' ? erase(overlay.draft, 'before') : insert(overlay.draft, cleaned(typed.text));
    return showing(model, { ...kept, draft });
  },
};

type Edit = Extract<Overlay, { kind: 'edit' }>;

function editOf({ ui }: Model): Edit | undefined {
  return ui.overlay?.kind === 'edit' ? ui.overlay : undefined;
}

function showing(model: Model, overlay: Edit): Turn {
  return turn({ ...model.ui, overlay });
}

/** A text that says what the runbook says is no edit. */
function take(model: Model, step: PlannedStep, { text }: Draft): Turn {
  const own = text.trimEnd() === step.body.trimEnd();
  return turn({ ...closeOverlay(model.ui), edits: { ...model.ui.edits, [step.id]: own ? step.body : text.trimEnd() } });
}
