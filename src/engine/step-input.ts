import type { AnyTask } from '../../tasks/task.ts';
import { Problem } from '../problem.ts';
import type { Step } from '../runbook/types.ts';
import { rawInput } from './plan-input.ts';

type Values = Readonly<Record<string, string>>;

/**
 * The input of a step's task when it is about to run.
 *
 * @param chosen what the operator chose before the run; it overrides the document's fields
 * @throws Problem task-input when the task does not accept it (the plan has checked it, so only a choice can be wrong)
 */
export function inputOf(step: Step, task: AnyTask, values: Values, chosen: Values): unknown {
  const raw = rawInput(step, values);
  const parsed = task.input.safeParse(step.language === 'yaml' ? { ...(raw as object), ...chosen } : raw);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new Problem({
    code: 'task-input',
    what: `${step.uses} does not accept its input: ${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}`.trim(),
    means: 'Nothing was run.',
  });
}
