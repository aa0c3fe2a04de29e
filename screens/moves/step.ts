import type { PlannedStep } from '../../src/engine/plan.ts';
import { openIncident } from '../../src/engine/state.ts';
import { destroyedBy } from '../../src/engine/walk.ts';
import type { Action } from '../key-table.ts';
import { legIndex, route } from '../route.ts';
import type { Session } from '../session.ts';
import { askToRun, isBusy, leaveDetour, type Model, type Turn, turn } from '../ui-state.ts';
import { type Leg, legsOf, mayRetry, nextOf, stepState } from '../walk.ts';
import { editKeys, openEditor } from './edit.ts';

/** A leg on the screen, its next step, and how that one stands. */
export interface Standing {
  session: Session;
  leg: Leg;
  next: PlannedStep | undefined;
  /** `due` waits to be run; `held` failed, was refused, or has an unknown outcome: the operator decides. */
  state: 'busy' | 'due' | 'held' | 'walked';
}

export function standing(model: Model): Standing | undefined {
  const { ui, session } = model;
  const at = route(ui, session);
  if (!session || !('leg' in at)) return undefined;
  const next = nextOf(at.leg, session.state);
  const status = next && stepState(session.state, next.id).status;
  const state = isBusy(model) ? 'busy' : !next ? 'walked' : status === 'waiting' ? 'due' : 'held';
  return { session, leg: at.leg, next, state };
}

/** What can be done about the next step of a leg, in the order of the footer. */
export function stepKeys(at: Standing): Action[] {
  const { next, state, session } = at;
  const edit = editKeys({ session }, next);
  if (state === 'busy') return ['output'];
  // A restart that helped for an hour is done again.
  if (state === 'walked') return at.leg.stage === 'remedy' ? ['goOn', 'retry'] : ['goOn'];
  const manual = next?.language === 'manual';
  if (state === 'due') {
    const rest = at.leg.steps.filter(({ id }) => stepState(session.state, id).status === 'waiting').length > 1;
    return manual
      ? ['attest', 'skip']
      : ['runNext', ...(rest ? (['runRest'] as const) : []), 'skip', 'byHand', ...edit];
  }
  const retry = next !== undefined && !manual && mayRetry(next, session.state);
  return [...(retry ? (['retry'] as const) : []), 'skip', 'byHand', ...(retry ? edit : [])];
}

/** Whether there is a way back that is not already on the screen. */
export function offersRollback({ ui, session }: Model): boolean {
  return session !== undefined && !ui.detour && session.plan.steps.some(({ stage }) => stage === 'rollback');
}

/** What the keys of `stepKeys` and their companions do. */
export function actOnStep(model: Model, at: Standing, action: Action): Turn | undefined {
  const { ui } = model;
  const { next, session } = at;
  switch (action) {
    case 'runNext':
    case 'retry': {
      const step = next ?? at.leg.steps.at(-1);
      return step && runStep(model, session, step);
    }
    case 'runRest': {
      // A step that a person does, or that destroys, stops the row: it has a question of its own.
      const waiting = at.leg.steps.filter(({ id }) => stepState(session.state, id).status === 'waiting');
      const stop = waiting.findIndex(({ language, effect }) => language === 'manual' || effect === 'destroy');
      const row = waiting.slice(0, stop < 0 ? waiting.length : stop).map(({ id }) => id);
      return row.length > 0 ? askToRun(model, row) : next && runStep(model, session, next);
    }
    case 'attest':
    case 'skip':
    case 'byHand': {
      if (!next) return undefined;
      const kind = action === 'byHand' ? 'by-hand' : action;
      return turn({ ...ui, overlay: { kind: 'write', about: { kind, step: next.id }, field: { text: '' } } });
    }
    case 'edit':
      return next && openEditor(model, next);
    case 'note':
      return turn({ ...ui, overlay: { kind: 'write', about: { kind: 'note' }, field: { text: '' } } });
    case 'output': {
      const step = shownStep(at);
      return step && turn({ ...ui, overlay: { kind: 'output', step: step.id, scroll: 0 } });
    }
    case 'details': {
      const step = next ?? shownStep(at);
      return step && turn({ ...ui, overlay: { kind: 'details', step: step.id, scroll: 0 } });
    }
    case 'rollback':
      return openRollback(model);
    case 'goOn':
      return goOn(model);
    default:
      return undefined;
  }
}

function runStep(model: Model, session: Session, step: PlannedStep): Turn {
  if (step.effect !== 'destroy') return askToRun(model, [step.id]);
  const name = destroyedBy(step, session.plan, session.state);
  return turn({ ...model.ui, overlay: { kind: 'destroy', step: step.id, name, field: { text: '' } } });
}

/** The step whose output is of interest: the one that runs, else the one that was last begun. */
export function shownStep({ leg, session }: Standing): PlannedStep | undefined {
  const { running, steps } = session.state;
  const live = leg.steps.find(({ id }) => running.includes(id));
  const begun = leg.steps.filter(({ id }) => steps[id]?.startedMono !== undefined);
  return live ?? begun.sort((a, b) => (steps[b.id]?.startedMono ?? 0) - (steps[a.id]?.startedMono ?? 0))[0];
}

/**
 * Goes to the next leg, or to the checklist after the last one; from a detour to the checklist too, or back to the incident
 * that it was a part of, where everything is looked at again.
 */
export function goOn({ ui, session }: Model): Turn | undefined {
  if (!session) return undefined;
  const incident = openIncident(session.state);
  if (incident) {
    const { symptom } = incident;
    return turn({ ...leaveDetour(ui), look: symptom === undefined ? {} : { symptom } });
  }
  if (ui.detour) return turn({ ...leaveDetour(ui), leg: legsOf(session.plan).length });
  return turn({ ...ui, leg: legIndex(ui, session) + 1, cursor: 0 });
}

/** Opens the way back, and asks for the choice that its first step offers. */
export function openRollback(model: Model): Turn | undefined {
  if (!offersRollback(model)) return undefined;
  return turn({ ...model.ui, detour: { to: 'rollback' }, cursor: 0 });
}
