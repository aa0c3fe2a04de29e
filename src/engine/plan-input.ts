import * as z from 'zod';
import type { AnyTask } from '../../tasks/task.ts';
import type { ProblemCode } from '../problem-codes.ts';
import { positionInBody } from '../runbook/source.ts';
import { references, substitute, substituteDeep } from '../runbook/substitute.ts';
import type { Position, Step } from '../runbook/types.ts';
import { readYaml } from '../runbook/yaml-source.ts';
import { schemaProblems } from '../runbook/zod-problems.ts';

type Values = Readonly<Record<string, string>>;

/** Something wrong with a step's input, placed in the document. */
export interface InputProblem {
  code: ProblemCode;
  what: string;
  next: readonly string[];
  position: Position;
}

/**
 * What a step gives its task, before the task reads it: a typed step its YAML, any other language its text. Values are put
 * in where the format says (http, manual and typed steps); scripts get theirs as environment variables, sql as parameters.
 *
 * @throws Problem variable-undefined
 */
export function rawInput(step: Step, values: Values): unknown {
  if (step.language === 'yaml') return substituteDeep(step.input ?? {}, values);
  const template = step.language === 'http' || step.language === 'manual';
  return { language: step.language, body: template ? substitute(step.body, values, step.secrets) : step.body };
}

/**
 * Checks the input against the task, as far as it is known before the run.
 *
 * @param values every value; names of `late` may be missing
 * @param late names that get a value during the run: they stand as `$name`, and what they stand in is not judged
 */
export function checkInput(
  step: Step,
  task: AnyTask,
  values: Values,
  late: ReadonlySet<string>,
): { input: unknown; problems?: undefined } | { input?: undefined; problems: readonly InputProblem[] } {
  const known = { ...Object.fromEntries([...late].map((name) => [name, `$${name}`])), ...values };
  const parsed = task.input.safeParse(rawInput(step, known), { reportInput: true });
  if (parsed.success) return { input: parsed.data };
  const yaml = readYaml(
    step.body,
    (line, column) => inFile(step, line, column),
    () => {},
  );
  const keys = task.input instanceof z.ZodObject ? Object.keys(task.input.shape) : [];
  const problems = schemaProblems(parsed.error.issues, (path) => (path.length === 0 ? keys : []))
    .filter(({ path }) => !isLate(valueAt(step.input, path), late))
    .map(({ path, key, code, what, next }) => ({
      code,
      what: `${step.uses}: ${what}`,
      next: next ?? [],
      position:
        step.language !== 'yaml' ? positionInBody(step, 0) : key === undefined ? yaml.at(path) : yaml.atKey(path, key),
    }));
  return { problems };
}

function inFile(step: Step, line: number, column: number): Position {
  return { line: step.position.line + line, column: step.position.column - 1 + column };
}

function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
  let value = input;
  for (const key of path) {
    if (value === null || typeof value !== 'object') return undefined;
    value = (value as Record<PropertyKey, unknown>)[key];
  }
  return value;
}

function isLate(value: unknown, late: ReadonlySet<string>): boolean {
  return typeof value === 'string' && references(value).some(({ name }) => name !== undefined && late.has(name));
}
