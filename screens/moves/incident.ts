import { symptomsOf } from '../../src/engine/incident.ts';
import { openIncident } from '../../src/engine/state.ts';
import type { Action } from '../key-table.ts';
import { lackingSecrets, pictureNow, rowAt } from '../picture.ts';
import { route } from '../route.ts';
import type { Session } from '../session.ts';
import { askToRun, isBusy, leaveDetour, type Model, type Turn, turn, type UiState } from '../ui-state.ts';
import { mayRetry, triageLeg } from '../walk.ts';
import { type Moves, moveCursor } from './moves.ts';
import { offersRollback, openRollback } from './step.ts';

/** `I`, where there is triage, and no incident is open. */
export function incidentKeys({ session }: Pick<Model, 'session'>): readonly Action[] {
  if (!session || openIncident(session.state)) return [];
  return symptomsOf(session.plan).length > 0 ? ['incident'] : [];
}

/** Symptoms to choose from; undefined stands for all of them, for somebody who does not know. */
export function symptomChoices({ session }: Pick<Model, 'session'>): readonly (string | undefined)[] {
  return session ? [undefined, ...symptomsOf(session.plan)] : [];
}

/** Whether some check waits for a secret. */
function lacksSecrets(session: Session): boolean {
  const { steps } = triageLeg(session.plan, session.state);
  return steps.some((step) => lackingSecrets(step, session, steps).length > 0);
}

/** Begins to look, once the journal has the symptom that was chosen and nothing runs. Pure; applied after everything that happens. */
export function beginToLook(model: Model): Turn | undefined {
  const { ui, session } = model;
  const incident = session && openIncident(session.state);
  if (!session || !incident || !ui.look || ui.look.symptom !== incident.symptom) return undefined;
  if (isBusy(model) || route(ui, session).screen !== 'incident') return undefined;
  const { look: _, detour: __, ...looked } = ui;
  const { steps } = triageLeg(session.plan, session.state);
  const ready = steps.filter(
    (step) =>
      step.language !== 'manual' && mayRetry(step, session.state) && lackingSecrets(step, session, steps).length === 0,
  );
  if (ready.length === 0) return turn(looked);
  return askToRun(
    { ...model, ui: { ...looked, cursor: 0 } },
    ready.map(({ id }) => id),
  );
}

function lookAt(ui: UiState, symptom: string | undefined): UiState {
  return { ...ui, look: symptom === undefined ? {} : { symptom } };
}

export const symptom: Moves = {
  keys: ({ session }) => {
    const first = session?.plan.flow === 'incident' && session.state.incidents.length === 0;
    return ['up', 'down', 'choose', 'note', ...(first ? [] : (['back'] as const)), 'help', 'quit', 'askQuit'];
  },
  act(model, action) {
    const { ui } = model;
    const choices = symptomChoices(model);
    switch (action) {
      case 'up':
      case 'down':
        return turn({ ...ui, cursor: moveCursor(ui.cursor, action, choices.length) });
      case 'choose': {
        // What was chosen is on its way to the journal.
        if (ui.look) return undefined;
        const chosen = choices[ui.cursor];
        const intent = { kind: 'incident', ...(chosen === undefined ? {} : { symptom: chosen }) } as const;
        return turn(lookAt({ ...ui, asksSymptom: false, cursor: 0 }, chosen), { kind: 'intent', intent });
      }
      case 'note':
        return turn({ ...ui, overlay: { kind: 'write', about: { kind: 'note' }, field: { text: '' } } });
      case 'back':
        return turn({ ...ui, asksSymptom: false, cursor: 0 });
      default:
        return undefined;
    }
  },
};

export const incident: Moves = {
  keys(model) {
    const { session } = model;
    if (!session) return [];
    const row = rowAt(model);
    const busy = isBusy(model);
    const enter: readonly Action[] = !row
      ? []
      : 'fits' in row
        ? busy
          ? []
          : ['openRemedy']
        : row.step.language === 'manual'
          ? busy
            ? []
            : ['attest']
          : ['read'];
    return [
      ...enter,
      'up',
      'down',
      'nextPart',
      ...(busy ? [] : (['lookAgain'] as const)),
      ...(!busy && lacksSecrets(session) ? (['giveSecrets'] as const) : []),
      ...(!busy && offersRollback(model) ? (['rollback'] as const) : []),
      ...(busy ? [] : (['incidentOver'] as const)),
      'note',
      'timeline',
      'details',
      ...(busy ? [] : (['back'] as const)),
      'help',
      'quit',
      'askQuit',
    ];
  },
  act(model, action) {
    const { ui, session } = model;
    const picture = pictureNow(model);
    const row = rowAt(model);
    if (!session || !picture) return undefined;
    const { checks, remedies } = picture;
    switch (action) {
      case 'up':
      case 'down':
        return turn({ ...ui, cursor: moveCursor(ui.cursor, action, checks.length + remedies.length) });
      case 'nextPart':
        return turn({ ...ui, cursor: ui.cursor < checks.length && remedies.length > 0 ? checks.length : 0 });
      case 'read':
        return row && turn({ ...ui, overlay: { kind: 'output', step: row.step.id, scroll: 0 } });
      case 'details':
        return row && turn({ ...ui, overlay: { kind: 'details', step: row.step.id, scroll: 0 } });
      case 'attest':
        return row && turn({ ...ui, overlay: writing({ kind: 'attest', step: row.step.id }) });
      case 'openRemedy':
        return row && turn({ ...leaveDetour(ui), detour: { to: 'remedy', step: row.step.id } });
      case 'lookAgain':
        return turn(lookAt({ ...ui, cursor: 0 }, openIncident(session.state)?.symptom));
      case 'giveSecrets':
        return turn({ ...lookAt(ui, openIncident(session.state)?.symptom), detour: { to: 'secrets' } });
      case 'rollback':
        return openRollback(model);
      case 'note':
        return turn({ ...ui, overlay: writing({ kind: 'note' }) });
      case 'incidentOver':
        return turn({ ...ui, overlay: writing({ kind: 'incident-over' }) });
      case 'back':
        return turn({ ...ui, asksSymptom: true, cursor: 0 });
      default:
        return undefined;
    }
  },
};

function writing(about: Extract<NonNullable<UiState['overlay']>, { kind: 'write' }>['about']) {
  return { kind: 'write', about, field: { text: '' } } as const;
}
