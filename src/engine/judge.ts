import type { TaskResult } from '../../tasks/task.ts';
import type { Json } from '../journal/records.ts';
import type { ProblemDetail } from '../problem.ts';
import type { Capture, Step } from '../runbook/types.ts';

/** What a task's result means for its step: the attributes `exit=`, `expect=` and `capture=` applied. */
export interface Judgement {
  outcome: 'passed' | 'failed';
  captured: Readonly<Record<string, string>>;
  problem?: ProblemDetail;
}

/**
 * Judges one attempt. Pure. An exit code that the step allows (`exit=`) turns a failure of the command into success;
 * a missing `expect=` text or capture turns success into failure, with what was looked for and where.
 *
 * @param expect the step's `expect=` with its values put in
 */
export function judge(step: Pick<Step, 'exit' | 'capture' | 'id'>, result: TaskResult, expect?: string): Judgement {
  const allowed = result.exit !== undefined && result.signal === undefined && step.exit.includes(result.exit);
  if (result.outcome === 'failed' && !(allowed && result.exit !== 0)) {
    return { outcome: 'failed', captured: {}, problem: result.problem ?? unexplained(result) };
  }
  if (result.exit !== undefined && !allowed) {
    return { outcome: 'failed', captured: {}, problem: wrongExit(result.exit, step.exit) };
  }
  const text = result.text ?? '';
  if (expect !== undefined && !text.includes(expect)) {
    return { outcome: 'failed', captured: {}, problem: notFound(expect) };
  }
  const captured: Record<string, string> = {};
  for (const capture of step.capture) {
    const value = read(capture, text, result.evidence);
    if (value === undefined) return { outcome: 'failed', captured: {}, problem: notCaptured(capture) };
    captured[capture.name] = value;
  }
  return { outcome: 'passed', captured };
}

/** Reads one capture; undefined when the output does not hold it. */
function read(capture: Capture, text: string, evidence: Json | undefined): string | undefined {
  if (capture.pointer !== undefined) {
    for (const source of [parseJson(text), evidence]) {
      const found = source === undefined ? undefined : atPointer(source, capture.pointer);
      if (found !== undefined && found !== null)
        return typeof found === 'object' ? JSON.stringify(found) : String(found);
    }
    return undefined;
  }
  const lines = text.split('\n');
  const assigned = lines.findLast((line) => line.startsWith(`${capture.name}=`));
  if (assigned !== undefined) return assigned.slice(capture.name.length + 1).trim();
  const whole = text.trim();
  return whole === '' || whole.includes('\n') ? undefined : whole;
}

function parseJson(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}

/** RFC 6901. */
function atPointer(json: Json, pointer: string): Json | undefined {
  let at: Json | undefined = json;
  for (const token of pointer.split('/').slice(1)) {
    if (at === null || typeof at !== 'object') return undefined;
    const key = token.replaceAll('~1', '/').replaceAll('~0', '~');
    at = (at as Readonly<Record<string, Json | undefined>>)[key];
  }
  return at;
}

function unexplained(result: TaskResult): ProblemDetail {
  return { code: 'step-failed', what: result.summary, next: ['read its output (l), then run it again (r)'] };
}

function wrongExit(exit: number, allowed: readonly number[]): ProblemDetail {
  return {
    code: 'unexpected-exit',
    what: `It ended with exit code ${exit}; the runbook allows ${allowed.join(', ')}.`,
    next: ['read its output (l), then run it again (r)'],
  };
}

function notFound(expect: string): ProblemDetail {
  return {
    code: 'expected-text-missing',
    what: `Its output does not contain "${expect}".`,
    means: 'The command itself did not fail; the runbook expects that text (expect=).',
    next: ['read its output (l)'],
  };
}

function notCaptured({ name, pointer }: Capture): ProblemDetail {
  return {
    code: 'capture-missing',
    what: pointer === undefined ? `Its output has no line "${name}=…".` : `Its output has nothing at ${pointer}.`,
    means: `Later steps use $${name}, which this step must yield (capture=).`,
    next: ['read its output (l), then run it again (r)'],
  };
}
