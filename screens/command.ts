import type { PlannedStep } from '../src/engine/plan.ts';
import type { Effect } from '../src/runbook/types.ts';
import { type Model, textOf } from './ui-state.ts';

export interface Command {
  rows: readonly string[];
  /** An operator changed it. */
  edited: boolean;
  /** What nobody has vouched for is not said to read only. */
  effect: Effect;
}

/** What a step would run now, row by row, as the journal or the plan has it. */
export function commandOf(model: Model, step: PlannedStep): Command {
  const text = textOf(model, step);
  if (text !== step.body)
    return { rows: text.split('\n'), edited: true, effect: step.effect === 'read' ? 'write' : step.effect };
  const recorded = model.session?.state.steps[step.id];
  const command = (recorded?.edited === undefined ? recorded?.command : undefined) ?? step.command;
  return { rows: command.flatMap((part) => part.trimEnd().split('\n')), edited: false, effect: step.effect };
}
