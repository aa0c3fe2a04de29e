import { type Picture, pictureOf } from '../src/engine/incident.ts';
import type { PlannedStep } from '../src/engine/plan.ts';
import { openIncident } from '../src/engine/state.ts';
import { secretSpec } from '../src/engine/walk.ts';
import type { Session } from './session.ts';
import type { Model } from './ui-state.ts';

/** What an incident shows, once it is open. */
export function pictureNow({ session }: Pick<Model, 'session'>): Picture | undefined {
  const incident = session && openIncident(session.state);
  return session && incident ? pictureOf(session.plan, session.state, incident.symptom) : undefined;
}

export type Row = Picture['checks'][number] | Picture['remedies'][number];

/** The steps of the picture in the order of its rows. */
export function rowsNow(model: Pick<Model, 'session'>): string[] {
  const picture = pictureNow(model);
  return picture ? [...picture.checks, ...picture.remedies].map(({ step }) => step.id) : [];
}

/** The row of the picture that the cursor is on: its checks, then its remedies. */
export function rowAt(model: Pick<Model, 'session' | 'ui'>): Row | undefined {
  const picture = pictureNow(model);
  return picture && [...picture.checks, ...picture.remedies][model.ui.cursor];
}

/** The names of the secrets without which a check cannot look. */
export function lackingSecrets(
  step: PlannedStep,
  { plan, state }: Session,
  together: readonly PlannedStep[],
): string[] {
  return step.secrets.filter((name) => {
    const spec = secretSpec(plan, name);
    const yielded = spec?.from?.some((id) => together.some((other) => other.id === id)) ?? false;
    return state.secrets[name] === undefined && spec?.optional !== true && !yielded;
  });
}
