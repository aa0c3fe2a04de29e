import { Problem, type ProblemDetail } from '../problem.ts';
import { valueComplaint } from '../runbook/front-matter.ts';
import { didYouMean } from '../runbook/nearest.ts';
import type { Runbook } from '../runbook/types.ts';
import { chooseEnvironment } from './plan-environment.ts';

/** Names whose value the engine gives when the run begins. */
export const LATE = ['run'] as const;

export interface ValuesRequest {
  environment: string;
  /** What the operator gave, e.g. by `--set NAME=VALUE`; and `run`, from the engine. */
  values: Readonly<Record<string, string>>;
  /** The date in the runbook's timezone, YYYY-MM-DD; that of the clock when absent. */
  today?: string;
}

/**
 * Every value of a run but the late ones: the environment's, what the operator gave, and the defaults. What an environment
 * fixes cannot be given: that would point its guard at another place.
 *
 * @throws Problem environment-unknown, environment-sealed, value-missing, value-mismatch, value-unknown, value-fixed; with
 *   several at once `values-wrong`, which carries them
 */
export function resolveValues(
  runbook: Runbook,
  { environment, values: given, today = todayIn(runbook.timezone, new Date()) }: ValuesRequest,
): Record<string, string> {
  const chosen = chooseEnvironment(runbook, environment);
  const problems: ProblemDetail[] = [];
  const values: Record<string, string> = { environment, today, ...chosen.values };

  const asked = Object.values(runbook.values).filter(
    ({ ask, name }) => ask !== undefined && !Object.hasOwn(chosen.values, name),
  );
  for (const [name, value] of Object.entries(given)) {
    if (LATE.some((late) => late === name)) {
      values[name] = value;
      continue;
    }
    const spec = asked.find((each) => each.name === name);
    if (spec === undefined) {
      const fixed = Object.hasOwn(values, name) || Object.hasOwn(runbook.values, name);
      problems.push(
        fixed
          ? fixedProblem(runbook, name, environment)
          : unknownProblem(
              runbook,
              name,
              asked.map((each) => each.name),
            ),
      );
      continue;
    }
    const complaint = valueComplaint(spec, value);
    if (complaint) {
      const where = { file: runbook.file, ...spec.position };
      problems.push({ code: 'value-mismatch', ...complaint, next: [...complaint.next, `--set ${name}=VALUE`], where });
    } else values[name] = value;
  }
  for (const spec of Object.values(runbook.values)) {
    if (Object.hasOwn(values, spec.name) || Object.hasOwn(given, spec.name)) continue;
    if (spec.default !== undefined) values[spec.name] = spec.default;
    else {
      problems.push({
        code: 'value-missing',
        what: `${spec.name} has no value: ${spec.ask ?? spec.name}`,
        where: { file: runbook.file, ...spec.position },
        next: [`--set ${spec.name}=VALUE`, ...(spec.choices ? [`one of: ${spec.choices.join(', ')}`] : [])],
      });
    }
  }

  const [first] = problems;
  if (first === undefined) return values;
  const means = 'Nothing was run.';
  if (problems.length === 1) throw new Problem({ means, ...first });
  throw new Problem({ code: 'values-wrong', what: `${problems.length} values are missing or wrong.`, means, problems });
}

/** The date in a timezone (IANA name), as YYYY-MM-DD. */
export function todayIn(timezone: string, now: Date): string {
  // The Swedish form of a date is ISO 8601's.
  return new Intl.DateTimeFormat('sv-SE', { timeZone: timezone, dateStyle: 'short' }).format(now);
}

function fixedProblem(runbook: Runbook, name: string, environment: string): ProblemDetail {
  return {
    code: 'value-fixed',
    what: `${name} is not asked for: the runbook fixes it for ${environment}.`,
    where: { file: runbook.file },
    next: ['leave it out, or change the runbook'],
  };
}

function unknownProblem(runbook: Runbook, name: string, asked: readonly string[]): ProblemDetail {
  return {
    code: 'value-unknown',
    what: `${runbook.title} asks for no value called ${name}.`,
    where: { file: runbook.file },
    next: didYouMean(name, asked),
  };
}
