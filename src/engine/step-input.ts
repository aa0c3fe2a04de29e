import type { AnyTask } from '../../tasks/task.ts';
import { Problem } from '../problem.ts';
import { substitute } from '../runbook/substitute.ts';
import type { Step } from '../runbook/types.ts';

type Values = Readonly<Record<string, string>>;

/**
 * The input of a step's task with the values put in. Typed steps get their YAML, http its text; scripts keep their body as
 * written, because values reach them as environment variables, and sql because values are bound as parameters.
 *
 * @param chosen what the operator chose before the run; it overrides the document's fields
 * @throws Problem task-input when the task does not accept it (the plan has checked it, so only a choice can be wrong)
 */
export function inputOf(step: Step, task: AnyTask, values: Values, chosen: Values): unknown {
  const raw =
    step.language === 'yaml'
      ? { ...(putIn(step.input ?? {}, values) as object), ...chosen }
      : { language: step.language, body: step.language === 'http' ? substitute(step.body, values) : step.body };
  const parsed = task.input.safeParse(raw);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new Problem({
    code: 'task-input',
    what: `${step.uses} does not accept its input: ${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}`.trim(),
    means: 'Nothing was run.',
  });
}

/** `substitute` in every string of a YAML value. */
function putIn(value: unknown, values: Values): unknown {
  if (typeof value === 'string') return substitute(value, values);
  if (Array.isArray(value)) return value.map((item) => putIn(item, values));
  if (value !== null && typeof value === 'object') {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, putIn(item, values)]));
  }
  return value;
}
