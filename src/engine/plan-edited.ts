import { EXIT, Problem, type ProblemDetail } from '../problem.ts';
import { RunbookError } from '../runbook/error.ts';
import { parseHttp } from '../runbook/http-body.ts';
import { INVISIBLE } from '../runbook/invisible.ts';
import { lintText } from '../runbook/lint-secrets.ts';
import type { Runbook, Step } from '../runbook/types.ts';
import { buildPlan, type PlannedStep, type PlanRequest } from './plan.ts';

/**
 * A step whose text an operator changed, planned anew: what holds for the runbook's own text holds for it (names, secrets,
 * resources, effect). It counts as a change even where the step only reads, because nobody has vouched for the new text.
 *
 * @throws Problem edit-refused (EXIT.refused) with everything that is wrong with the text
 */
export function planEdited(runbook: Runbook, request: PlanRequest, id: string, body: string): PlannedStep {
  const problems: ProblemDetail[] = wrongInText(body);
  // The placeholders of plain Markdown were filled in before the text was shown.
  const steps = runbook.steps.map(({ placeholders, ...step }): Step => {
    if (step.id !== id) return placeholders === undefined ? step : { ...step, placeholders };
    const edited = { ...step, body };
    if (step.language === 'http') problems.push(...(parseHttp(body).issues ?? []));
    lintText(edited, runbook, (problem, _at, text) =>
      problems.push(text === undefined ? problem : within(problem, text)),
    );
    return edited;
  });
  if (problems.length > 0) throw refused(problems);
  try {
    const step = buildPlan({ ...runbook, steps }, request).steps.find((each) => each.id === id);
    if (!step) throw new Error(`the plan lost ${id}`);
    return { ...step, edited: true, effect: step.effect === 'read' ? 'write' : step.effect };
  } catch (error) {
    if (error instanceof RunbookError) throw refused(error.problems.map(unplaced));
    throw error;
  }
}

function wrongInText(body: string): ProblemDetail[] {
  if (body.trim() === '') return [{ code: 'step-empty', what: 'This step has nothing to run.' }];
  const next = ['delete it: what is shown would not be what is run'];
  return body.search(INVISIBLE) < 0
    ? []
    : [{ code: 'character-invisible', what: 'There is an invisible character.', next }];
}

/** Lines of the file say nothing of a text that is not in it. */
function unplaced({ where, ...problem }: ProblemDetail): ProblemDetail {
  return where?.text === undefined ? problem : within(problem, where.text);
}

function within(problem: ProblemDetail, text: string): ProblemDetail {
  return { ...problem, what: `${problem.what} (${text})` };
}

function refused([first, ...others]: readonly ProblemDetail[]): Problem {
  return new Problem(
    {
      code: 'edit-refused',
      what: [first, ...others].map((problem) => problem?.what).join(' '),
      means: 'Nothing was run. What holds for the runbook holds for what is changed in it.',
      next: first?.next ?? [],
    },
    EXIT.refused,
  );
}
