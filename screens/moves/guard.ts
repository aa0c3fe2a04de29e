import { pathSteps } from '../../src/engine/walk.ts';
import { type Model, turn } from '../ui-state.ts';
import { detourLeg } from '../walk.ts';
import { typeInto } from './field.ts';
import { incidentKeys } from './incident.ts';
import { previousLeg } from './legs.ts';
import type { Moves } from './moves.ts';

/** Whether the environment's name is typed; else `y` and then Enter confirm. */
export function isTyped({ session }: Pick<Model, 'session'>): boolean {
  return session?.plan.environment.guard === 'typed';
}

/** Whether a second person has to approve the plan; nothing that is typed here stands in for it. */
export function isApproved({ session }: Pick<Model, 'session'>): boolean {
  return session?.plan.environment.guard === 'approve';
}

/** The commands by which a run is approved: on its host, or by a file that is sent and one that comes back. */
export function approvals(run: string): { here: string; elsewhere: string; give: string } {
  return {
    here: `tejun approve ${run}`,
    elsewhere: `tejun approve ${run} --request ask.json`,
    give: `tejun approve ${run} --give approval.json`,
  };
}

/** How many steps of what lies ahead change the environment: of the detour, else of the whole path. */
export function changesAhead({ ui, session }: Model): number {
  if (!session) return 0;
  const { plan, state } = session;
  const ahead = ui.detour ? detourLeg(plan, state, ui.detour).steps : pathSteps(plan);
  return ahead.filter(({ effect }) => effect !== 'read').length;
}

export const guard: Moves = {
  keys(model) {
    const { yes, field } = model.ui.guard;
    if (isApproved(model)) return ['back', 'help', 'askQuit'];
    if (isTyped(model)) {
      return [...(field.text === '' ? [] : (['confirm', 'clear'] as const)), 'back', 'askQuit'];
    }
    return [yes ? 'confirm' : 'sayYes', 'back', ...incidentKeys(model), 'help', 'askQuit'];
  },
  act(model, action) {
    const { ui, session } = model;
    const empty = { yes: false, field: { text: '' } };
    switch (action) {
      case 'sayYes':
        return turn({ ...ui, guard: { ...ui.guard, yes: true } });
      case 'confirm': {
        if (!isTyped(model)) {
          return turn({ ...ui, guard: empty }, { kind: 'intent', intent: { kind: 'guard', text: 'yes' } });
        }
        const { text } = ui.guard.field;
        if (text !== session?.plan.environment.name) {
          return turn({ ...ui, guard: { yes: false, field: { text, wrong: 'name' } } });
        }
        return turn({ ...ui, guard: empty }, { kind: 'intent', intent: { kind: 'guard', text } });
      }
      case 'clear':
        return turn({ ...ui, guard: empty });
      case 'back': {
        const away = { ...model, ui: { ...ui, guard: empty } };
        return previousLeg(away);
      }
      default:
        return undefined;
    }
  },
  type(model, typed) {
    if (!isTyped(model)) return undefined;
    // The name is typed, not pasted: that is what makes it a second thought.
    if (typed.kind === 'paste') return undefined;
    return turn({ ...model.ui, guard: { yes: false, field: typeInto(model.ui.guard.field, typed) } });
  },
};
