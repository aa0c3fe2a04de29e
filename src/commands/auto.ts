import type { Plan } from '../engine/plan.ts';
import type { RunState } from '../engine/state.ts';
import { destroyedBy, guardIsOpen, missingSecrets, nextStep, restOfStage } from '../engine/walk.ts';
import type { Intent } from '../link/messages.ts';

/** What each step offered, with the suggested option as its input. */
export type Offers = ReadonlyMap<string, Record<string, string> | 'none'>;

/**
 * What an operator who always goes on would do next in a rehearsal; undefined when the run only has to be waited for.
 * Pure. It does what the screens' suggested keys do: a failed step is answered with its undo, and whatever a person
 * must do or attest is left open and said so.
 *
 * @param offered options that a step offered (`choice`), by step: its suggested one is taken; `none` for a step that has
 *   nothing to offer, e.g. no release to go back to
 */
export function autoIntent(plan: Plan, state: RunState, offered: Offers): Intent | undefined {
  if (state.seal || state.running.length > 0) return undefined;
  const step = nextStep(plan, state);
  if (!step) return { kind: 'seal' };
  if (state.steps[step.id]?.status === 'failed') return afterFailure(state, step.undo, offered);
  if (step.stage === 'preflight') return { kind: 'run', steps: restOfStage(plan, state).map(({ id }) => id) };
  const [secret] = missingSecrets(plan, state);
  if (secret !== undefined) return { kind: 'secret', name: secret, source: 'rehearsal' };
  if (step.effect !== 'read' && !guardIsOpen(plan, state)) return { kind: 'guard', text: 'yes' };
  if (step.uses === 'manual')
    return { kind: 'settle', step: step.id, how: 'skipped', reason: '--auto: a person does this' };
  // In a rehearsal what is destroyed is the rehearsal's own: its name is typed as an operator would.
  const typed = step.effect === 'destroy' ? { typed: destroyedBy(step, plan, state) } : {};
  return { kind: 'run', steps: [step.id], ...typed };
}

function afterFailure(state: RunState, undo: string | undefined, offered: Offers): Intent {
  const undone = undo === undefined ? undefined : state.steps[undo];
  if (undo === undefined || undone?.status !== 'waiting') return { kind: 'seal' };
  const inputs = offered.get(undo);
  if (inputs === 'none') return { kind: 'seal' };
  return inputs ? { kind: 'run', steps: [undo], inputs: { [undo]: inputs } } : { kind: 'choose', step: undo };
}
