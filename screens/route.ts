import { openIncident } from '../src/engine/state.ts';
import type { Place } from './key-table.ts';
import { rowsNow } from './picture.ts';
import type { Session } from './session.ts';
import { isBusy, type Model, type Overlay, textOf, type UiState } from './ui-state.ts';
import { detourLeg, guardStands, type Leg, legsOf, nextOf, reachedLeg, secretsToAsk, triageLeg } from './walk.ts';

export type Screen = Exclude<Place, Overlay['kind']>;

/** Which screen shows, and what it is about. */
export type Route =
  | { screen: 'home' | 'environment' | 'values' | 'starting' | 'symptom' | 'checklist' | 'done' }
  | { screen: 'preflight' | 'secrets' | 'guard' | 'stage' | 'rollback' | 'incident'; leg: Leg };

/** Which screen shows when. Pure: it follows from what the operator did and from the run's journal, and nothing else. */
export function route(ui: UiState, session: Session | undefined): Route {
  if (!session) {
    if (ui.starting) return { screen: 'starting' };
    if (ui.setup) return { screen: ui.setup.part === 'values' ? 'values' : 'environment' };
    return { screen: 'home' };
  }
  const { plan, state } = session;
  if (!session.caughtUp || !state.begin) return { screen: 'starting' };
  if (state.seal || session.exit !== undefined) return { screen: 'done' };

  if (ui.asksSymptom) return { screen: 'symptom' };
  if (ui.detour) {
    const leg = detourLeg(plan, state, ui.detour);
    if (secretsToAsk(plan, leg, state, ui.secret.leftOut).length > 0) return { screen: 'secrets', leg };
    if (ui.detour.to !== 'secrets') return stepsOf(leg, session);
  }
  if (openIncident(state)) return { screen: 'incident', leg: triageLeg(plan, state) };
  if (plan.flow === 'incident') return { screen: state.incidents.length === 0 ? 'symptom' : 'checklist' };

  const leg = legsOf(plan)[legIndex(ui, session)];
  if (!leg) return { screen: 'checklist' };
  // Who watches is asked nothing.
  if (ui.watching) return shownLeg(leg);
  if (secretsToAsk(plan, leg, state, ui.secret.leftOut).length > 0) return { screen: 'secrets', leg };
  return stepsOf(leg, session);
}

/** The screen of a leg whose secrets are there. */
function stepsOf(leg: Leg, { plan, state }: Session): Route {
  return guardStands(plan, leg, state) ? { screen: 'guard', leg } : shownLeg(leg);
}

function shownLeg(leg: Leg): Route {
  if (leg.stage === 'preflight' || leg.stage === 'rollback') return { screen: leg.stage, leg };
  return { screen: 'stage', leg };
}

/** Index of the leg that is shown; the number of legs stands for the checklist. */
export function legIndex(ui: UiState, session: Session): number {
  const moved = ui.watching ? undefined : ui.leg;
  return moved ?? reachedLeg(legsOf(session.plan), session.state);
}

/** Who takes the keys: what lies over the screen, else the screen. */
export function placeOf({ ui, session }: Pick<Model, 'ui' | 'session'>): Place {
  return ui.overlay?.kind ?? route(ui, session).screen;
}

/**
 * Names the question that is on the screen. A key answers only the question that was drawn when it came: what is typed
 * while another one is still on its way to the terminal is thrown away (users of other tools confirmed things
 * that they had not seen).
 */
export function questionOf(model: Model): string {
  const { ui, session } = model;
  const at = route(ui, session);
  const parts: (string | number)[] = [ui.overlay?.kind ?? '', at.screen];
  if (ui.overlay?.kind === 'sure' || ui.overlay?.kind === 'write') parts.push(ui.overlay.about.kind);
  if (ui.overlay || !session || !('leg' in at)) {
    if (at.screen === 'home') parts.push(ui.home.runbook ?? '');
    if (at.screen === 'environment') parts.push(ui.setup?.part ?? '');
    return parts.join('/');
  }
  const { plan, state } = session;
  if (at.screen === 'secrets') {
    parts.push(
      secretsToAsk(plan, at.leg, state, ui.secret.leftOut)[0]?.name ?? '',
      `${ui.secret.sent ?? false}`,
      `${ui.secret.again ?? false}`,
    );
    return parts.join('/');
  }
  // The rows of the picture change places while it is made: a key is meant for those that were seen.
  if (at.screen === 'incident') return [...parts, ...rowsNow(model), `${isBusy(model)}`].join('/');
  const next = nextOf(at.leg, state);
  parts.push(
    legIndex(ui, session),
    next?.id ?? '',
    next ? (state.steps[next.id]?.status ?? '') : '',
    // A command that was just changed is a new question: Enter behind it runs nothing that was not seen.
    next ? textOf(model, next) : '',
    `${isBusy(model)}`,
  );
  return parts.join('/');
}
