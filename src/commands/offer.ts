import type { Choice } from '../../tasks/task.ts';
import type { Plan } from '../engine/plan.ts';
import type { Intent } from '../link/messages.ts';

/** What a step answered when it was asked what there is to choose from; `refused` when it could not say. */
export type Offer = Choice | 'no-choice' | 'refused';
export type Offers = ReadonlyMap<string, Offer>;

/** Whether a step has to be asked for its choice before it runs: the ways back are (which release?). */
export function mustOffer(plan: Plan, step: string): boolean {
  return plan.steps.find(({ id }) => id === step)?.stage === 'rollback';
}

/** Runs a step with an option of its choice as its input. */
export function runChosen(step: string, offer: Offer, option: number, typed?: string): Intent {
  const chosen = typeof offer === 'string' ? undefined : offer.options[option];
  const inputs = typeof offer === 'string' || !chosen ? {} : { inputs: { [step]: { [offer.field]: chosen.value } } };
  return { kind: 'run', steps: [step], ...inputs, ...(typed === undefined ? {} : { typed }) };
}
