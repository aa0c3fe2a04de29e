import type { Plan, PlannedStep } from './plan.ts';
import type { RunState } from './state.ts';

/** What a look at a target has shown of one check. */
export type Finding =
  /** The check failed, or nobody knows how it ended. */
  | 'wrong'
  /** Nobody has looked yet, or something that it needs is missing. */
  | 'unseen'
  | 'looking'
  /** It shows something that a person has to read: a log says nothing by having been read. */
  | 'told'
  | 'fine';

/** What is wrong and what is fine, as far as anybody has looked; and what can be done about it. */
export interface Picture {
  /** What is wrong first, what is fine last; in the document's order within each. */
  checks: readonly { step: PlannedStep; finding: Finding }[];
  /** Those of symptoms with a check that is wrong, and of the symptom that was chosen, come first. */
  remedies: readonly { step: PlannedStep; fits: boolean }[];
}

/** Headings of triage, in the document's order: the symptoms that an incident offers. */
export function symptomsOf(plan: Plan): string[] {
  return [...new Set(plan.steps.filter(({ stage }) => stage === 'triage').map(symptomOf))];
}

/** The checks of a symptom, or of all of them; in the document's order. */
export function triageOf(plan: Plan, symptom: string | undefined): PlannedStep[] {
  return plan.steps.filter(
    (step) => step.stage === 'triage' && (symptom === undefined || step.headings.includes(symptom)),
  );
}

const ORDER: readonly Finding[] = ['wrong', 'unseen', 'looking', 'told', 'fine'];

/** The picture of an incident. Pure. */
export function pictureOf(plan: Plan, state: RunState, symptom: string | undefined): Picture {
  const checks = triageOf(plan, symptom).map((step) => ({ step, finding: findingOf(step, state) }));
  const hurt = new Set(checks.filter(({ finding }) => finding === 'wrong').map(({ step }) => symptomOf(step)));
  if (symptom !== undefined) hurt.add(symptom);
  const remedies = plan.steps
    .filter(({ stage }) => stage === 'remedy')
    .map((step) => ({ step, fits: step.headings.some((heading) => hurt.has(heading)) }));
  return {
    checks: ORDER.flatMap((finding) => checks.filter((check) => check.finding === finding)),
    remedies: [...remedies.filter(({ fits }) => fits), ...remedies.filter(({ fits }) => !fits)],
  };
}

/** The symptom of a check: its nearest heading. Triage without a heading is an error of the document. */
function symptomOf({ headings }: PlannedStep): string {
  return headings.at(-1) ?? '';
}

function findingOf(step: PlannedStep, state: RunState): Finding {
  switch (state.steps[step.id]?.status ?? 'waiting') {
    case 'waiting':
    case 'skipped':
      return 'unseen';
    case 'running':
      return 'looking';
    case 'passed':
      return step.tells ? 'told' : 'fine';
    default:
      return 'wrong';
  }
}
