import type { Choice } from '../../tasks/task.ts';
import { optionLabel } from '../layout/format.ts';
import { legIndex } from '../route.ts';
import { askToRun, isBusy, leaveDetour, type Model, turn } from '../ui-state.ts';
import { stepState } from '../walk.ts';
import { editKeys, openEditor } from './edit.ts';
import { incidentKeys } from './incident.ts';
import { type Moves, moveCursor } from './moves.ts';
import { actOnStep, offersRollback, type Standing, standing, stepKeys } from './step.ts';

const FAILED: ReadonlySet<string> = new Set(['failed', 'refused', 'unknown']);

/** Checks that did not pass, in order. */
export function failedChecks({ leg, session }: Standing): string[] {
  return leg.steps.map(({ id }) => id).filter((id) => FAILED.has(stepState(session.state, id).status));
}

/** Checks that were not run yet and that tejun can run. */
function waitingChecks({ leg, session }: Standing): string[] {
  return leg.steps
    .filter(({ id, language }) => language !== 'manual' && stepState(session.state, id).status === 'waiting')
    .map(({ id }) => id);
}

/** The check that the cursor is on. */
function checkUnder({ ui }: Model, { leg }: Standing) {
  return leg.steps[Math.min(ui.cursor, leg.steps.length - 1)];
}

export const preflight: Moves = {
  keys(model) {
    const at = standing(model);
    if (!at) return [];
    const failed = failedChecks(at).length > 0;
    const first =
      at.state === 'busy'
        ? []
        : at.state === 'walked'
          ? (['goOn'] as const)
          : waitingChecks(at).length > 0
            ? (['runChecks'] as const)
            : failed
              ? (['rerunFailed', 'skip', 'byHand'] as const)
              : (['attest', 'skip'] as const);
    const back = offersRollback(model) && failed && at.state !== 'busy' ? (['rollback'] as const) : [];
    const under = checkUnder(model, at);
    const open = under && at.state !== 'busy' && stepState(at.session.state, under.id).status !== 'passed';
    return [
      ...first,
      ...(open ? editKeys(model, under) : []),
      'up',
      'down',
      'details',
      'output',
      ...back,
      ...incidentKeys(model),
      'note',
      'help',
      'quit',
      'askQuit',
    ];
  },
  act(model, action) {
    const at = standing(model);
    if (!at) return undefined;
    switch (action) {
      case 'up':
      case 'down':
        return turn({ ...model.ui, cursor: moveCursor(model.ui.cursor, action, at.leg.steps.length) });
      case 'runChecks':
        return askToRun(model, [...waitingChecks(at), ...failedChecks(at)]);
      case 'rerunFailed':
        return askToRun(model, failedChecks(at));
      case 'edit': {
        const step = checkUnder(model, at);
        return step && openEditor(model, step);
      }
      case 'output':
      case 'details': {
        const step = checkUnder(model, at);
        return step && turn({ ...model.ui, overlay: { kind: action, step: step.id, scroll: 0 } });
      }
      default:
        return actOnStep(model, at, action);
    }
  },
};

/** Whether Esc may show the leg before: never past an effect, so only while nothing of this one was begun; from a detour always. */
export function mayGoBack(model: Model): boolean {
  const at = standing(model);
  const { ui, session } = model;
  if (!at || !session || isBusy(model)) return false;
  if (ui.detour) return true;
  return legIndex(ui, session) > 0 && at.leg.steps.every(({ id }) => stepState(session.state, id).status === 'waiting');
}

/** Back to the leg before, or from a detour to where it was opened. */
export function previousLeg({ ui, session }: Model) {
  if (ui.detour) return turn(leaveDetour(ui));
  return session && turn({ ...ui, leg: Math.max(0, legIndex(ui, session) - 1), cursor: 0 });
}

export const stage: Moves = {
  keys(model) {
    const at = standing(model);
    if (!at) return [];
    const keys = stepKeys(at);
    const back = offersRollback(model) && at.state !== 'busy' ? (['rollback'] as const) : [];
    return [
      ...keys.filter((key) => key !== 'output'),
      ...back,
      'details',
      'output',
      ...incidentKeys(model),
      'note',
      ...(mayGoBack(model) ? (['back'] as const) : []),
      'help',
      'quit',
      'askQuit',
    ];
  },
  act(model, action) {
    const at = standing(model);
    if (action === 'back') return mayGoBack(model) ? previousLeg(model) : undefined;
    return at && actOnStep(model, at, action);
  },
};

/** The choice of the next rollback step, once the engine has answered. */
export function choiceOf({ session, next }: Standing) {
  const choice = next && session.choices[next.id];
  return choice === 'none' ? undefined : choice;
}

/** What a choice will not undo, in words; undefined where it warns of nothing. */
export function warningOf({ messages: { rollback } }: Pick<Model, 'messages'>, choice: Choice): string | undefined {
  return choice.warning && `${rollback.warning}: ${rollback.warnings[choice.warning.kind](choice.warning.now)}`;
}

/** Where the cursor of a choice stands: on the suggested option until it is moved. */
export function optionIndex(model: Model, at: Standing): number {
  const choice = choiceOf(at);
  const { option } = model.ui;
  return option ?? choice?.suggested ?? 0;
}

export const rollback: Moves = {
  keys(model) {
    const at = standing(model);
    if (!at) return [];
    const back = model.ui.detour && at.state !== 'busy' ? (['back'] as const) : [];
    const choice = choiceOf(at);
    const awaited = at.next && at.state !== 'walked' && at.session.choices[at.next.id] === undefined;
    const runnable = at.state === 'due' || at.state === 'held';
    const first =
      runnable && choice
        ? (['up', 'down', 'pick', 'skip', 'byHand'] as const)
        : runnable && awaited
          ? []
          : stepKeys(at).filter((key) => key !== 'output' && key !== 'runRest');
    return [...first, 'details', 'output', ...back, ...incidentKeys(model), 'note', 'help', 'quit', 'askQuit'];
  },
  act(model, action) {
    const { ui } = model;
    const at = standing(model);
    if (!at) return undefined;
    const choice = choiceOf(at);
    const index = optionIndex(model, at);
    switch (action) {
      case 'up':
      case 'down':
        return choice && turn({ ...ui, option: moveCursor(index, action, choice.options.length) });
      case 'pick': {
        const option = choice?.options[index];
        if (!option || !at.next) return undefined;
        const label = optionLabel(option, at.session.plan.runbook.timezone);
        const value = { field: choice.field, value: option.value, label };
        return turn({
          ...ui,
          overlay: { kind: 'sure', about: { kind: 'rollback', step: at.next.id, value }, yes: false },
        });
      }
      case 'runNext':
      case 'retry':
        // Going back is never one key away from its beginning, whatever the step.
        return (
          at.next &&
          turn({ ...ui, overlay: { kind: 'sure', about: { kind: 'rollback', step: at.next.id }, yes: false } })
        );
      case 'back':
        return turn(leaveDetour(ui));
      default:
        return actOnStep(model, at, action);
    }
  },
};
