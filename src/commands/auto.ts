import type { Plan, PlannedStep } from '../engine/plan.ts';
import { nextQuestion } from '../engine/question.ts';
import type { RunState } from '../engine/state.ts';
import { destroyedBy, secretSpec } from '../engine/walk.ts';
import type { Intent } from '../link/messages.ts';
import { mustOffer, type Offers, runChosen } from './offer.ts';

/**
 * What an operator who always goes on would do next in a rehearsal; undefined when the run only has to be waited for.
 * Pure. It does what the screens' suggested keys do: a failed step is answered with its undo, and whatever a person
 * must do or attest is left open and said so.
 *
 * @param offered what steps offered to choose from: the suggested option is taken
 */
export function autoIntent(plan: Plan, state: RunState, offered: Offers): Intent | undefined {
  const question = nextQuestion(plan, state);
  switch (question?.kind) {
    case undefined:
      return undefined;
    case 'checks':
      return { kind: 'run', steps: question.steps.map(({ id }) => id) };
    case 'secret':
      // What a step was to yield nobody else knows: the run ends here.
      if (secretSpec(plan, question.name)?.from !== undefined) return { kind: 'seal' };
      return { kind: 'secret', name: question.name, source: 'rehearsal' };
    case 'guard':
      return { kind: 'guard', text: 'yes' };
    case 'person': {
      const reason = '--auto: a person does this';
      return { kind: 'settle', step: question.step.id, how: 'skipped', reason };
    }
    case 'step':
      return run(question.step, plan, state, offered);
    case 'held':
      return undo(question.step, plan, state, offered);
    // Nobody looks for what is wrong here: the run ends with its incident open.
    case 'incident':
    case 'seal':
      return { kind: 'seal' };
  }
}

function run(step: PlannedStep, plan: Plan, state: RunState, offered: Offers): Intent {
  const offer = offered.get(step.id);
  if (offer === undefined && mustOffer(plan, step.id)) return { kind: 'choose', step: step.id };
  const suggested = typeof offer === 'object' ? offer.suggested : 0;
  // In a rehearsal what is destroyed is the rehearsal's own: its name is typed as an operator would.
  const typed = step.effect === 'destroy' ? destroyedBy(step, plan, state) : undefined;
  return runChosen(step.id, offer ?? 'no-choice', suggested, typed);
}

function undo({ undo }: PlannedStep, plan: Plan, state: RunState, offered: Offers): Intent {
  const step = plan.steps.find(({ id }) => id === undo);
  if (!step || state.steps[step.id]?.status !== 'waiting') return { kind: 'seal' };
  // No release to go back to: the failure stands.
  if (offered.get(step.id) === 'refused') return { kind: 'seal' };
  return run(step, plan, state, offered);
}
